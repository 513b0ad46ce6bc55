"""Fit where in a text a problem stands, on quotes of messages that no voice had seen. Needs scipy, as training does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from classifiers.candidates import candidates_of
from classifiers.corpus import Message
from classifiers.evidence import ENOUGH_OVERLAP, Span, character_iou, trim
from classifiers.expectation import expected_of
from classifiers.grounding import QUOTE_SIGNS, quote_signs
from classifiers.linear import Floats
from classifiers.voicing import Frame, Scores, shares, voice

STRENGTH = 0.5
"""Inverse regularisation, of weights of signs that are scaled to a spread of one."""

SHARPNESS = 8.0
"""How much less a stretch is taught that overlaps less with the quote: with a tenth less, less than half as much."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Hold one labelled problem: the signs of the stretches that may be its quote, and how likely each should be."""

    signs: Floats
    """Shape (candidates, QUOTE_SIGNS)."""
    wanted: Floats
    """Shape (candidates,), adding up to one."""


def quoted_of(message: Message, scores: Scores, frame: Frame) -> Iterator[Quoted]:
    """Yield the problems of a message whose labelled quote one of the stretches overlaps enough."""
    passages = expected_of(message).passages or ()
    columns = [frame.layout.themes.index(passage.theme) for passage in passages]
    picked = sorted({*columns})
    if not picked:
        return
    candidates = candidates_of(message.text, scores, alone=len(picked) == 1)
    signs = quote_signs(candidates, picked, voice(scores, frame))
    spans = [trim(message.text, Span(*span)) for span in candidates.spans.tolist()]
    for passage, column in zip(passages, columns, strict=True):
        overlaps = np.array([character_iou(span, passage.span) for span in spans])
        if overlaps.max() >= ENOUGH_OVERLAP:
            scored = np.where(overlaps >= ENOUGH_OVERLAP, SHARPNESS * overlaps, -np.inf)
            yield Quoted(signs[picked.index(column)], shares(scored))


def fit_quote(told: Sequence[Quoted]) -> Floats:
    """Fit the weights with which the chances of the stretches come nearest to what is wanted; zeros of nothing."""
    if not told:
        return np.zeros(QUOTE_SIGNS, dtype=np.float32)
    spread = np.concatenate([each.signs for each in told]).std(axis=0) + 1e-6
    rows = [(each.signs / spread, each.wanted) for each in told]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = (weights**2).sum() / (2 * STRENGTH), weights / STRENGTH
        for signs, wanted in rows:
            chances = shares(signs @ weights)
            total -= wanted @ np.log(np.maximum(chances, 1e-30))
            slope = slope - signs.T @ (wanted - chances)
        return float(total), slope

    fitted = minimize(loss, np.zeros(QUOTE_SIGNS), jac=True, method="L-BFGS-B")
    weights: Floats = (fitted.x / spread).astype(np.float32)
    return weights

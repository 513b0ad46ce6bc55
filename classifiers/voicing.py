"""What both voices say of a text as probabilities, and where in it each theme is voiced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifiers.evidence import Span
from classifiers.linear import Floats, Layout
from classifiers.vocabulary import FeedbackSide, Side, Theme


@dataclass(frozen=True)
class Frame:
    """Say what the columns mean, and which side each theme belongs to."""

    layout: Layout
    theme_sides: Mapping[Theme, Side]

    @cached_property
    def belongs(self) -> Floats:
        """Shape (problem sides, themes): one where a theme belongs to a side, else zero."""
        sides = [self.theme_sides[Theme(theme)] for theme in self.layout.themes]
        return np.array([[own is side for own in sides] for side in Side], dtype=np.float32)

    @cached_property
    def holds(self) -> Floats:
        """Shape (problem sides, text sides): one where a text of a side holds problems of a side, else zero."""
        held = [{side.value, FeedbackSide.BOTH.value} for side in Side]
        return np.array([[told in names for told in self.layout.sides] for names in held], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold what both voices say of a stretch of text; it has at least one token and one clause with a token."""

    gram: Floats
    """Shape (width,): what the n-grams say of the whole."""
    whole: Floats
    """Shape (width,): what the encoder says of the whole."""
    tokens: Floats
    """Shape (tokens, themes + 1 + personas): what the encoder says of each token; "no problem" after the themes."""
    places: NDArray[np.int64]
    """Shape (tokens, 2): where each token stands in the text, half-open, in code points."""
    clauses: Sequence[Span]
    """The candidates for quotes, in order."""
    embedding: Floats
    """Of length one; what means the same is near."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """Hold what both voices say as probabilities, the encoder's row first, and where each theme is voiced."""

    sides: Floats
    """Shape (2, sides)."""
    themes: Floats
    """Shape (2, themes), without "no problem"."""
    personas: Floats
    """Shape (2, personas)."""
    tokens: Floats
    """Shape (tokens, themes): probabilities, evened out over neighbouring tokens."""
    sums: NDArray[np.float64]
    """Shape (tokens + 1, themes): the sum of these up to each token."""
    means: Floats
    """Shape (clauses, themes): the mean over the tokens of each clause, zero where it has none."""
    strengths: Floats
    """The same, weighed by the root of how many tokens there are: a long clause that speaks beats a loud word."""


def voice(scores: Scores, frame: Frame) -> Voiced:
    """Tell what both voices say of the whole, and where each theme is voiced."""
    count = len(frame.layout.themes)
    side, theme, persona = (np.exp(part) for part in frame.layout.split(np.array([scores.whole, scores.gram])))
    tokens = _evened(shares(scores.tokens[:, : count + 1])[:, :count])
    firsts, counts = inside(scores.places, scores.clauses)
    sums = np.concatenate([np.zeros((1, count)), tokens.cumsum(axis=0, dtype=np.float64)])
    means = ((sums[firsts + counts] - sums[firsts]) / np.maximum(counts, 1)[:, None]).astype(np.float32)
    strengths = means * np.sqrt(counts)[:, None].astype(np.float32)
    return Voiced(side, theme[:, :count], persona, tokens, sums, means, strengths)


def inside(
    places: NDArray[np.int64], spans: Sequence[Span] | NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each span the first token that stands in it, and how many do."""
    edges = np.array(spans, dtype=np.int64).reshape(-1, 2)
    firsts = np.searchsorted(places[:, 0], edges[:, 0])
    return firsts, np.maximum(np.searchsorted(places[:, 1], edges[:, 1], side="right") - firsts, 0)


def _evened(chances: Floats) -> Floats:
    """Take the mean of each token and its two neighbours; at the edge the token stands in for the one that lacks."""
    padded = np.concatenate([chances[:1], chances, chances[-1:]])
    evened: Floats = (padded[:-2] + padded[1:-1] + padded[2:]) / np.float32(3)
    return evened


def shares(scores: Floats) -> Floats:
    """Turn scores into probabilities, over the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32, copy=False)
    return chances

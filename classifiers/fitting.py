"""Fit the decision on scores of texts that neither voice had seen, and apply it to files that it had not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifiers.corpus import Message
from classifiers.expectation import expected_of, matches
from classifiers.fitting_quotes import Quoted, fit_quote, quoted_of
from classifiers.linear import Floats
from classifiers.local import read_insights
from classifiers.reading import (
    SIGNS,
    THEME_SIGNS,
    Decision,
    Draft,
    confidence,
    draft_insights,
    side_chances,
    side_signs,
    theme_signs,
)
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Classification, Insight, Persona, Provenance
from classifiers.voicing import Frame, Scores, voice
from classifiers.whose import PERSONA_SIGNS, named_in, persona_signs

SIDE_STRENGTH = 0.3
"""Inverse regularisation of the side of a text."""

PERSONA_STRENGTH = 0.3
"""The same of the persona of an insight."""

SOLVER_STEPS = 3000

_NEVER = -30.0
"""The constant of a persona that nothing was labelled with."""


@dataclass(frozen=True, slots=True)
class Held:
    """Hold a message with the scores of voices that have not seen its file; None for one without words."""

    message: Message
    scores: Scores | None


def fit_decision(held: Sequence[Held], frame: Frame, taxonomy: Taxonomy) -> Decision:
    """Fit the side, the themes given it, then persona and confidence of the insights that they lead to, and unsure."""
    personas = len(frame.layout.personas)
    undecided = np.zeros((personas, PERSONA_SIGNS * personas + 1), dtype=np.float32)
    side, quote = _fit_side(held, frame), fit_quote(_quoted(held, frame))
    decision = Decision(side, _nothing(THEME_SIGNS), quote, undecided, _nothing(SIGNS), 0.0)
    decision = replace(decision, theme=_fit_theme(held, frame, decision))
    decision = replace(decision, persona=_fit_persona(held, frame, decision, taxonomy))
    outcomes = [outcome for each in held for outcome in _outcomes(each, frame, decision, taxonomy)]
    signs = np.array([outcome.signs for outcome in outcomes])
    decision = replace(decision, confidence=_chance(signs, [outcome.right for outcome in outcomes]))
    ranked = [(confidence(outcome.signs, decision), outcome.right) for outcome in outcomes]
    expected = sum(len(each.message.items or ()) for each in held if each.scores is not None)
    return replace(decision, unsure_below=surest_from(ranked, expected))


def classify_held(held: Sequence[Held], frame: Frame, taxonomy: Taxonomy) -> list[Classification]:
    """Classify every message with voices and a decision that have seen no message of its file."""
    files = sorted({each.message.file for each in held})
    fitted = {
        file: fit_decision([each for each in held if each.message.file != file], frame, taxonomy) for file in files
    }
    provenance = Provenance("local", "held out")
    return [Classification(tuple(_read(each, frame, fitted[each.message.file], taxonomy)), provenance) for each in held]


@dataclass(frozen=True, slots=True)
class _Outcome:
    signs: tuple[float, ...]
    right: bool


def _outcomes(each: Held, frame: Frame, decision: Decision, taxonomy: Taxonomy) -> list[_Outcome]:
    """Tell of each insight whether it is right; only messages whose problems are quoted can tell."""
    if each.scores is None or each.message.items is None:
        return []
    text = each.message.text
    drafts = draft_insights(text, each.scores, frame, decision, named_in(text, each.scores))
    insights = read_insights(each.message.text, drafts, decision, taxonomy)
    passages = expected_of(each.message).passages or ()
    matched = {place for _, place in matches(passages, insights)}
    return [_Outcome(draft.signs, place in matched) for place, draft in enumerate(drafts)]


def _read(each: Held, frame: Frame, decision: Decision, taxonomy: Taxonomy) -> list[Insight]:
    if each.scores is None:
        return []
    text = each.message.text
    drafts: list[Draft] = draft_insights(text, each.scores, frame, decision, named_in(text, each.scores))
    return read_insights(each.message.text, drafts, decision, taxonomy)


def _fit_side(held: Sequence[Held], frame: Frame) -> Floats:
    told = [
        (side_signs(voice(each.scores, frame), frame), each.message.side.value)
        for each in held
        if each.scores is not None
    ]
    labels = [frame.layout.sides.index(side) for _, side in told]
    return _logistic(np.array([signs for signs, _ in told]), labels, strength=SIDE_STRENGTH)


def _fit_theme(held: Sequence[Held], frame: Frame, decision: Decision) -> Floats:
    signs, labels = [], []
    for each in held:
        if each.scores is None:
            continue
        voiced = voice(each.scores, frame)
        sides = side_chances(side_signs(voiced, frame), decision)
        signs.append(theme_signs(each.scores, voiced, sides, frame))
        labels += [theme in each.message.themes for theme in frame.layout.themes]
    return _chance(np.concatenate(signs), labels)


def _quoted(held: Sequence[Held], frame: Frame) -> list[Quoted]:
    return [one for each in held if each.scores is not None for one in quoted_of(each.message, each.scores, frame)]


def _fit_persona(held: Sequence[Held], frame: Frame, decision: Decision, taxonomy: Taxonomy) -> Floats:
    """Fit it on the insights that stand on labelled quotes, and where none are labelled on the first of a message."""
    told = [each for one in held for each in _told_personas(one, frame, decision, taxonomy)]
    labels = [frame.layout.personas.index(persona) for _, persona in told]
    weights: Floats = decision.persona.copy()
    weights[:, -1] = _NEVER
    known = sorted(set(labels))
    if len(known) > 2:  # noqa: PLR2004 - of two the solver gives one row
        weights[known] = _logistic(np.array([signs for signs, _ in told]), labels, strength=PERSONA_STRENGTH)
    elif known:
        weights[max(known, key=labels.count), -1] = 0.0
    return weights


def _told_personas(
    each: Held, frame: Frame, decision: Decision, taxonomy: Taxonomy
) -> Iterator[tuple[Floats, Persona]]:
    message, scores = each.message, each.scores
    if scores is None or not message.themes:
        return
    named, voiced = named_in(message.text, scores), voice(scores, frame)
    drafts = draft_insights(message.text, scores, frame, decision, named)
    personas = {0: message.persona}
    if message.items is not None:
        insights = read_insights(message.text, drafts, decision, taxonomy)
        found = matches(expected_of(message).passages or (), insights)
        personas = {place: message.items[item].labels.persona for item, place in found}
    for place, draft in enumerate(drafts):
        if place in personas:
            signs = persona_signs(message.text, scores, voiced, draft.span, frame, named, alone=len(drafts) == 1)
            yield signs, personas[place]


def _logistic(rows: NDArray[np.floating], labels: Sequence[int | bool], strength: float = 1.0) -> Floats:
    """Fit a logistic regression; shape (classes or 1, columns + 1), the constant last."""
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    solver = LogisticRegression(C=strength, max_iter=SOLVER_STEPS).fit((rows - centre) / spread, np.array(labels))
    weights = solver.coef_ / spread
    constant = solver.intercept_ - weights @ centre
    return np.column_stack([weights, constant]).astype(np.float32)


def _chance(rows: NDArray[np.floating], labels: Sequence[bool]) -> Floats:
    """Fit the chance that something is so; where all are alike, as in a small corpus, one that depends on nothing."""
    weights = _nothing(rows.shape[1])
    right = sum(labels)
    if 0 < right < len(labels):
        weights = _logistic(rows, labels)[0]
    else:
        weights[-1] = np.log((right + 1) / (len(labels) - right + 1))
    return weights


def _nothing(signs: int) -> Floats:
    return np.zeros(signs + 1, dtype=np.float32)


def surest_from(outcomes: Sequence[tuple[float, bool]], expected: int) -> float:
    """Return the confidence from which up what is counted has the best F1; 0 where nothing is found or expected.

    Counting what is less sure would add more wrong insights than right ones make up for.
    """
    ranked = sorted(outcomes, reverse=True)
    rights = np.cumsum([right for _, right in ranked])
    f1 = 2 * rights / (np.arange(1, len(ranked) + 1) + expected)
    return round(float(ranked[int(f1.argmax())][0]), 4) if expected and ranked else 0.0

"""Compare classifications with what a person expected. Pure: values in, one report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifiers.expectation import Expected, matches
from classifiers.roles import shipped_roles
from classifiers.statistics import (
    Bin,
    Rate,
    Score,
    calibration_bins,
    calibration_error,
    confusion,
    kappa,
    label_scores,
    macro_f1,
    rate,
    score,
)
from classifiers.vocabulary import UNKNOWN_PERSONA, Classification, FeedbackSide, Insight, Persona, Theme


@dataclass(frozen=True, slots=True)
class SideReport:
    """Hold how well the sides of whole texts are told."""

    accuracy: Rate
    macro_f1: float
    kappa: float
    sides: Mapping[str, Score]
    confusion: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PersonaReport:
    """Hold how well personas are told, and what always answering the theme's commonest persona would reach."""

    accuracy: Rate
    baseline: Rate | None
    """Of the theme that is expected, which nobody tells a classifier."""
    trivial: Rate | None
    """Of the theme that was found first: what the same classifier reaches without any sense of personas."""
    stated: Rate
    """The same over the texts that name the expected persona's role; the rest only need what is typical of it."""
    stated_baseline: Rate | None
    kappa: float
    personas: Mapping[str, Score]
    confusion: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """Hold how well the set of a text's themes is told."""

    micro: Score
    macro_f1: float
    themes: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class InsightReport:
    """Hold how well single problems are found, and whether confidence means what it says."""

    score: Score
    sure: Score
    """The same, over the insights that are not marked unsure."""
    sure_sides: Rate
    """How many of these name the side of a problem that their text has, wherever it stands there."""
    calibration_error: float
    calibration: Sequence[Bin]


@dataclass(frozen=True, slots=True)
class Report:
    """Hold every figure of one evaluation; a part is None where the file lacks what it needs."""

    texts: int
    side: SideReport
    persona: PersonaReport | None
    theme: ThemeReport | None
    insight: InsightReport | None


def evaluate(
    expected: Sequence[Expected],
    found: Sequence[Classification],
    commonest_persona: Mapping[Theme, Persona],
) -> Report:
    """Compare, text by text, what was found with what was expected.

    ``commonest_persona`` gives the persona baseline; it must be counted from other texts than these. The baseline
    is told the first expected theme, so it is a generous one; the trivial one has only what was found.
    """
    pairs = list(zip(expected, found, strict=True))
    return Report(
        texts=len(pairs),
        side=_side_report(pairs),
        persona=_persona_report([pair for pair in pairs if pair[0].persona is not None], commonest_persona),
        theme=_theme_report([pair for pair in pairs if pair[0].themes is not None]),
        insight=_insight_report([pair for pair in pairs if pair[0].passages is not None]),
    )


def states_persona(expected: Expected) -> bool:
    """Tell whether a text names the role of the persona that is expected of it."""
    return expected.persona in {persona for _, persona in shipped_roles().find(expected.text)}


_Pair = tuple[Expected, Classification]


def _side_report(pairs: Sequence[_Pair]) -> SideReport:
    table = confusion(((e.side.value, f.side.value) for e, f in pairs), [side.value for side in FeedbackSide])
    scores = label_scores(table)
    right = sum(table[side][side] for side in table)
    return SideReport(rate(right, len(pairs)), macro_f1(scores), kappa(table), scores, table)


def _persona_report(pairs: Sequence[_Pair], commonest: Mapping[Theme, Persona]) -> PersonaReport | None:
    if not pairs:
        return None
    stated = [pair for pair in pairs if states_persona(pair[0])]
    told = [(str(e.persona), str(f.persona)) for e, f in pairs]
    table = confusion(told, sorted({label for pair in told for label in pair}))
    return PersonaReport(
        accuracy=_right_personas(pairs),
        baseline=_guessed_personas(pairs, commonest),
        trivial=_trivial_personas(pairs, commonest),
        stated=_right_personas(stated),
        stated_baseline=_guessed_personas(stated, commonest),
        kappa=kappa(table),
        personas=label_scores(table),
        confusion=table,
    )


def _right_personas(pairs: Sequence[_Pair]) -> Rate:
    return rate(sum(e.persona == f.persona for e, f in pairs), len(pairs))


def _guessed_personas(pairs: Sequence[_Pair], commonest: Mapping[Theme, Persona]) -> Rate | None:
    """Rate the baseline; None where a text's themes are not known or there is nothing to guess from."""
    if not commonest or any(e.themes is None for e, _ in pairs):
        return None
    return rate(sum(e.persona == _guess(e, commonest) for e, _ in pairs), len(pairs))


def _trivial_personas(pairs: Sequence[_Pair], commonest: Mapping[Theme, Persona]) -> Rate | None:
    if not commonest:
        return None
    firsts = [(e, f.insights[0].labels.theme if f.insights else None) for e, f in pairs]
    return rate(sum(e.persona == _commonest(theme, commonest) for e, theme in firsts), len(pairs))


def _guess(expected: Expected, commonest: Mapping[Theme, Persona]) -> Persona:
    return _commonest(expected.first_theme, commonest)


def _commonest(theme: Theme | None, commonest: Mapping[Theme, Persona]) -> Persona:
    return commonest.get(theme, UNKNOWN_PERSONA) if theme else UNKNOWN_PERSONA


def _theme_report(pairs: Sequence[_Pair]) -> ThemeReport | None:
    if not pairs:
        return None
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for expectation, classification in pairs:
        themes = {insight.labels.theme for insight in classification.insights}
        expected = expectation.themes or frozenset()
        right.update(themes & expected)
        found.update(themes)
        wanted.update(expected)
    scores = {theme: score(right[theme], found[theme], wanted[theme]) for theme in sorted({*found, *wanted})}
    return ThemeReport(score(right.total(), found.total(), wanted.total()), macro_f1(scores), scores)


def _insight_report(pairs: Sequence[_Pair]) -> InsightReport | None:
    if not pairs:
        return None
    expected = sum(len(e.passages or ()) for e, _ in pairs)
    judged = [each for pair in pairs for each in _judged(*pair)]
    rights = [each.right for each in judged]
    sure = [each for each in judged if not each.insight.unsure]
    confidences = [each.insight.confidence for each in judged]
    return InsightReport(
        score=score(sum(rights), len(rights), expected),
        sure=score(sum(each.right for each in sure), len(sure), expected),
        sure_sides=rate(sum(each.side_right for each in sure), len(sure)),
        calibration_error=calibration_error(confidences, rights),
        calibration=calibration_bins(confidences, rights),
    )


class _Judged(NamedTuple):
    insight: Insight
    right: bool
    side_right: bool


def _judged(expected: Expected, found: Classification) -> Iterator[_Judged]:
    """Tell of each insight whether it is right, and whether the text has a problem of its side."""
    passages = expected.passages or ()
    matched = {place for _, place in matches(passages, found.insights)}
    sides = {passage.side for passage in passages}
    for place, insight in enumerate(found.insights):
        yield _Judged(insight, place in matched, insight.labels.side in sides)

"""Compare classifications with what a person expected. Pure: values in, one report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.corpus import Message
from classifiers.evidence import Span, character_iou
from classifiers.statistics import Rate, Score, calibration_error, confusion, kappa, label_scores, macro_f1, rate, score
from classifiers.vocabulary import UNKNOWN_PERSONA, Classification, FeedbackSide, Insight, Persona, Side, Theme

ENOUGH_OVERLAP = 0.3
"""Share of characters (intersection over union) from which two quotes count as the same passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold a problem that a person expects: its labels and where its quote stands."""

    side: Side
    theme: Theme
    span: Span


@dataclass(frozen=True, slots=True)
class Expected:
    """Hold what a person expects of one text; None where the file does not say."""

    text: str
    side: FeedbackSide
    persona: Persona | None = None
    themes: frozenset[Theme] | None = None
    first_theme: Theme | None = None
    passages: tuple[Passage, ...] | None = None


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
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Report:
    """Hold every figure of one evaluation; a part is None where the file lacks what it needs."""

    texts: int
    side: SideReport
    persona: PersonaReport | None
    theme: ThemeReport | None
    insight: InsightReport | None


def parse_expected(fields: Mapping[str, Any]) -> Expected:
    """Make an expectation of one object of a file: text, side, and where given persona, themes, items.

    Raises ValueError that says what is wrong and quotes nothing.
    """
    try:
        text, side = fields["text"], FeedbackSide(fields["side"])
        themes = fields.get("themes")
        items = fields.get("items")
        return Expected(
            text=text,
            side=side,
            persona=Persona(fields["persona"]) if fields.get("persona") else None,
            themes=None if themes is None else frozenset(map(Theme, themes)),
            first_theme=Theme(themes[0]) if themes else None,
            passages=None if items is None else tuple(_passage(text, item) for item in items),
        )
    except (KeyError, TypeError, AttributeError) as error:
        message = f"needs text and side, and of items quote, side and theme ({type(error).__name__})"
        raise ValueError(message) from None


def expected_of(message: Message) -> Expected:
    """Make an expectation of a message of the corpus."""
    items = message.items
    return Expected(
        text=message.text,
        side=message.side,
        persona=message.persona,
        themes=frozenset(message.themes),
        first_theme=message.themes[0] if message.themes else None,
        passages=None
        if items is None
        else tuple(Passage(item.labels.side, item.labels.theme, _span(message.text, item.quote)) for item in items),
    )


def evaluate(
    expected: Sequence[Expected],
    found: Sequence[Classification],
    commonest_persona: Mapping[Theme, Persona],
) -> Report:
    """Compare, text by text, what was found with what was expected.

    ``commonest_persona`` gives the persona baseline; it must be counted from other texts than these. The baseline
    is told the first expected theme, so it is a generous one.
    """
    pairs = list(zip(expected, found, strict=True))
    return Report(
        texts=len(pairs),
        side=_side_report(pairs),
        persona=_persona_report([pair for pair in pairs if pair[0].persona is not None], commonest_persona),
        theme=_theme_report([pair for pair in pairs if pair[0].themes is not None]),
        insight=_insight_report([pair for pair in pairs if pair[0].passages is not None]),
    )


def matches(passages: Sequence[Passage], insights: Sequence[Insight]) -> list[tuple[int, int]]:
    """Pair passages and insights one to one, the best overlap first: same side and theme, enough shared characters.

    Return pairs of positions: (in passages, in insights).
    """
    candidates = [
        (character_iou(passage.span, Span(insight.evidence.start, insight.evidence.end)), p, i)
        for p, passage in enumerate(passages)
        for i, insight in enumerate(insights)
        if (passage.side, passage.theme) == (insight.labels.side, insight.labels.theme)
    ]
    paired: list[tuple[int, int]] = []
    for overlap, p, i in sorted(candidates, key=lambda candidate: (-candidate[0], *candidate[1:])):
        if overlap >= ENOUGH_OVERLAP and all(p != other_p and i != other_i for other_p, other_i in paired):
            paired.append((p, i))
    return paired


_Pair = tuple[Expected, Classification]


def _side_report(pairs: Sequence[_Pair]) -> SideReport:
    table = confusion(((e.side.value, f.side.value) for e, f in pairs), [side.value for side in FeedbackSide])
    scores = label_scores(table)
    right = sum(table[side][side] for side in table)
    return SideReport(rate(right, len(pairs)), macro_f1(scores), kappa(table), scores, table)


def _persona_report(pairs: Sequence[_Pair], commonest: Mapping[Theme, Persona]) -> PersonaReport | None:
    if not pairs:
        return None
    right = sum(e.persona == f.persona for e, f in pairs)
    themed = all(e.themes is not None for e, _ in pairs)
    guessed = sum(e.persona == _guess(e, commonest) for e, _ in pairs)
    return PersonaReport(rate(right, len(pairs)), rate(guessed, len(pairs)) if themed and commonest else None)


def _guess(expected: Expected, commonest: Mapping[Theme, Persona]) -> Persona:
    theme = expected.first_theme
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
    insights: list[Insight] = []
    rights: list[bool] = []
    for expectation, classification in pairs:
        matched = {i for _, i in matches(expectation.passages or (), classification.insights)}
        insights += classification.insights
        rights += [i in matched for i in range(len(classification.insights))]
    sure = [right for insight, right in zip(insights, rights, strict=True) if not insight.unsure]
    error = calibration_error([insight.confidence for insight in insights], rights)
    return InsightReport(score(sum(rights), len(rights), expected), score(sum(sure), len(sure), expected), error)


def _passage(text: str, item: Mapping[str, Any]) -> Passage:
    return Passage(Side(item["side"]), Theme(item["theme"]), _span(text, item["quote"]))


def _span(text: str, quote: str) -> Span:
    start = text.find(quote)
    if start < 0 or not quote:
        message = "a quote of its items does not stand in its text"
        raise ValueError(message)
    return Span(start, start + len(quote))

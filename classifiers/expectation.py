"""What a person expects of a text, read from a labelled file or the corpus, and which insights meet it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.corpus import Message, words_in
from classifiers.errors import TaxonomyError
from classifiers.evidence import ENOUGH_OVERLAP, Span, character_iou
from classifiers.taxonomy import Taxonomy, shown
from classifiers.vocabulary import UNKNOWN_PERSONA, FeedbackSide, Insight, Persona, Side, Theme, feedback_side


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


def parse_expected(fields: Mapping[str, Any], taxonomy: Taxonomy) -> Expected:
    """Make an expectation of one object of a file: text, side, and where given persona, themes, items.

    Raises ValueError that says what is wrong, quoting no text: of a label that the taxonomy lacks, the nearest one; of
    labels that contradict each other, which do.
    """
    try:
        text, side = words_in(fields["text"]), FeedbackSide(_known(fields["side"], FeedbackSide))
        persona, themes, items = fields.get("persona"), fields.get("themes"), fields.get("items")
        named = None if themes is None else [taxonomy.labels(words_in(theme)).theme for theme in _list(themes)]
        expected = Expected(
            text=text,
            side=side,
            persona=taxonomy.known_persona(words_in(persona)) if persona else None,
            themes=None if named is None else frozenset(named),
            first_theme=named[0] if named else None,
            passages=None if items is None else tuple(_passage(text, item, taxonomy) for item in _list(items)),
        )
    except (KeyError, TypeError, AttributeError):
        message = (
            "it needs text and side as words, themes as a list, and items as a list with quote, side and theme each"
        )
        raise ValueError(message) from None
    except TaxonomyError as error:
        raise ValueError(str(error)) from None
    _refuse_contradiction(expected, taxonomy)
    return expected


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


def _passage(text: str, item: Mapping[str, Any], taxonomy: Taxonomy) -> Passage:
    side = Side(_known(item["side"], Side))
    labels = taxonomy.labels(words_in(item["theme"]), words_in(item.get("persona") or UNKNOWN_PERSONA))
    if labels.side is not side:
        message = f"an item has side {side} and theme {labels.theme}, which belongs to {labels.side}"
        raise ValueError(message)
    return Passage(side, labels.theme, _span(text, words_in(item["quote"])))


def _refuse_contradiction(expected: Expected, taxonomy: Taxonomy) -> None:
    """Hold labels to the codebook: the side follows from the themes, and from the items, whose themes these are."""
    themes, passages = expected.themes, expected.passages
    told = {
        "themes": None if themes is None else [taxonomy.themes[theme].side for theme in themes],
        "items": None if passages is None else [passage.side for passage in passages],
    }
    for what, sides in told.items():
        if sides is not None and feedback_side(sides) is not expected.side:
            message = f"its side is {expected.side}, and by its {what} it would be {feedback_side(sides)}"
            raise ValueError(message)
    if themes is not None and passages is not None and themes != {passage.theme for passage in passages}:
        message = "its themes are not those of its items"
        raise ValueError(message)


def _list(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError
    return given


def _known(given: object, sides: Iterable[str]) -> str:
    known = [*map(str, sides)]
    if words_in(given) not in known:
        message = f"“{shown(words_in(given))}” is no side, and known are {', '.join(known)}"
        raise ValueError(message)
    return words_in(given)


def _span(text: str, quote: str) -> Span:
    start = text.find(quote)
    if start < 0 or not quote:
        message = "a quote of its items does not stand in its text"
        raise ValueError(message)
    return Span(start, start + len(quote))

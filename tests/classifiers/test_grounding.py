"""Which words are quoted for a problem, told with strengths made by hand."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from classifiers.corpus import Item, Message
from classifiers.evidence import Span
from classifiers.fitting_quotes import fit_quote, quoted_of
from classifiers.grounding import QUOTE_SIGNS, quotes
from classifiers.linear import Floats
from classifiers.taxonomy import load_taxonomy
from classifiers.training import layout_of
from classifiers.vocabulary import FeedbackSide, Persona
from classifiers.voicing import Frame, Scores, voice

TAXONOMY = load_taxonomy()
FRAME = Frame(layout_of(TAXONOMY), {theme: entry.side for theme, entry in TAXONOMY.themes.items()})
SPEED, COST = "speed", "cost"
STRENGTH_ALONE: Floats = np.eye(QUOTE_SIGNS, dtype=np.float32)[0]
ALL = "The list is slow. We wait a minute for it. Thanks for reading."


def test_the_stretch_that_voices_the_problem_is_quoted() -> None:
    assert quoted(ALL, {SPEED: {"wait": 0.9, "a": 0.9, "minute": 0.9}}, 8 * STRENGTH_ALONE) == [
        "We wait a minute for it."
    ]


def test_where_two_stretches_are_as_likely_what_holds_both_is_quoted() -> None:
    title_and_words = dict.fromkeys(("The", "list", "is", "slow", "We", "wait", "a", "minute", "for", "it"), 0.9)
    assert quoted(ALL, {SPEED: title_and_words}, STRENGTH_ALONE) == ["The list is slow. We wait a minute for it."]


def test_two_problems_of_one_clause_are_quoted_by_their_parts() -> None:
    text = "the list is slow and every seat costs double"
    voiced = {
        SPEED: {"the": 0.9, "list": 0.9, "is": 0.9, "slow": 0.9},
        COST: {"every": 0.9, "seat": 0.9, "costs": 0.9, "double": 0.9},
    }
    assert quoted(text, voiced, 8 * STRENGTH_ALONE) == ["the list is slow", "every seat costs double"]


def test_no_quote_holds_all_of_another_problem_and_more() -> None:
    text = "it is slow and too expensive"
    voiced = {SPEED: dict.fromkeys(text.split(), 0.9), COST: {"too": 0.9, "expensive": 0.9}}
    assert quoted(text, voiced, STRENGTH_ALONE) == ["it is slow", "too expensive"]


@pytest.mark.parametrize(
    "labelled",
    ["it hides its buttons where nobody at all would look for them, and the list is slow", "the list is slow"],
)
def test_quotes_are_learnt_from_those_of_people(labelled: str) -> None:
    """People who quote the whole clause teach to quote all of it, and people who quote a part teach that."""
    told = []
    for thing in ("list", "page", "form", "map", "chart"):
        text = f"Hi. it hides its buttons where nobody at all would look for them, and the {thing} is slow"
        quote = labelled.replace("list", thing)
        scores = scored(text, {SPEED: dict.fromkeys(("and", "the", thing, "is", "slow"), 0.9)})
        told += list(quoted_of(message(text, quote), scores, FRAME))
    text = "Hi. it hides its buttons where nobody at all would look for them, and the search is slow"
    voiced = {SPEED: dict.fromkeys(("and", "the", "search", "is", "slow"), 0.9)}
    assert quoted(text, voiced, fit_quote(told)) == [labelled.replace("list", "search")]


def test_of_no_quotes_nothing_is_learnt() -> None:
    assert not fit_quote([]).any()
    assert not list(quoted_of(message(ALL, None), scored(ALL, {}), FRAME))


def test_a_quote_that_no_stretch_comes_near_teaches_nothing() -> None:
    text = f"The list is {'very ' * 40}slow"
    scores = scored(text, {SPEED: {"slow": 0.9}})
    assert not list(quoted_of(message(text, "slow"), scores, FRAME))
    assert list(quoted_of(message(text, text), scores, FRAME))


def quoted(text: str, voiced: Mapping[str, Mapping[str, float]], weights: Floats) -> list[str]:
    scores = scored(text, voiced)
    picked = [FRAME.layout.themes.index(theme) for theme in voiced]
    found = quotes(text, picked, scores, voice(scores, FRAME), weights)
    return [text[slice(*span)].strip() for span, _ in found]


def scored(text: str, voiced: Mapping[str, Mapping[str, float]]) -> Scores:
    """Score a text of which each word is a token that voices each theme as likely as said, or hardly at all."""
    layout = FRAME.layout
    words = list(re.finditer(r"\w+", text))
    tokens = np.full((len(words), len(layout.themes) + 1 + len(layout.personas)), 0.001, dtype=np.float32)
    for theme, likely in voiced.items():
        tokens[:, layout.themes.index(theme)] = [likely.get(word.group(), 0.001) for word in words]
    tokens[:, len(layout.themes)] = np.maximum(1 - tokens[:, : len(layout.themes)].sum(axis=1), 0.001)
    whole = np.zeros(layout.width, dtype=np.float32)
    clauses = [Span(*clause.span()) for clause in re.finditer(r"[^.\s][^.]*\.?", text)]
    return Scores(whole, whole, np.log(tokens), np.array([word.span() for word in words]), clauses, whole)


def message(text: str, quote: str | None) -> Message:
    labels = TAXONOMY.labels(SPEED, "daily_practitioner")
    items: Sequence[Item] = [Item(quote, labels)] if quote else []
    return Message(
        file="made",
        line=1,
        text=text,
        side=FeedbackSide.USER if quote else FeedbackSide.NEITHER,
        themes=(labels.theme,) if quote else (),
        persona=Persona("daily_practitioner"),
        items=tuple(items),
    )

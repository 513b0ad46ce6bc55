"""Which stretches of a text may be a quote, told with clauses made by hand."""

import re

import numpy as np
import pytest

from classifiers.candidates import LONGEST_JOINED, MOST_JOINED, candidates_of
from classifiers.evidence import Span, character_iou
from classifiers.voicing import Scores

TITLE, COMPLAINT = "Per-site administrators", "They can do all or nothing."


@pytest.mark.parametrize(
    ("between", "joined"),
    [("\n\n", True), (":** ", True), (" ", True), ("\n\n\n", False), (" (2) ", False)],
    ids=["a blank line", "markup", "a blank", "too far apart", "words between"],
)
def test_clauses_beside_each_other_may_be_one_quote(between: str, joined: bool) -> None:
    found = stretches(f"{TITLE}{between}{COMPLAINT}", [TITLE, COMPLAINT])
    assert found == [TITLE, *[f"{TITLE}{between}{COMPLAINT}"] * joined, COMPLAINT]


def test_parts_of_a_clause_may_be_a_quote_of_their_own() -> None:
    clause = "it is slow, hides the button and costs too much"
    assert stretches(clause, [clause]) == [
        clause,
        "it is slow,",
        "it is slow, hides the button",
        "hides the button",
        "hides the button and costs too much",
        "costs too much",
    ]


def test_of_the_only_problem_a_short_clause_is_quoted_whole() -> None:
    short, long = "it is slow, and hides", f"it is slow, {'very ' * 10}slow, and hides"
    told = [candidates_of(text, scored(text, [text]), alone=True).parts.any() for text in (short, long)]
    assert told == [False, True]


def test_a_quote_stays_short_enough_to_be_shown() -> None:
    clauses = [f"It takes {'very ' * number}many clicks to get there." for number in range(20)]
    found = stretches(" ".join(clauses), clauses)
    assert max(map(len, found)) <= LONGEST_JOINED
    assert max(quote.count(".") for quote in found) == MOST_JOINED


def test_what_holds_no_word_is_no_quote_by_itself() -> None:
    text = "It is slow. +++ It hides, and costs."
    candidates = candidates_of(text, scored(text, ["It is slow.", "+++", "It hides, and costs."]), alone=False)
    found = [text[slice(*span)].strip() for span in candidates.spans]
    assert "+++" not in found
    assert [found[place] for place in np.flatnonzero(candidates.parts)] == ["It hides,", "costs."]


def test_overlaps_are_those_by_which_quotes_are_compared() -> None:
    text = f"{TITLE}: slow, costs too much and hides. {COMPLAINT}"
    candidates = candidates_of(
        text, scored(text, [f"{TITLE}:", "slow, costs too much and hides.", COMPLAINT]), alone=False
    )
    told = [[character_iou(Span(*one), Span(*other)) for other in candidates.spans] for one in candidates.spans]
    assert np.allclose(candidates.overlaps(), told)


def stretches(text: str, clauses: list[str]) -> list[str]:
    return [text[slice(*span)].strip() for span in candidates_of(text, scored(text, clauses), alone=False).spans]


def scored(text: str, clauses: list[str]) -> Scores:
    """Score a text of which each word is a token."""
    spans = [Span(text.index(clause), text.index(clause) + len(clause)) for clause in clauses]
    places = np.array([word.span() for word in re.finditer(r"\w+", text)])
    nothing = np.zeros(1, dtype=np.float32)
    return Scores(nothing, nothing, np.zeros((len(places), 1), dtype=np.float32), places, spans, nothing)

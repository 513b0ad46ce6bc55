"""Where a quote may begin and end: at pauses, lists and quotations, never within a name in quotation marks."""

import pytest

from classifiers.clauses import clauses_of, split_parts
from classifiers.evidence import Span
from classifiers.segments import split_segments


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ('no shortcut for "approve" in the list', ['no shortcut for "approve" in the list']),
        ("We need “save as draft” for quotes", ["We need “save as draft” for quotes"]),
        (
            'Our CISO wants "audit logs of every single change" before she signs',
            ["Our CISO wants", '"audit logs of every single change"', "before she signs"],
        ),
        ("He said: it is slow", ["He said:", "it is slow"]),
        ("See: <https://x.example/T-1|T-1: no login>", ["See:", "<https://x.example/T-1|T-1: no login>"]),
        ("Two things: 1. search is slow 2. I cannot undo.", ["Two things:", "search is slow", "I cannot undo."]),
        (
            "(1) export is broken, (2) no login and (3) the price",
            ["export is broken,", "no login", "and (3) the price"],
        ),
        ("• no login • slow page • too dear", ["no login", "• slow page", "• too dear"]),
        ("7.2 The solution shall log each access.", ["The solution shall log each access."]),
        ("3.14 broke the import", ["3.14 broke the import"]),
        ("it takes 20. Nobody waits.", ["it takes 20.", "Nobody waits."]),
    ],
)
def test_clauses_end_where_a_reader_would_cut(text: str, clauses: list[str]) -> None:
    assert [text[slice(*clause)].strip() for clause in clauses_of(text, split_segments(text))] == clauses


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("it is slow, hides and costs", ["it is slow,", "hides", "costs"]),
        ("it is slow, but it sells", ["it is slow,", "it sells"]),
        ("es ist langsam und teuer", ["es ist langsam", "teuer"]),
        ("it is slow, and ..., it hides", ["it is slow,", "and ...,", "it hides"]),
        ("and then it hides", ["then it hides"]),
        ("branding", ["branding"]),
    ],
)
def test_parts_of_a_clause_begin_with_what_they_say(clause: str, parts: list[str]) -> None:
    assert [clause[slice(*part)].strip() for part in split_parts(clause, Span(0, len(clause)))] == parts

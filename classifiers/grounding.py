"""Ground each problem in the words that voice it: the clause that speaks most for its theme, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from classifiers.clauses import split_parts
from classifiers.evidence import Span
from classifiers.linear import Floats
from classifiers.voicing import Frame, Scores, Voiced, inside

AS_STRONGLY = 0.4
"""How strongly, beside the clause that speaks most for a theme, its neighbours must speak for it to join the quote."""

LONGEST_JOINED = 200
"""Characters of the longest quote that several clauses are joined to."""

_BETWEEN = re.compile(r"[\s*_~>•\"'“”.:;-]*")
_MOST_BREAKS = 2


def quotes(text: str, picked: Sequence[int], scores: Scores, voiced: Voiced) -> Iterator[tuple[Span, float]]:
    """Yield for each theme the stretch that speaks most for it, and how strongly it does."""
    chosen = voiced.strengths[:, picked].argmax(axis=0).tolist()
    for column, place in zip(picked, chosen, strict=True):
        if chosen.count(place) == 1:
            span = _with_neighbours(text, place, voiced.means[:, column], scores.clauses, set(chosen))
        else:
            span = _part(text, scores.clauses[place], column, scores, voiced)
        yield span, float(voiced.means[place, column])


def told_once(
    picked: Sequence[int], quotes: Iterable[tuple[Span, float]], chances: Floats, frame: Frame
) -> Iterator[tuple[int, Span, float]]:
    """Yield the themes with their quotes, but of those of one side that share a quote the likeliest alone."""
    told = list(zip(picked, quotes, strict=True))
    for column, (span, strength) in told:
        rivals = [other for other, (its, _) in told if its == span and _same_side(other, column, frame)]
        if column == max(rivals, key=lambda other: chances[other]):
            yield column, span, strength


def _same_side(one: int, other: int, frame: Frame) -> bool:
    return bool((frame.belongs[:, one] == frame.belongs[:, other]).all())


def _with_neighbours(text: str, place: int, means: Floats, clauses: Sequence[Span], taken: Collection[int]) -> Span:
    """Join to a clause those beside it that voice the same problem, such as a title to the complaint below it."""
    span, least = clauses[place], AS_STRONGLY * means[place]
    for step in (1, -1):
        beside = place + step
        while 0 <= beside < len(clauses) and beside not in taken and means[beside] >= least:
            joined = _joined(text, span, clauses[beside])
            if joined is None:
                break
            span, beside = joined, beside + step
    return span


def _joined(text: str, one: Span, other: Span) -> Span | None:
    first, second = sorted((one, other))
    between = text[first.end : second.start]
    touch = _BETWEEN.fullmatch(between) is not None and between.count("\n") <= _MOST_BREAKS
    return Span(first.start, second.end) if touch and second.end - first.start <= LONGEST_JOINED else None


def _part(text: str, clause: Span, column: int, scores: Scores, voiced: Voiced) -> Span:
    """Return the part of a clause, between commas and conjunctions, that speaks most for a theme."""
    parts = split_parts(text, clause)
    firsts, counts = inside(scores.places, parts)
    weighed = [
        (float(voiced.tokens[first : first + count, column].mean() * np.sqrt(count)), part)
        for part, first, count in zip(parts, firsts, counts, strict=True)
        if count
    ]
    return max(weighed, key=lambda each: each[0])[1] if weighed else clause

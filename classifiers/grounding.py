"""Ground each problem in the words that voice it: the clause that speaks most for its theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from classifiers.clauses import split_parts
from classifiers.evidence import Span
from classifiers.linear import Floats
from classifiers.voicing import Frame, Scores, Voiced, inside


def quotes(text: str, picked: Sequence[int], scores: Scores, voiced: Voiced) -> Iterator[tuple[Span, float]]:
    """Yield for each theme the stretch that speaks most for it, and how strongly it does."""
    chosen = voiced.strengths[:, picked].argmax(axis=0).tolist()
    for column, place in zip(picked, chosen, strict=True):
        alone = chosen.count(place) == 1
        span = scores.clauses[place] if alone else _part(text, scores.clauses[place], column, scores, voiced)
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

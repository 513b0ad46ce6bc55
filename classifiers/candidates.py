"""The stretches of a text that may be a quote: clauses, clauses beside each other, and parts of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.clauses import split_parts
from classifiers.evidence import Span
from classifiers.linear import Floats
from classifiers.voicing import Scores, inside

LONGEST_JOINED = 300
"""Characters of the longest quote that several clauses are joined to."""

MOST_JOINED = 3
"""Clauses, or parts of one clause, that are joined at most: a title and the complaint below it are two."""

LEAST_PARTED = 60
"""Characters of the shortest clause of which a part may be the quote of the only problem that a text holds."""

_BETWEEN = re.compile(r"[\s*_~>•\"'“”.:;-]*")
_MOST_BREAKS = 2
_CLAUSE, _PART, _JOINED = range(3)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Hold the stretches that may be a quote, each with a token at least."""

    spans: NDArray[np.int64]
    """Shape (candidates, 2): where each stands in the text, half-open."""
    tokens: NDArray[np.int64]
    """Shape (candidates, 2): the first token that stands in each, and the one behind the last."""
    parts: NDArray[np.bool_]
    """Shape (candidates,): which are parts of a clause."""
    joined: NDArray[np.bool_]
    """Shape (candidates,): which are several clauses."""

    def overlaps(self) -> Floats:
        """Return the intersection over union, in characters, of each with each; shape (candidates, candidates)."""
        starts, ends = self.spans[:, :1], self.spans[:, 1:]
        shared = np.maximum(np.minimum(ends, ends.T) - np.maximum(starts, starts.T), 0)
        lengths = ends - starts
        overlaps: Floats = shared / (lengths + lengths.T - shared)
        return overlaps


def candidates_of(text: str, scores: Scores, *, alone: bool) -> Candidates:
    """List the stretches of what was read of a text that may be a quote; ``alone`` where it holds one problem."""
    least = LEAST_PARTED if alone else 0
    rows: list[tuple[int, int, int]] = []
    for first, clause in enumerate(scores.clauses):
        rows.append((*clause, _CLAUSE))
        if clause.end - clause.start >= least:
            rows += [(*part, _PART) for part in _parts(text, clause)]
        rows += [(*joined, _JOINED) for joined in _joined(text, scores.clauses, first)]
    table = np.array(rows)
    firsts, counts = inside(scores.places, table[:, :2])
    tokens = np.array([firsts, firsts + counts]).T
    if not counts.all():
        table, tokens = table[counts > 0], tokens[counts > 0]
    return Candidates(table[:, :2], tokens, table[:, 2] == _PART, table[:, 2] == _JOINED)


def _joined(text: str, clauses: Sequence[Span], first: int) -> Iterator[Span]:
    """Yield a clause with those behind it, while only marks and few breaks stand between."""
    start, end = clauses[first]
    for clause in clauses[first + 1 : first + MOST_JOINED]:
        between, end = text[end : clause.start], clause.end
        if end - start > LONGEST_JOINED or not _BETWEEN.fullmatch(between) or between.count("\n") > _MOST_BREAKS:
            return
        yield Span(start, end)


def _parts(text: str, clause: Span) -> Iterator[Span]:
    """Yield what stands between commas and conjunctions of a clause, alone and joined, but not all of it."""
    parts = split_parts(text, clause)
    for first in range(len(parts)):
        for last in range(first, min(first + MOST_JOINED, len(parts))):
            if last - first + 1 < len(parts):
                yield Span(parts[first].start, parts[last].end)

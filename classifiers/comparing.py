"""Set two classifiers side by side on the same texts: the difference of each figure with its paired bootstrap interval.

The texts are drawn anew many times, each draw the same for both, so that what is hard for both cancels out. The draws
have a fixed seed: the same answers give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.expectation import Expected, matches
from classifiers.vocabulary import Classification

DRAWS = 2000
SEED = 20
INTERVAL = (2.5, 97.5)
"""Percentiles between which 95% of the draws lie."""

Counts = NDArray[np.float64]
"""Shape (texts, 3): right, found and expected of each text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one figure of two classifiers and how much better the second is, with its interval."""

    figure: str
    texts: int
    """How many texts the figure is counted from."""
    first: float
    second: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def compare(
    expected: Sequence[Expected], first: Sequence[Classification], second: Sequence[Classification]
) -> list[Difference]:
    """Compare two classifiers' answers to the same texts; a figure that the file cannot tell is left out."""
    return list(_differences(list(zip(expected, first, second, strict=True))))


_Triple = tuple[Expected, Classification, Classification]


def _differences(triples: Sequence[_Triple]) -> Iterator[Difference]:
    for figure, told, count in (
        ("side accuracy", lambda _: True, _side),
        ("persona accuracy", lambda e: e.persona is not None, _persona),
        ("themes F1", lambda e: e.themes is not None, _themes),
        ("insights F1", lambda e: e.passages is not None, _insights),
    ):
        known = [triple for triple in triples if told(triple[0])]
        if known:
            one, other = (
                np.array([count(triple[0], triple[place]) for triple in known], dtype=float) for place in (1, 2)
            )
            yield _difference(figure, one, other)


def _difference(figure: str, one: Counts, other: Counts) -> Difference:
    draws = np.random.default_rng(SEED).integers(len(one), size=(DRAWS, len(one)))
    gains = [_f1(other[draw]) - _f1(one[draw]) for draw in draws]
    low, high = np.percentile(gains, INTERVAL)
    return Difference(figure, len(one), _f1(one), _f1(other), float(low), float(high))


def _f1(counts: Counts) -> float:
    """Return F1 of added-up counts; where each text has one found and one expected, that is the accuracy."""
    right, found, expected = counts.sum(axis=0)
    return float(2 * right / (found + expected)) if found + expected else 0.0


def _side(expected: Expected, found: Classification) -> tuple[int, int, int]:
    return int(expected.side is found.side), 1, 1


def _persona(expected: Expected, found: Classification) -> tuple[int, int, int]:
    return int(expected.persona == found.persona), 1, 1


def _themes(expected: Expected, found: Classification) -> tuple[int, int, int]:
    themes, wanted = {insight.labels.theme for insight in found.insights}, expected.themes or frozenset()
    return len(themes & wanted), len(themes), len(wanted)


def _insights(expected: Expected, found: Classification) -> tuple[int, int, int]:
    passages = expected.passages or ()
    return len(matches(passages, found.insights)), len(found.insights), len(passages)

"""Set two classifiers side by side on the same texts: the difference of each figure with its paired bootstrap interval.

The texts are drawn anew many times, each draw the same for both, so that what is hard for both cancels out. The draws
have a fixed seed: the same answers give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    return [
        _difference(figure, one, other)
        for figure, count in _FIGURES.items()
        if len(one := _counted(expected, first, count)) and len(other := _counted(expected, second, count))
    ]


_Count = Callable[[Expected, Classification], tuple[int, int, int] | None]


def _counted(expected: Sequence[Expected], found: Sequence[Classification], count: _Count) -> Counts:
    """Count text by text; nothing where nothing is expected of any text, for then there is no share to tell."""
    counts = [each for e, f in zip(expected, found, strict=True) if (each := count(e, f)) is not None]
    return np.array(counts if any(wanted for _, _, wanted in counts) else [], dtype=np.float64)


def _difference(figure: str, one: Counts, other: Counts) -> Difference:
    draws = np.random.default_rng(SEED).integers(len(one), size=(DRAWS, len(one)))
    gains = [_f1(other[draw]) - _f1(one[draw]) for draw in draws]
    low, high = np.percentile(gains, INTERVAL)
    return Difference(figure, len(one), _f1(one), _f1(other), float(low), float(high))


def _f1(counts: Counts) -> float:
    """Return F1 of added-up counts; where each text has one found and one expected, that is the accuracy."""
    right, found, expected = counts.sum(axis=0)
    return float(2 * right / (found + expected)) if found + expected else 0.0


def _side(expected: Expected, found: Classification) -> tuple[int, int, int] | None:
    return int(expected.side is found.side), 1, 1


def _persona(expected: Expected, found: Classification) -> tuple[int, int, int] | None:
    return None if expected.persona is None else (int(expected.persona == found.persona), 1, 1)


def _themes(expected: Expected, found: Classification) -> tuple[int, int, int] | None:
    themes = {insight.labels.theme for insight in found.insights}
    return None if expected.themes is None else (len(themes & expected.themes), len(themes), len(expected.themes))


def _insights(expected: Expected, found: Classification) -> tuple[int, int, int] | None:
    if expected.passages is None:
        return None
    return len(matches(expected.passages, found.insights)), len(found.insights), len(expected.passages)


_FIGURES: Mapping[str, _Count] = {
    "side accuracy": _side,
    "persona accuracy": _persona,
    "themes F1": _themes,
    "insights F1": _insights,
}

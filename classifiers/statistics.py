"""Figures about a table of expected and found labels: accuracy with its interval, recall, F1, kappa, confusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964
"""Standard deviations that hold 95% of a normal distribution."""

BINS = 10
"""Into how many parts of one width the confidences are sorted."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold a share, what it was counted from, and its 95% Wilson interval; all are 0 where nothing was counted."""

    right: int
    total: int
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Show the share with its interval."""
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Score:
    """Hold precision, recall and F1 with their counts; a figure without a base is 0."""

    right: int
    found: int
    expected: int
    precision: float
    recall: float
    f1: float

    def __str__(self) -> str:
        """Show the three figures."""
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"


def rate(right: int, total: int) -> Rate:
    """Make a rate of a count, with the Wilson interval, which holds near 0 and 1 and for small totals."""
    if total == 0:
        return Rate(0, 0, 0.0, 0.0, 0.0)
    share, z2 = right / total, Z_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    reach = Z_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return Rate(right, total, share, max(0.0, centre - reach), min(1.0, centre + reach))


def score(right: int, found: int, expected: int) -> Score:
    """Make precision, recall and F1 of three counts."""
    precision = right / found if found else 0.0
    recall = right / expected if expected else 0.0
    f1 = 2 * right / (found + expected) if found + expected else 0.0
    return Score(right, found, expected, precision, recall, f1)


def confusion(pairs: Iterable[tuple[str, str]], labels: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count (expected, found) pairs: ``table[expected][found]``, every label a row and a column."""
    counts = Counter(pairs)
    return {expected: {found: counts[expected, found] for found in labels} for expected in labels}


def label_scores(table: Mapping[str, Mapping[str, int]]) -> dict[str, Score]:
    """Score each label of a confusion table that was expected or found."""
    scores = {
        label: score(table[label][label], sum(row[label] for row in table.values()), sum(table[label].values()))
        for label in table
    }
    return {label: one for label, one in scores.items() if one.found or one.expected}


def macro_f1(scores: Mapping[str, Score]) -> float:
    """Return the mean F1 over labels, each counting the same however rare."""
    return sum(one.f1 for one in scores.values()) / len(scores) if scores else 0.0


def kappa(table: Mapping[str, Mapping[str, int]]) -> float:
    """Return Cohen's kappa: agreement beyond what the two label counts give by chance; 1 where chance is certain."""
    total = sum(sum(row.values()) for row in table.values())
    if not total:
        return 0.0
    agreed = sum(table[label][label] for label in table) / total
    chance = sum(sum(table[label].values()) * sum(row[label] for row in table.values()) for label in table) / total**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


@dataclass(frozen=True, slots=True)
class Bin:
    """Hold what came of the insights whose confidence lies in one tenth of the scale."""

    confidence: float
    """The mean confidence."""
    right: int
    total: int

    @property
    def gap(self) -> float:
        """Say by how many insights confidence and truth differ."""
        return abs(self.confidence * self.total - self.right)


def calibration_bins(confidences: Sequence[float], rights: Sequence[bool]) -> list[Bin]:
    """Sort insights into equal bins by confidence, lowest first; empty bins are left out."""
    buckets: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in zip(confidences, rights, strict=True):
        buckets.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(sum(c for c, _ in bucket) / len(bucket), sum(r for _, r in bucket), len(bucket))
        for _, bucket in sorted(buckets.items())
    ]


def calibration_error(confidences: Sequence[float], rights: Sequence[bool]) -> float:
    """Return the expected calibration error, 0 to 1: how far confidence lies from the share right, over equal bins."""
    gaps = (each.gap for each in calibration_bins(confidences, rights))
    return sum(gaps) / len(confidences) if confidences else 0.0

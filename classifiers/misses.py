"""The answers that lie furthest from what was expected, for a person to read. They hold customers' words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.expectation import Expected, matches
from classifiers.vocabulary import Classification


@dataclass(frozen=True, slots=True)
class Miss:
    """Hold a text, what was expected of it, and what was found."""

    expected: Expected
    found: Classification
    weight: float


def worst_misses(expected: Sequence[Expected], found: Sequence[Classification], limit: int) -> list[Miss]:
    """Return the worst misses, the worst first: a wrong side before all, then insights by how sure they were."""
    misses = [Miss(e, f, _weight(e, f)) for e, f in zip(expected, found, strict=True)]
    return sorted((miss for miss in misses if miss.weight > 0), key=lambda miss: -miss.weight)[:limit]


def _weight(expected: Expected, found: Classification) -> float:
    """Weigh a miss: two for a wrong side, and what its wrong insights were sure of; what was overlooked counts half."""
    passages = expected.passages
    matched = {place for _, place in matches(passages or (), found.insights)}
    if passages is None:
        themes = expected.themes
        matched = {p for p, each in enumerate(found.insights) if themes is None or each.labels.theme in themes}
    wrong = sum(each.confidence for place, each in enumerate(found.insights) if place not in matched)
    overlooked = 0.5 * max(0, len(passages or ()) - len(matched))
    side = 0.0
    if expected.side is not found.side:
        side = 2 + max((each.confidence for each in found.insights), default=0.0)
    return side + wrong + overlooked

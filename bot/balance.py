"""The balance: what was heard a side in a period, how sure that is, and how it departs from the team's norm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.vocabulary import Side


@dataclass(frozen=True, slots=True)
class SideCount:
    """Count what was heard of one side: problems, and the distinct accounts that voiced them."""

    problems: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold a share (0 to 1) and its 95 % Wilson interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Lean:
    """Say how the period's customer share departs from the team's own norm of the last twelve weeks.

    ``missing`` is None when there is enough to tell. Otherwise ``toward`` is None and ``missing`` says what
    is lacking, with the number ("3 more weeks with feedback").
    """

    toward: Side | None
    """The side that is heard more than usual; None when within the norm or too few to tell."""
    norm: float | None
    """The customer share of the weeks before."""
    departure: float | None
    """Customer share of the period less the norm, -1 to 1."""
    missing: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold what was heard a side. Bugs (``reliability``) and unsure insights are not in it."""

    sides: Mapping[Side, SideCount]
    customer_share: Interval | None
    """None when nothing was heard."""
    lean: Lean

"""The balance: what was heard a side in a period, how sure that is, and how it departs from the team's norm.

Definitions. A problem is one insight that is sure and whose theme is not ``reliability`` (bugs stand apart);
rejected and unsure ones are in no number here. An account is counted once a side however often it speaks, its
name compared without regard to case and spacing. A problem that names no account counts as a problem and never
as an account.

When the period *departs* from the norm. The norm is the customer share of all problems of the twelve weeks before
the period. The period leans when the 95 % interval of the difference between its share and the norm leaves out
nought. That interval is Newcombe's, made of the two Wilson intervals, so that the uncertainty of the norm counts as
well as the period's, and small numbers do not overstate. A team at its norm is told that it leans about one week in
twenty. Equal shares of the sides are nowhere in it: a norm of 80 % customers is as good as any.

When it is too few to tell. Fewer than eight of those twelve weeks hold a problem; or the period's problems come from
fewer than five accounts, because several problems of one account are not independent. Where most of the period's
problems name no account (nobody writes accounts down), ten problems take the place of five accounts, so that a team
without accounts is told something too, later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist

from classifiers.vocabulary import Side, Theme
from storage.records import Heard
from storage.text import fold
from storage.vocabulary import Standing

RELIABILITY = Theme("reliability")
NORM_WEEKS = 12
WEEKS_NEEDED = 8
ACCOUNTS_NEEDED = 5
PROBLEMS_NEEDED_WITHOUT_ACCOUNTS = 10
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class SideCount:
    """Count what was heard of one side: problems, and the distinct accounts that voiced them."""

    problems: int
    accounts: int
    unnamed: int = 0
    """Of the problems, those of which no account is known."""


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
    is lacking, with the number ("3 more weeks with feedback before this period").
    """

    toward: Side | None
    """The side that is heard more than usual; None when within the norm or too few to tell."""
    norm: float | None
    """The customer share of the weeks before; None until enough of them hold a problem."""
    departure: float | None
    """Customer share of the period less the norm, -1 to 1; None when there is too little to tell."""
    missing: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold what was heard a side. Bugs (``reliability``) and unsure insights are not in it."""

    sides: Mapping[Side, SideCount]
    customer_share: Interval | None
    """None when nothing was heard."""
    lean: Lean


@dataclass(slots=True)
class Tally:
    """Count problems as they are heard; memory grows with the number of accounts, not of problems."""

    problems: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))
    accounts: dict[Side, set[str]] = field(default_factory=lambda: {side: set() for side in Side})
    unnamed: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))
    """Problems of which no account is known."""

    def add(self, heard: Heard) -> None:
        """Count one problem; whoever calls leaves out what is no problem of the balance."""
        side, account = heard.labels.side, account_key(heard.account)
        self.problems[side] += 1
        if account is None:
            self.unnamed[side] += 1
        else:
            self.accounts[side].add(account)

    @property
    def total(self) -> int:
        """Count the problems of both sides."""
        return sum(self.problems.values())


def is_counted(heard: Heard) -> bool:
    """Tell whether an insight is a problem of the balance: sure, and no bug."""
    return heard.standing is Standing.SURE and heard.labels.theme != RELIABILITY


def account_key(account: str | None) -> str | None:
    """Return the form in which two spellings of an account are one; None for no account."""
    return " ".join(fold(account or "").split()) or None


def wilson(successes: int, trials: int) -> Interval | None:
    """Return the share and its 95 % Wilson score interval; None without trials."""
    if not trials:
        return None
    share, square = successes / trials, _Z * _Z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    reach = _Z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    # Rounding can put a bound of 0 or 1 on the wrong side of the share.
    return Interval(share, min(share, max(0.0, middle - reach)), max(share, min(1.0, middle + reach)))


def difference(one: Interval, other: Interval) -> tuple[float, float]:
    """Return Newcombe's 95 % interval of ``one.share - other.share``, from the two Wilson intervals."""
    gap = one.share - other.share
    below = sqrt((one.share - one.low) ** 2 + (other.high - other.share) ** 2)
    above = sqrt((one.high - one.share) ** 2 + (other.share - other.low) ** 2)
    return gap - below, gap + above


def weigh(heard: Tally, weeks_before: Sequence[Mapping[Side, int]]) -> Balance:
    """Make the balance of what was heard in a period and the problems a side of each of the weeks before it."""
    sides = {side: SideCount(heard.problems[side], len(heard.accounts[side]), heard.unnamed[side]) for side in Side}
    share = wilson(heard.problems[Side.CUSTOMER], heard.total)
    return Balance(sides, share, _lean(heard, share, weeks_before))


def _lean(heard: Tally, share: Interval | None, weeks_before: Sequence[Mapping[Side, int]]) -> Lean:
    with_feedback = sum(1 for week in weeks_before if sum(week.values()))
    if with_feedback < WEEKS_NEEDED:
        return Lean(None, None, None, f"{_more(WEEKS_NEEDED - with_feedback, 'week')} with feedback before this period")
    norm = wilson(
        sum(week[Side.CUSTOMER] for week in weeks_before),
        sum(count for week in weeks_before for count in week.values()),
    )
    missing = _missing(heard)
    if norm is None or share is None or missing:
        return Lean(None, norm.share if norm else None, None, missing)
    low, high = difference(share, norm)
    toward = Side.CUSTOMER if low > 0 else Side.USER if high < 0 else None
    return Lean(toward, norm.share, share.share - norm.share, None)


def _missing(heard: Tally) -> str | None:
    accounts = len(heard.accounts[Side.CUSTOMER] | heard.accounts[Side.USER])
    if accounts >= ACCOUNTS_NEEDED:
        return None
    if not heard.total or sum(heard.unnamed.values()) * 2 <= heard.total:
        return f"{_more(ACCOUNTS_NEEDED - accounts, 'account')} heard in this period"
    if heard.total >= PROBLEMS_NEEDED_WITHOUT_ACCOUNTS:
        return None
    more = _more(PROBLEMS_NEEDED_WITHOUT_ACCOUNTS - heard.total, "problem")
    return f"{more} in this period (most are of no known account)"


def _more(count: int, what: str) -> str:
    return f"{count} more {what}" + ("s" if count > 1 else "")

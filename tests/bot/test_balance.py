"""Tables by hand: Wilson's values are those of any statistics package (prop.test, statsmodels "wilson")."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.balance import Interval, Lean, SideCount, Tally, difference, is_counted, weigh, wilson
from classifiers.vocabulary import Labels, Persona, Side, Theme
from storage.ids import FeedbackId, InsightId
from storage.records import Heard
from storage.vocabulary import ChannelKind, Standing, Voice

CUSTOMER, USER = Side.CUSTOMER, Side.USER


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 1, 0.0, 0.7935),
        (1, 1, 0.2065, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (500_000, 1_000_000, 0.4990, 0.5010),
    ],
)
def test_wilson_interval_of_known_counts(successes: int, trials: int, low: float, high: float) -> None:
    interval = wilson(successes, trials)
    assert interval is not None
    assert interval.share == successes / trials
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_heard_has_no_share() -> None:
    assert wilson(0, 0) is None


@given(st.integers(0, 400), st.integers(1, 400))
@example(0, 66)
def test_the_interval_holds_the_share_and_mirrors(successes: int, more: int) -> None:
    trials = successes + more
    interval, mirror = wilson(successes, trials), wilson(more, trials)
    assert interval
    assert mirror
    assert 0 <= interval.low <= interval.share <= interval.high <= 1
    assert mirror.low == pytest.approx(1 - interval.high)


def test_difference_of_newcombes_own_example() -> None:
    one, other = wilson(56, 70), wilson(48, 80)
    assert one
    assert other
    assert difference(one, other) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_accounts_are_counted_once_a_side_however_they_are_spelled() -> None:
    heard = tally([(CUSTOMER, "Acme"), (CUSTOMER, "ACME "), (CUSTOMER, "Blue  Sky"), (USER, "acme"), (USER, None)])
    assert weigh(heard, []).sides == {CUSTOMER: SideCount(3, 2, 0), USER: SideCount(2, 1, 1)}


@pytest.mark.parametrize(
    ("theme", "standing", "counted"),
    [
        ("speed", Standing.SURE, True),
        ("reliability", Standing.SURE, False),
        ("speed", Standing.UNSURE, False),
        ("speed", Standing.REJECTED, False),
    ],
)
def test_only_sure_problems_that_are_no_bugs_are_in_the_balance(theme: str, standing: Standing, counted: bool) -> None:
    assert is_counted(make_heard(USER, "Acme", theme=theme, standing=standing)) is counted


@pytest.mark.parametrize(
    ("customer", "user", "toward"),
    [
        (20, 5, CUSTOMER),
        (5, 20, USER),
        (12, 13, None),
        (17, 8, None),  # 68 % of 25 against a norm of 50 % of 240 is still chance
        (18, 7, CUSTOMER),
        (7, 18, USER),
        (8, 17, None),
    ],
)
def test_a_week_leans_when_it_departs_from_the_teams_norm(customer: int, user: int, toward: Side | None) -> None:
    lean = weigh(of_accounts(customer, user), weeks(12, customer=10, user=10)).lean
    assert lean == Lean(toward, 0.5, pytest.approx(customer / 25 - 0.5), None)


@pytest.mark.parametrize(("customer", "user", "toward"), [(20, 5, None), (12, 13, USER), (25, 0, CUSTOMER)])
def test_equal_shares_are_a_lean_for_a_team_whose_norm_is_not_equal(
    customer: int, user: int, toward: Side | None
) -> None:
    assert weigh(of_accounts(customer, user), weeks(12, customer=16, user=4)).lean.toward == toward


@pytest.mark.parametrize(
    ("heard_weeks", "missing"),
    [
        (0, "8 more weeks with feedback before this period"),
        (7, "1 more week with feedback before this period"),
        (8, None),
        (12, None),
    ],
)
def test_too_few_weeks_are_named_with_their_number(heard_weeks: int, missing: str | None) -> None:
    before = [*weeks(heard_weeks, customer=9, user=1), *weeks(12 - heard_weeks, customer=0, user=0)]
    lean = weigh(of_accounts(0, 20), before).lean
    assert lean.missing == missing
    assert (lean.toward, lean.norm) == ((None, None) if missing else (USER, 0.9))


@pytest.mark.parametrize(
    ("accounts", "missing"),
    [
        (["a", "b", "c", "d", "e"] * 4, None),
        (["a", "b", "c", "d"] * 5, "1 more account heard in this period"),
        (["a"] * 20, "4 more accounts heard in this period"),
        ([], "5 more accounts heard in this period"),
        (["a"] * 5 + [None] * 5, "4 more accounts heard in this period"),
        (["a"] * 4 + [None] * 5, "1 more problem in this period (most are of no known account)"),
        ([None] * 3, "7 more problems in this period (most are of no known account)"),
        ([None] * 10, None),
    ],
)
def test_too_few_accounts_are_named_with_their_number(accounts: list[str | None], missing: str | None) -> None:
    lean = weigh(tally([(USER, account) for account in accounts]), weeks(12, customer=9, user=1)).lean
    assert lean.missing == missing
    assert lean.toward is (None if missing else USER)
    assert lean.norm == 0.9


def test_the_share_has_its_interval() -> None:
    assert weigh(of_accounts(5, 5), []).customer_share == Interval(
        0.5, pytest.approx(0.2366, abs=5e-5), pytest.approx(0.7634, abs=5e-5)
    )


def make_heard(side: Side, account: str | None, *, theme: str = "speed", standing: Standing = Standing.SURE) -> Heard:
    return Heard(
        insight_id=InsightId(1),
        feedback_id=FeedbackId(1),
        labels=Labels(side, Theme(theme), Persona("unknown")),
        standing=standing,
        quote="too slow",
        confidence=0.9,
        said_at=datetime(2026, 11, 17, tzinfo=UTC),
        voice=Voice.RELAYED,
        account=account,
        permalink=None,
        channel_id=None,
        channel_kind=ChannelKind.PUBLIC,
    )


def tally(heard: list[tuple[Side, str | None]]) -> Tally:
    counted = Tally()
    for side, account in heard:
        counted.add(make_heard(side, account))
    return counted


def of_accounts(customer: int, user: int) -> Tally:
    return tally(
        [(side, f"account {n % 9}") for side, count in ((CUSTOMER, customer), (USER, user)) for n in range(count)]
    )


def weeks(count: int, *, customer: int, user: int) -> list[dict[Side, int]]:
    return [{CUSTOMER: customer, USER: user}] * count

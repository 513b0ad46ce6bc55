"""The digest of generated histories is the referee's, in whatever order they come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.composing import Captured, compose, listening_start
from bot.period import Period, days
from storage.records import Heard
from storage.vocabulary import Standing, Voice
from tests.bot.heard_examples import LONG_AGO, THEMES, WEEK, digest_of, make_heard
from tests.bot.refereed import assert_same
from tests.bot.slow_digest import slow_digest


@given(st.data())
def test_the_digest_is_the_one_that_the_slow_computation_gives(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]))
    first = date(2026, 1, 1) + timedelta(days=data.draw(st.integers(0, 360)))
    past = first + timedelta(days=data.draw(st.sampled_from([1, 7, 7, 7, 30, 84, 100])))
    period = days(first, past, zone)
    heard = data.draw(histories(period))
    began_at = data.draw(st.sampled_from([None, period.start, LONG_AGO, *(one.said_at for one in heard[:3])]))
    digest = compose(iter(heard), period, Captured(0, 0, 0, began_at), now=period.end)
    expected = slow_digest([plain(one) for one in heard], first, past, zone, began_at)
    assert_same(digest, expected)


@given(st.data())
def test_the_order_in_which_insights_come_changes_nothing(data: st.DataObject) -> None:
    heard = data.draw(histories(WEEK))
    shuffled = data.draw(st.permutations(heard))
    assert digest_of(heard) == digest_of(shuffled)


@given(st.data())
def test_what_was_said_before_the_listening_starts_changes_nothing(data: st.DataObject) -> None:
    heard = data.draw(histories(WEEK))
    needed = [one for one in heard if listening_start(WEEK) <= one.said_at < WEEK.end]
    assert digest_of(heard) == digest_of(needed)


def histories(period: Period) -> st.SearchStrategy[list[Heard]]:
    """Histories that crowd the period and its bounds, and reach back over the norm and forward past the end."""
    edges = st.sampled_from([period.start, period.end]).flatmap(
        lambda edge: st.sampled_from([edge, edge - timedelta(microseconds=1), edge + timedelta(minutes=59)])
    )
    inside = st.integers(0, int((period.end - period.start).total_seconds()) - 1).map(
        lambda second: period.start + timedelta(seconds=second)
    )
    anywhere = st.integers(-220 * 24, 48).map(lambda hour: period.end + timedelta(hours=hour))
    weekly = st.integers(1, 13).map(lambda week: period.start - timedelta(days=7 * week - 3))
    one = st.fixed_dictionaries(
        {
            "theme": st.sampled_from([theme for themes in THEMES.values() for theme in themes]),
            "persona": st.sampled_from(["unknown", "economic_buyer", "daily_practitioner"]),
            "standing": st.sampled_from(
                [Standing.SURE, Standing.SURE, Standing.SURE, Standing.UNSURE, Standing.REJECTED]
            ),
            "account": st.sampled_from(
                [None, "", "Acme", "acme", " Acme", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"]
            ),
            "voice": st.sampled_from(Voice),
            "confidence": st.sampled_from([0.5, 0.7, 0.9]),
            "quote": st.sampled_from(["slow", "slow", "too dear", ""]),
            "said_at": st.one_of(inside, inside, edges, anywhere, weekly),
        }
    )
    return st.builds(lambda drawn, norm: numbered([*drawn, *norm]), st.lists(one, max_size=40), norms(period))


def norms(period: Period) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Nothing, or a past and a present with enough of both sides that a lean can be told."""

    def weekly(past: list[tuple[int, int]], now: tuple[int, int]) -> list[dict[str, Any]]:
        weeks = [(period.start - timedelta(days=7 * n - 3), *counts) for n, counts in enumerate(past, start=1)]
        return [
            {"theme": theme, "said_at": at, "account": f"account {n % 7}"}
            for at, of_customer, of_user in [*weeks, (period.start, *now)]
            for theme, count in (("cost", of_customer), ("speed", of_user))
            for n in range(count)
        ]

    few, many = st.integers(0, 3), st.integers(0, 12)
    past = st.lists(st.tuples(few, few), min_size=7, max_size=13)
    return st.just([]) | st.builds(weekly, past, st.tuples(many, many))


def numbered(drawn: list[dict[str, Any]]) -> list[Heard]:
    return [make_heard(number=number, **fields) for number, fields in enumerate(drawn)]


def plain(heard: Heard) -> dict[str, Any]:
    return {
        "side": heard.labels.side.value,
        "theme": str(heard.labels.theme),
        "persona": str(heard.labels.persona),
        "standing": heard.standing.value,
        "account": heard.account,
        "voice": heard.voice.value,
        "confidence": heard.confidence,
        "at": heard.said_at,
        "id": int(heard.insight_id),
        "quote": heard.quote,
    }

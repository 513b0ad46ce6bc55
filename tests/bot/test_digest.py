"""The digest of generated histories is the referee's, and says what a reader should be warned of."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.composing import Captured, compose, listening_start
from bot.digest import Digest, Quote, ThemeLine
from bot.period import Period, days, week_named
from classifiers.vocabulary import Labels, Persona, Side, Theme
from storage.ids import FeedbackId, InsightId
from storage.records import Heard
from storage.vocabulary import ChannelKind, Standing, Voice
from tests.bot.slow_digest import slow_digest

CUSTOMER, USER = Side.CUSTOMER, Side.USER
WEEK = week_named("2026-W46", "Europe/Berlin")
AFTER = WEEK.end + timedelta(hours=9)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
THEMES = {CUSTOMER: ("cost", "security", "compliance"), USER: ("speed", "fewer_steps", "reliability")}


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


def test_the_period_holds_its_start_and_not_its_end() -> None:
    at = [WEEK.start - timedelta(microseconds=1), WEEK.start, WEEK.end - timedelta(microseconds=1), WEEK.end]
    digest = digest_of([make_heard(said_at=moment) for moment in at])
    assert digest.balance.sides[USER].problems == 2
    assert [(week.customer, week.user) for week in digest.trend[-2:]] == [(0, 1), (0, 2)]


def test_an_empty_week_is_a_digest_of_noughts() -> None:
    digest = compose([], WEEK, Captured(0, 0, 0, None), now=AFTER)
    assert digest.balance.customer_share is None
    assert digest.balance.lean.missing == "8 more weeks with feedback before this period"
    assert (digest.trend, digest.bugs, digest.personas, digest.warnings) == ((), None, (), ())
    assert digest.themes == digest.quotes == {CUSTOMER: (), USER: ()}


def test_bugs_stand_apart_from_the_balance_and_the_quotes() -> None:
    digest = digest_of([make_heard(theme="reliability", account="Acme"), make_heard(theme="speed")])
    assert digest.bugs == ThemeLine(Theme("reliability"), USER, 1, 1, 1)
    assert digest.balance.sides[USER].problems == 1
    assert [quote.theme for quote in digest.quotes[USER]] == ["speed"]
    assert [line.theme for line in digest.themes[USER]] == ["speed"]


def test_unsure_ones_await_and_rejected_ones_are_nowhere() -> None:
    digest = digest_of([make_heard(standing=Standing.UNSURE), make_heard(standing=Standing.REJECTED)])
    assert digest.awaiting.unsure == 1
    assert digest.balance.sides[USER].problems == 0
    assert digest.quotes[USER] == digest.themes[USER] == ()


def test_a_quote_whose_words_were_erased_counts_and_is_not_shown() -> None:
    digest = digest_of([make_heard(quote="")])
    assert digest.balance.sides[USER].problems == 1
    assert digest.quotes[USER] == ()


@pytest.mark.parametrize(
    ("began_at", "change"),
    [
        (None, None),
        (WEEK.start + timedelta(days=1), None),
        (WEEK.start - timedelta(days=2), None),
        (WEEK.start - timedelta(days=6), 1),
        (LONG_AGO, 1),
    ],
)
def test_a_change_is_told_when_the_history_holds_most_of_the_week_before(
    began_at: datetime | None, change: int | None
) -> None:
    heard = [make_heard(), make_heard(), make_heard(said_at=WEEK.start - timedelta(days=1))]
    digest = compose(heard, WEEK, Captured(3, 0, 0, began_at), now=AFTER)
    assert digest.themes[USER][0].change == change


def test_quotes_are_first_hand_first_and_change_theme_and_account() -> None:
    said = [
        make_heard(quote="relayed", voice=Voice.RELAYED, confidence=1.0),
        make_heard(quote="best", account="Acme", confidence=0.95),
        make_heard(quote="same theme, same account", account="Acme", confidence=0.94),
        make_heard(quote="same theme, other account", account="Beta", confidence=0.5),
        make_heard(quote="other theme", account="Acme", theme="fewer_steps", confidence=0.4),
    ]
    quotes = digest_of(said).quotes[USER]
    assert [quote.words for quote in quotes] == ["best", "other theme", "same theme, other account"]


@pytest.mark.parametrize(
    ("heard", "captured", "sentence"),
    [
        ([("u", "Acme"), ("u", "acme")], {}, "Only one account was heard on the user side."),
        ([("u", "Acme"), ("u", "Beta")], {}, "Nothing was heard from the customer side."),
        ([("u", "A"), ("c", "A"), ("u", "A"), ("u", "A"), ("c", "B")], {}, "One account voiced 4 of the 5 problems."),
        (
            [("u", None), ("c", None), ("u", "A")],
            {},
            "2 of 3 problems name no account, so more accounts may have spoken than are counted.",
        ),
        (
            [("u", "A")],
            {"voice": Voice.RELAYED},
            "Nobody spoke first-hand: colleagues or documents passed everything on.",
        ),
        ([("u", "A")], {"unsure": 2}, "2 problems are unsure, against 1 in the balance: decide them to be surer."),
        (
            [("u", "A")],
            {"now": WEEK.end - timedelta(days=3)},
            "The period runs until 15 Nov 2026; this is what was heard so far.",
        ),
    ],
)
def test_a_reader_is_warned(heard: list[tuple[str, str | None]], captured: dict[str, Any], sentence: str) -> None:
    assert sentence in warnings_of(heard, **captured)


def test_a_team_that_names_no_account_is_not_warned_of_it_every_week() -> None:
    assert warnings_of([("u", None), ("c", None), ("u", None)]) == ()


def test_a_sound_week_has_no_warnings() -> None:
    sound = [("c", "A"), ("c", "B"), ("u", "C"), ("u", "D"), ("u", "A"), ("c", "E")]
    assert warnings_of(sound) == ()


def test_memory_stays_flat_over_many_insights() -> None:
    def stream(count: int) -> Iterator[Heard]:
        template = make_heard()
        for n in range(count):
            yield replace(template, insight_id=InsightId(n), account=f"account {n % 200}", confidence=n % 97 / 97)

    peaks = [peak_of(stream(count)) for count in (2_000, 40_000)]
    assert peaks[1] < peaks[0] * 1.5


def peak_of(heard: Iterable[Heard]) -> int:
    tracemalloc.start()
    try:
        digest_of(heard)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def digest_of(heard: Iterable[Heard]) -> Digest:
    return compose(heard, WEEK, Captured(0, 0, 0, LONG_AGO), now=AFTER)


def warnings_of(
    heard: list[tuple[str, str | None]],
    *,
    failed: int = 0,
    unsure: int = 0,
    voice: Voice = Voice.FIRST_HAND,
    now: datetime = AFTER,
) -> tuple[str, ...]:
    said = [
        make_heard(theme="cost" if side == "c" else "speed", account=account, voice=voice) for side, account in heard
    ]
    said += [make_heard(standing=Standing.UNSURE)] * unsure
    return compose(said, WEEK, Captured(len(said), 0, failed, LONG_AGO), now=now).warnings


def make_heard(**changes: Any) -> Heard:
    theme = Theme(changes.pop("theme", "speed"))
    side = CUSTOMER if theme in THEMES[CUSTOMER] else USER
    heard = Heard(
        insight_id=InsightId(changes.pop("number", 1)),
        feedback_id=FeedbackId(1),
        labels=Labels(side, theme, Persona(changes.pop("persona", "unknown"))),
        standing=Standing.SURE,
        quote="it takes too long",
        confidence=0.9,
        said_at=WEEK.start + timedelta(days=2),
        voice=Voice.FIRST_HAND,
        account=None,
        permalink=None,
        channel_id=None,
        channel_kind=ChannelKind.PUBLIC,
    )
    return replace(heard, **changes)


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


def assert_same(digest: Digest, expected: dict[str, Any]) -> None:
    share, lean = digest.balance.customer_share, digest.balance.lean
    assert (share and (share.share, share.low, share.high)) == pytest.approx(expected.pop("share"), abs=1e-9)
    assert lean.norm == pytest.approx(expected["lean"][1])
    assert lean.departure == pytest.approx(expected["lean"][2])
    toward, _, _, too_few = expected.pop("lean")
    assert (lean.toward, lean.missing is not None) == (toward, too_few)
    assert counts_of(digest) == expected


def counts_of(digest: Digest) -> dict[str, Any]:
    return {
        "sides": {side.value: (count.problems, count.accounts) for side, count in digest.balance.sides.items()},
        "trend": [(week.period.start, week.customer, week.user) for week in digest.trend],
        "themes": {side.value: [line_of(line) for line in lines] for side, lines in digest.themes.items()},
        "bugs": digest.bugs and line_of(digest.bugs),
        "personas": [(line.persona, line.customer, line.user) for line in digest.personas],
        "quotes": {side.value: [words_of(quote) for quote in quotes] for side, quotes in digest.quotes.items()},
        "unsure": digest.awaiting.unsure,
    }


def words_of(quote: Quote) -> tuple[Any, ...]:
    return (quote.words, quote.theme, quote.persona, quote.voice.value, quote.said_at, quote.account)


def line_of(line: ThemeLine) -> tuple[str, int, int | None, int]:
    return (line.theme, line.problems, line.change, line.accounts)

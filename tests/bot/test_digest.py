"""The digest counts, quotes and names what belongs to its period, and says what a reader should be warned of."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.balance import SideCount
from bot.composing import Captured, compose
from bot.digest import ThemeLine
from bot.views.digest_html import build_html
from bot.views.digest_words import side_count
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Theme
from storage.ids import InsightId
from storage.records import Heard
from storage.vocabulary import Standing, Voice
from tests.bot.heard_examples import AFTER, CUSTOMER, LONG_AGO, USER, WEEK, digest_of, make_heard

LIST = "A list of your customers tells more of them: “ballast accounts import FILE”."


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
            [("c", "A")] * 9 + [("c", None)] + [("u", "A")] * 8 + [("u", None)],
            {},
            "One account voiced 17 of the 19 problems.",
        ),
        (
            [("u", None), ("c", None), ("u", "A")],
            {},
            f"Ballast could not tell the account of 2 of 3 problems, so more may have spoken than are counted. {LIST}",
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


def test_a_team_without_a_list_of_accounts_is_pointed_to_it_and_not_told_that_messages_name_none() -> None:
    [warning] = warnings_of([("u", None), ("c", None), ("u", None)])
    assert "could not tell the account of any problem" in warning
    assert "ballast accounts import" in warning
    assert side_count(SideCount(problems=2, accounts=0)) == "2 from accounts that Ballast could not tell"


def test_problems_of_no_known_account_are_not_said_to_be_of_the_accounts_that_are_known() -> None:
    heard = [*[make_heard(theme="cost", account="Acme")] * 9, *[make_heard(theme="cost")] * 9, make_heard()]
    digest = digest_of(heard)
    assert side_count(digest.balance.sides[CUSTOMER]) == "18, of which 9 from 1 known account"
    page = build_html(digest, load_taxonomy())
    assert "<b>18</b> problems, of which 9 from 1 known account<" in page
    assert "<b>1</b> problem<" in page


def test_one_account_that_voiced_everything_is_not_said_to_have_voiced_most() -> None:
    assert not any("voiced" in warning for warning in warnings_of([("u", "Acme")] * 9))


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

"""The digest of what was really stored, on both databases, is the referee's of what was told to the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.digest import Digest
from bot.digest_of import compose_from_history
from bot.parts import Store
from bot.period import days
from classifiers.vocabulary import Labels, Persona, Side, Theme
from storage.database import Database
from storage.erasing import Erasing
from storage.history import Query
from storage.ids import ChannelId, TeamId
from storage.rows import ChannelRow
from storage.vocabulary import ChannelKind, Standing, Verdict, Voice
from tests.bot.refereed import assert_same
from tests.bot.slow_digest import slow_digest
from tests.factories import (
    CHANNEL,
    LEASE,
    PRIVATE,
    TEAM,
    found_nothing,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_workspace,
)

FIRST, PAST, ZONE = date(2026, 10, 19), date(2026, 10, 26), "Europe/Berlin"  # the week of 169 hours
WEEK = days(FIRST, PAST, ZONE)
EVER = datetime(2020, 1, 1, tzinfo=UTC)
AFTER = WEEK.end + timedelta(hours=9)
COST = Labels(Side.CUSTOMER, Theme("cost"), Persona("economic_buyer"))
SPEED = Labels(Side.USER, Theme("speed"), Persona("daily_practitioner"))
CRASH = Labels(Side.USER, Theme("reliability"), Persona("unknown"))
TEXT = "It is slow and it is dear."
_teams = count(1)
"""Each generated history gets a team of its own, so that the many share one database."""


@dataclass(frozen=True)
class Told:
    """One message as it was told to the store, and what people did with it."""

    hours: int
    """Before the end of the week."""
    fate: str
    found: tuple[tuple[Labels, bool], ...]
    """Labels, and whether the classifier was unsure."""
    verdicts: tuple[tuple[Verdict, Labels | None], ...]
    """On the first insight, one after the other."""
    private: bool
    account: str | None
    voice: Voice
    confidence: float

    @property
    def said_at(self) -> datetime:
        return WEEK.end - timedelta(hours=self.hours)


LABELS = st.sampled_from([COST, SPEED, CRASH])
VERDICTS = st.sampled_from([(Verdict.CONFIRMED, None), (Verdict.REJECTED, None)]) | st.tuples(
    st.just(Verdict.CORRECTED), LABELS
)
MESSAGES = st.builds(
    Told,
    hours=st.integers(-30, 169) | st.integers(1, 169) | st.integers(-30, 24 * 7 * 14),
    fate=st.sampled_from(["classified", "classified", "classified", "waiting", "failed"]),
    found=st.lists(st.tuples(LABELS, st.booleans()), max_size=2).map(tuple),
    verdicts=st.lists(VERDICTS, max_size=2).map(tuple),
    private=st.booleans(),
    account=st.sampled_from([None, "Acme", "acme", "Beta", "Gamma", "Delta", "Epsilon"]),
    voice=st.sampled_from(Voice),
    confidence=st.sampled_from([0.5, 0.9]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(MESSAGES, max_size=14), st.sampled_from([None, CHANNEL, PRIVATE]), st.booleans())
def test_the_digest_of_a_stored_history_is_the_slow_one(
    store: Store, database: Database, messages: list[Told], audience: ChannelId | None, counted: bool
) -> None:
    """Whoever sees it, and whether or not an owner lets the private channel count elsewhere."""
    team = TeamId(f"T{next(_teams)}")
    store.workspaces.remember(make_workspace(team), AFTER)
    meet_private(store, database, team, counted_elsewhere=counted)
    rows = [row for number, told in enumerate(messages) for row in tell(store, team, told, number)]
    open_here = audience == PRIVATE
    seen = [told for told in messages if open_here or counted or not told.private]
    quoted = [row if open_here or not row["private"] else row | {"quote": ""} for row in rows]
    shown = [row for row in quoted if open_here or counted or not row["private"]]
    digest = compose_from_history(store.history, team, WEEK, audience, AFTER)
    assert_same(digest, slow_digest(shown, FIRST, PAST, ZONE, min((told.said_at for told in seen), default=None)))
    now = [told for told in seen if WEEK.start <= told.said_at < WEEK.end]
    assert digest.messages == len(now)
    assert digest.awaiting.waiting == sum(told.fate == "waiting" for told in now)
    assert digest.awaiting.failed == sum(told.fate == "failed" for told in now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(MESSAGES, max_size=10), st.integers(-30, 200), st.booleans())
def test_erasing_takes_quotes_from_a_digest_and_no_count(
    store: Store, database: Database, messages: list[Told], hours: int, again: bool
) -> None:
    """Whatever is erased of the week, and also when people decide on it afterwards."""
    team = TeamId(f"T{next(_teams)}")
    store.workspaces.remember(make_workspace(team), AFTER)
    rows = [row for number, told in enumerate(messages) for row in tell(store, team, told, number)]
    cut = WEEK.end - timedelta(hours=hours)
    before = compose_from_history(store.history, team, WEEK, PRIVATE, AFTER)

    assert Erasing(database).erase_words(team, cut, at=AFTER) == sum(told.said_at < cut for told in messages)

    if again:
        reject_all(store, team, rows)
        rows = [row | {"standing": "rejected"} for row in rows]
    left = [row | {"quote": ""} if row["at"] < cut else row for row in rows]
    digest = compose_from_history(store.history, team, WEEK, PRIVATE, AFTER)
    assert_same(digest, slow_digest(left, FIRST, PAST, ZONE, min((told.said_at for told in messages), default=None)))
    assert digest.messages == before.messages
    if not again:
        assert (digest.balance, digest.trend, digest.themes) == (before.balance, before.trend, before.themes)
    waiting = [told for told in messages if cut <= told.said_at and WEEK.start <= told.said_at < WEEK.end]
    assert digest.awaiting.waiting == sum(told.fate == "waiting" for told in waiting)
    assert digest.awaiting.failed == sum(told.fate == "failed" for told in waiting)


@pytest.mark.parametrize(
    ("verdict", "labels", "customer", "user", "unsure"),
    [
        (None, None, 1, 0, 0),
        (Verdict.CONFIRMED, None, 1, 0, 0),
        (Verdict.CORRECTED, SPEED, 0, 1, 0),
        (Verdict.CORRECTED, CRASH, 0, 0, 0),
        (Verdict.REJECTED, None, 0, 0, 0),
    ],
)
def test_what_a_person_decides_changes_the_digest_at_once(
    store: Store, verdict: Verdict | None, labels: Labels | None, customer: int, user: int, unsure: int
) -> None:
    tell(store, TEAM, told(verdicts=((verdict, labels),) if verdict else ()), 1)
    digest = compose_from_history(store.history, TEAM, WEEK, None, AFTER)
    assert sides_of(digest) == (customer, user)
    assert digest.awaiting.unsure == unsure


def test_an_unsure_one_counts_once_a_person_decides(store: Store) -> None:
    tell(store, TEAM, told(found=((COST, True),)), 1)
    assert sides_of(compose_from_history(store.history, TEAM, WEEK, None, AFTER)) == (0, 0)
    tell(store, TEAM, told(found=((COST, True),), verdicts=((Verdict.CONFIRMED, None),)), 2)
    digest = compose_from_history(store.history, TEAM, WEEK, None, AFTER)
    assert (sides_of(digest), digest.awaiting.unsure) == ((1, 0), 1)


@pytest.mark.parametrize("kind", [ChannelKind.PRIVATE, ChannelKind.SHARED, ChannelKind.DIRECT])
def test_words_from_a_closed_channel_are_in_no_other_channels_digest(store: Store, kind: ChannelKind) -> None:
    tell(store, TEAM, told(private=True), 1, kind=kind)
    for audience in (None, CHANNEL):
        digest = compose_from_history(store.history, TEAM, WEEK, audience, AFTER)
        assert (digest.messages, sides_of(digest)) == (0, (0, 0))
        assert not any(digest.quotes[side] or digest.themes[side] for side in Side)
    assert sides_of(compose_from_history(store.history, TEAM, WEEK, PRIVATE, AFTER)) == (1, 0)


def test_another_teams_feedback_is_in_no_digest(store: Store) -> None:
    tell(store, TEAM, told(), 1)
    other = TeamId("T0OTHER")
    assert compose_from_history(store.history, other, WEEK, None, AFTER).messages == 0


def meet_private(store: Store, database: Database, team: TeamId, *, counted_elsewhere: bool) -> None:
    """Have the private channel met, and an owner's choice where it counts."""
    store.workspaces.meet_channel(team, PRIVATE, "secret", ChannelKind.PRIVATE)
    chosen = update(ChannelRow).where(ChannelRow.team_id == team).values(counted_elsewhere=counted_elsewhere)
    with database.writing() as session:
        session.execute(chosen)


def told(**changes: Any) -> Told:
    fields: dict[str, Any] = {
        "hours": 50,
        "fate": "classified",
        "found": ((COST, False),),
        "verdicts": (),
        "private": False,
        "account": "Acme",
        "voice": Voice.FIRST_HAND,
        "confidence": 0.9,
    }
    return Told(**(fields | changes))


def tell(
    store: Store, team: TeamId, told: Told, number: int, *, kind: ChannelKind = ChannelKind.PRIVATE
) -> list[dict[str, Any]]:
    """Share, classify and review one message; return the rows by which the referee knows it."""
    store.intake.take_in(
        make_feedback(
            TEXT,
            team_id=team,
            said_at=told.said_at,
            voice=told.voice,
            account=told.account,
            channel_id=PRIVATE if told.private else CHANNEL,
            channel_kind=kind if told.private else ChannelKind.PUBLIC,
        ),
        AFTER,
    )
    (claimed,) = store.queue.claim(team, limit=1, lease=LEASE, at=AFTER)
    if told.fate == "failed":
        store.queue.give_up(claimed, reason="out of reach")
    if told.fate == "waiting":
        store.queue.put_off(claimed, reason="out of reach", until=AFTER + timedelta(days=1))
    if told.fate != "classified":
        return []
    insights = [
        make_insight("it is dear", TEXT, labels=labels, unsure=unsure, confidence=told.confidence)
        for labels, unsure in told.found
    ]
    found = make_classification(*insights) if insights else found_nothing()
    assert store.queue.save(claimed, found, taxonomy_version="1", at=AFTER)
    feedback = store.history.feedback(team, claimed.feedback_id)
    for seen, (verdict, labels) in enumerate(told.verdicts if feedback.insights else ()):
        review = make_decision(feedback.insights[0].insight_id, verdict, team_id=team, labels=labels, seen=seen)
        store.reviews.decide(review)
    return [row_of(told, number * 10 + place, place) for place in range(len(told.found))]


def reject_all(store: Store, team: TeamId, rows: list[dict[str, Any]]) -> None:
    """Let somebody reject everything that was found, by the numbers that the store gave it."""
    every = Query(team, since=EVER, until=AFTER + timedelta(days=365), audience=PRIVATE, standings=frozenset(Standing))
    found = list(store.history.each_heard(every))
    assert len(found) == len(rows)
    for heard in found:
        seen = store.history.insight(team, heard.insight_id).reviews
        store.reviews.decide(make_decision(heard.insight_id, Verdict.REJECTED, team_id=team, seen=seen))


def row_of(told: Told, number: int, place: int) -> dict[str, Any]:
    labels, unsure = told.found[place]
    standing = "unsure" if unsure else "sure"
    for verdict, corrected in told.verdicts if place == 0 else ():
        labels = corrected or labels
        standing = "rejected" if verdict is Verdict.REJECTED else "sure"
    return {
        "side": labels.side.value,
        "theme": str(labels.theme),
        "persona": str(labels.persona),
        "standing": standing,
        "account": told.account,
        "voice": told.voice.value,
        "confidence": told.confidence,
        "at": told.said_at,
        "id": number,
        "quote": "it is dear",
        "private": told.private,
    }


def sides_of(digest: Digest) -> tuple[int, int]:
    sides = digest.balance.sides
    return sides[Side.CUSTOMER].problems, sides[Side.USER].problems

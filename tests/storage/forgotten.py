"""What the tests of forgetting have in common."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.parts import Store
from storage.database import Database
from storage.forgetting import Forgetting
from storage.held import Target
from storage.history import Query
from storage.ids import ChannelId, FeedbackId, slack_origin
from storage.records import NewFeedback
from storage.rows import Row
from storage.vocabulary import Source, Whose
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    TEAM,
    make_feedback,
    make_post,
    make_ts,
)

ELSEWHERE = ChannelId("C0OTHER")
JANE = "Jane Doe of Acme wants to see who changed the figures."
EVER = Query(TEAM, since=EARLIER - timedelta(days=1), until=NOW + timedelta(days=1), audience=CHANNEL)


@pytest.fixture
def forgetting(database: Database) -> Forgetting:
    return Forgetting(database)


def of(whose: Whose, value: str) -> Target:
    return Target(TEAM, whose, value)


def slack_message(number: int, **changes: Any) -> NewFeedback:
    channel = changes.pop("channel_id", CHANNEL)
    ts = make_ts(number)
    return make_feedback(**{"channel_id": channel, "ts": ts, "origin": slack_origin(channel, ts), **changes})


def forward(number: int, *, of: int, **changes: Any) -> NewFeedback:
    """A message that passes on another of the channel."""
    ts = make_ts(of)
    told = {"original_channel_id": CHANNEL, "original_ts": ts, "counts_as": slack_origin(CHANNEL, ts)}
    return slack_message(number, **{"source": Source.FORWARD, **told, **changes})


def once_then(work: Callable[..., None], error: type[BaseException]) -> Callable[..., None]:
    """Do something once, and break off the second time."""
    calls = iter([work])

    def do(*given: Any) -> None:
        each = next(calls, None)
        if each is None:
            raise error
        each(*given)

    return do


def rows_with(database: Database, words: str, team: str) -> int:
    """Count the team's rows, in whatever table, in whose columns these words stand."""
    with database.reading() as session:
        return sum(
            1
            for table in Row.metadata.sorted_tables
            for row in session.execute(select(table))
            if row._mapping.get("team_id") == team and any(words in str(value) for value in row)
        )


def owe_card(store: Store, feedback_id: FeedbackId) -> None:
    """Have a card posted for a feedback."""
    store.posts.owe(TEAM, make_post(f"card:{feedback_id}", feedback_id=feedback_id), NOW)
    [card] = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    assert store.posts.done(card, make_ts(7))

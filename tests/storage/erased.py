"""What is to be erased beside the messages, and how much of it goes at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database
from storage.ids import UserId
from storage.rows import FetchRow
from storage.vocabulary import FetchState, Source
from tests.factories import CHANNEL, NOW, TEAM, make_ts


def fetch_by(user: UserId, **changes: Any) -> FetchRow:
    """A message that somebody asked to save, and that was fetched."""
    given = {"ts": make_ts(3), "asked_at": NOW, **changes}
    return FetchRow(
        team_id=TEAM,
        channel_id=CHANNEL,
        source=Source.REACTION,
        asked_by=user,
        state=FetchState.DONE,
        attempts=1,
        next_attempt_at=NOW,
        **given,
    )


@contextmanager
def most_deleted_at_once(database: Database) -> Iterator[Callable[[], int]]:
    """Tell how many rows the largest transaction of the block deleted."""
    deleted = [0]

    def count(_connection: object, cursor: Any, statement: str, *_: object) -> None:
        deleted[-1] += max(cursor.rowcount, 0) if statement.startswith("DELETE") else 0

    def close(_connection: object) -> None:
        deleted.append(0)

    event.listen(database.engine, "after_cursor_execute", count)
    event.listen(database.engine, "commit", close)
    try:
        yield lambda: max(deleted)
    finally:
        event.remove(database.engine, "after_cursor_execute", count)
        event.remove(database.engine, "commit", close)

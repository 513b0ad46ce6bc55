"""Threads with replies in watched channels: which are active, and which are still to be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import ChannelId, TeamId, Ts
from storage.rows import ChannelRow, FeedbackRow, ThreadRow
from storage.statements import changed, insert_once
from storage.vocabulary import Watch


@dataclass(frozen=True, slots=True)
class ThreadMark:
    """Know a thread and how far it has been read."""

    team_id: TeamId
    channel_id: ChannelId
    thread_ts: Ts
    latest_at: datetime
    """When its newest reply that we know of was said."""
    read_through: Ts | None
    """How far up a reading that was cut off has come."""
    read_at: datetime | None


class Threads:
    """Keep which threads there are. They are noted from history pages and from the replies that capture keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_kept(self, team_id: TeamId, since: datetime) -> None:
        """Note the threads of the replies that were said since then and are kept; these replies need no reading.

        Capture writes no thread itself, so that a reply costs it one row like any message.
        """
        latest = func.max(FeedbackRow.said_at)
        kept = (
            select(FeedbackRow.channel_id, FeedbackRow.thread_ts, latest)
            .where(FeedbackRow.team_id == team_id, FeedbackRow.said_at >= since)
            .where(FeedbackRow.thread_ts.is_not(None))
            .group_by(FeedbackRow.channel_id, FeedbackRow.thread_ts)
        )
        found: dict[ChannelId, dict[Ts, datetime]] = {}
        with self._database.reading() as session:
            for channel_id, thread_ts, said_at in session.execute(kept):
                if channel_id is not None and thread_ts is not None:
                    found.setdefault(channel_id, {})[thread_ts] = said_at
        for channel_id, said in found.items():
            self._note(team_id, channel_id, said, to_be_read=False)

    def note_shown(self, team_id: TeamId, channel_id: ChannelId, shown: Mapping[Ts, datetime]) -> None:
        """Note the newest reply of each thread as Slack shows it; one with a reply unknown so far is to be read."""
        self._note(team_id, channel_id, shown, to_be_read=True)

    def due(
        self,
        team_id: TeamId,
        *,
        active_since: datetime,
        read_before: datetime,
        except_in: Collection[ChannelId] = (),
        limit: int = 50,
    ) -> Sequence[ThreadMark]:
        """List the threads active since then that were not read since, the longest unread first.

        Only of channels that are watched with ``all`` and whose threads are kept, and of none named in ``except_in``.
        """
        wanted = (
            select(ThreadRow)
            .join(
                ChannelRow, (ChannelRow.team_id == ThreadRow.team_id) & (ChannelRow.channel_id == ThreadRow.channel_id)
            )
            .where(ThreadRow.team_id == team_id, ThreadRow.latest_at >= active_since)
            .where(ChannelRow.watch == Watch.ALL, ChannelRow.keep_threads.is_not(False))
            .where(ThreadRow.channel_id.not_in(except_in))
            .where(or_(ThreadRow.read_at.is_(None), ThreadRow.read_at < read_before))
            .order_by(ThreadRow.read_at.is_not(None), ThreadRow.read_at, ThreadRow.latest_at)
            .limit(limit)
        )
        with self._database.reading() as session:
            return [_mark(row) for row in session.scalars(wanted)]

    def come_up(self, thread: ThreadMark, through: Ts) -> None:
        """Note how far up a thread has been read."""
        self._change(thread, read_through=through)

    def finish(self, thread: ThreadMark, latest_at: datetime, at: datetime) -> None:
        """Note that a thread was read whole at ``at``, and when the newest reply in it was said."""
        self._change(thread, read_through=None, read_at=at, latest_at=max(thread.latest_at, latest_at))

    def _change(self, thread: ThreadMark, **values: object) -> None:
        this = (
            ThreadRow.team_id == thread.team_id,
            ThreadRow.channel_id == thread.channel_id,
            ThreadRow.thread_ts == thread.thread_ts,
        )
        with self._database.writing() as session:
            changed(session, update(ThreadRow).where(*this).values(**values))

    def _note(self, team_id: TeamId, channel_id: ChannelId, said: Mapping[Ts, datetime], *, to_be_read: bool) -> None:
        """Write what is news and nothing else: most threads are known as they are."""
        with self._database.reading() as session:
            known = session.execute(
                select(ThreadRow.thread_ts, ThreadRow.latest_at).where(
                    ThreadRow.team_id == team_id, ThreadRow.channel_id == channel_id, ThreadRow.thread_ts.in_(said)
                )
            )
            latest = {row.thread_ts: row.latest_at for row in known}
        news = {ts: at for ts, at in said.items() if ts not in latest or at > latest[ts]}
        if not news:
            return
        with self._database.writing() as session:
            for ts, at in news.items():
                _write(session, (team_id, channel_id, ts), at, to_be_read=to_be_read)


def _write(session: Session, key: tuple[TeamId, ChannelId, Ts], latest_at: datetime, *, to_be_read: bool) -> None:
    read_at = None if to_be_read else latest_at
    named = dict(zip(("team_id", "channel_id", "thread_ts"), key, strict=True))
    fresh = named | {"latest_at": latest_at, "read_at": read_at}
    if insert_once(session, ThreadRow, fresh, returning=ThreadRow.thread_ts) is not None:
        return
    newer = update(ThreadRow).filter_by(**named).where(ThreadRow.latest_at < latest_at)
    changed(session, newer.values(latest_at=latest_at, **({"read_at": None} if to_be_read else {})))


def _mark(row: ThreadRow) -> ThreadMark:
    return ThreadMark(row.team_id, row.channel_id, row.thread_ts, row.latest_at, row.read_through, row.read_at)

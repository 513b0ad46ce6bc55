"""Rows of what is still to be read at Slack: messages to fetch, threads to follow, back-fills to run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import BigId, by_value
from storage.ids import BackfillId, ChannelId, FetchId, TeamId, Token, Ts, UserId
from storage.rows.base import Row
from storage.rows.workspace import WorkspaceRow
from storage.vocabulary import BackfillState, FetchState, Source


class FetchRow(Row):
    """A message that somebody asked to save and whose words Slack has yet to give: a reaction, a mention.

    Committed before the event is acknowledged; the one who fetches it holds a lease.
    """

    __tablename__ = "fetches"
    __table_args__ = (
        # Each person who asks is answered, for one may be refused and the next one not.
        UniqueConstraint("team_id", "channel_id", "ts", "asked_by"),
        Index("ix_fetches_team_state_next", "team_id", "state", "next_attempt_at"),
    )

    fetch_id: Mapped[FetchId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId]
    ts: Mapped[Ts]
    """Of the message to save."""
    thread_ts: Mapped[Ts | None]
    """Of the thread it stands in, where that is known."""
    source: Mapped[Source] = mapped_column(by_value(Source, "source"))
    asked_by: Mapped[UserId]
    asked_at: Mapped[datetime]
    state: Mapped[FetchState] = mapped_column(by_value(FetchState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    token: Mapped[Token | None]
    reason: Mapped[str | None]
    """Why it was given up, in a sentence without a customer's words."""


class ThreadRow(Row):
    """A thread in a watched channel with replies: read again while it is active."""

    __tablename__ = "threads"
    __table_args__ = (Index("ix_threads_team_latest", "team_id", "latest_at"),)

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[ChannelId] = mapped_column(primary_key=True)
    thread_ts: Mapped[Ts] = mapped_column(primary_key=True)
    latest_at: Mapped[datetime]
    """When its newest reply that we know of was said."""
    read_through: Mapped[Ts | None]
    """How far up a reading that was cut off has come; null between two readings."""
    read_at: Mapped[datetime | None]
    """When it was last read whole; null while it has a reply that nobody has read."""


class BackfillRow(Row):
    """A reading of a channel's past that somebody asked for, newest first; goes on where it was cut off."""

    __tablename__ = "backfills"
    __table_args__ = (
        Index("ix_backfills_team_state", "team_id", "state"),
        # Two people who ask at once meet this line: one reading of a channel's past at a time.
        Index(
            "uq_backfills_running",
            "team_id",
            "channel_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    backfill_id: Mapped[BackfillId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId]
    oldest: Mapped[Ts]
    latest: Mapped[Ts]
    down_to: Mapped[Ts | None]
    """How far down it has read."""
    state: Mapped[BackfillState] = mapped_column(by_value(BackfillState, "state"))
    seen: Mapped[int]
    new: Mapped[int]
    asked_by: Mapped[UserId]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    told_ts: Mapped[Ts | None]
    """Of the message that tells how far it is."""
    token: Mapped[Token | None]
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None]

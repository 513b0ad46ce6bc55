"""Rows of what the bot owes a channel: posts, schedules and digests, each made once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import BigId, by_value
from storage.ids import ChannelId, DigestId, FeedbackId, PostId, ScheduleId, TeamId, Token, Ts, UserId
from storage.rows.base import Row
from storage.rows.feedback import FeedbackRow
from storage.rows.workspace import WorkspaceRow
from storage.vocabulary import DigestState, PostKind, PostState


class PostRow(Row):
    """A reaction, card, greeting or notice that is due, made, or let go.

    Written in the transaction that causes it, so that a crash between the two cannot be; delivered under a
    lease; ``key`` makes the cause unique. ``revision`` grows when what it shows has changed: a done post
    becomes due again and its message is updated, not posted anew.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        Index("ix_posts_team_state_next", "team_id", "state", "next_attempt_at"),
        Index("ix_posts_feedback", "feedback_id"),
    )

    post_id: Mapped[PostId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    key: Mapped[str]
    """Such as ``card:42`` or ``greeting:C…:ts``; also the ``block_id`` by which the bot knows its message."""
    kind: Mapped[PostKind] = mapped_column(by_value(PostKind, "kind"))
    feedback_id: Mapped[FeedbackId | None] = mapped_column(ForeignKey(FeedbackRow.feedback_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId]
    thread_ts: Mapped[Ts | None]
    """The message that it stands under, or (a reaction) on."""
    body: Mapped[str | None]
    """What a notice says; never a customer's words. The others are made of the history when delivered."""
    revision: Mapped[int]
    revised_at: Mapped[datetime | None]
    """When it was owed, or what it shows last changed; a post that was being made then is due again from this time."""
    state: Mapped[PostState] = mapped_column(by_value(PostState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    token: Mapped[Token | None]
    expires_at: Mapped[datetime]
    """Dropped, not posted, after this: nothing is posted under messages older than an hour."""
    ts: Mapped[Ts | None]
    """Of our message, once it is known."""
    reason: Mapped[str | None]
    """Why it was dropped or given up."""


class ScheduleRow(Row):
    """When and where a digest is posted: one schedule a channel."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("team_id", "channel_id"),)

    schedule_id: Mapped[ScheduleId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId]
    owner: Mapped[UserId]
    """Who set it; the first two digests go to this person."""
    weekday: Mapped[int]
    """0 is Monday."""
    hour: Mapped[int]
    minute: Mapped[int]
    zone: Mapped[str]
    paused: Mapped[bool]
    active_since: Mapped[datetime]
    """When it was set or resumed; what was due before is not missed."""


class DigestRow(Row):
    """The claim of one period by one schedule, and what became of it."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("team_id", "schedule_id", "period_start", "period_end"),
        Index("ix_digests_schedule", "schedule_id"),
    )

    digest_id: Mapped[DigestId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    schedule_id: Mapped[ScheduleId] = mapped_column(ForeignKey(ScheduleRow.schedule_id, ondelete="CASCADE"))
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[DigestState] = mapped_column(by_value(DigestState, "state"))
    token: Mapped[Token]
    lease_until: Mapped[datetime]
    channel_id: Mapped[ChannelId]
    """Where it went: the schedule's channel, or the direct message with the owner."""
    ts: Mapped[Ts | None]
    posted_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was skipped."""

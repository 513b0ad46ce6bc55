"""What is kept of the messages that Slack shows, to tell what is new, what was edited and what is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select

from storage.database import Database
from storage.ids import ChannelId, TeamId, Ts
from storage.rows import FeedbackRow
from storage.vocabulary import BY_HAND, FeedbackState


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """Know that a message is in the history, and in which version."""

    ts: Ts
    edited_ts: Ts | None
    is_erased: bool
    """Whether nothing of it is left to change: deleted, forgotten, or erased unread."""


class Shown:
    """Compare pages of Slack with the history, one read a page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kept(self, team_id: TeamId, channel_id: ChannelId, among: Collection[Ts]) -> dict[Ts, KeptMessage]:
        """Find what is kept of these messages."""
        kept = self._kept(team_id, channel_id, FeedbackRow.ts.in_(among))
        return {message.ts: message for message in kept}

    def newest_watched(self, team_id: TeamId, channel_id: ChannelId) -> Ts | None:
        """Find the newest message that was kept because its channel is watched, whatever became of its words."""
        wanted = (
            select(FeedbackRow.ts)
            .where(
                FeedbackRow.team_id == team_id,
                FeedbackRow.channel_id == channel_id,
                FeedbackRow.ts.is_not(None),
                FeedbackRow.source.not_in(BY_HAND),
            )
            .order_by(FeedbackRow.ts.desc())
            .limit(1)
        )
        with self._database.reading() as session:
            return session.scalar(wanted)

    def kept_roots(self, team_id: TeamId, channel_id: ChannelId, *, after: Ts, before: Ts) -> Sequence[Ts]:
        """List the messages between two times, neither included, that should stand in the channel itself."""
        roots = or_(FeedbackRow.thread_ts.is_(None), FeedbackRow.thread_ts == FeedbackRow.ts)
        return self._standing_between(team_id, channel_id, roots, after=after, before=before)

    def kept_replies(
        self, team_id: TeamId, channel_id: ChannelId, thread: Ts, *, after: Ts, before: Ts
    ) -> Sequence[Ts]:
        """List the replies between two times, neither included, that should stand in a thread."""
        replies = (FeedbackRow.thread_ts == thread) & (FeedbackRow.ts != thread)
        return self._standing_between(team_id, channel_id, replies, after=after, before=before)

    def _standing_between(
        self, team_id: TeamId, channel_id: ChannelId, which: ColumnElement[bool], *, after: Ts, before: Ts
    ) -> Sequence[Ts]:
        within = FeedbackRow.ts.between(after, before)
        kept = self._kept(team_id, channel_id, which & within)
        low, high = Decimal(after), Decimal(before)
        return [one.ts for one in kept if not one.is_erased and low < Decimal(one.ts) < high]

    def _kept(self, team_id: TeamId, channel_id: ChannelId, which: ColumnElement[bool]) -> Sequence[KeptMessage]:
        wanted = (
            select(FeedbackRow.ts, FeedbackRow.edited_ts, FeedbackRow.state)
            .where(FeedbackRow.team_id == team_id, FeedbackRow.channel_id == channel_id, which)
            .order_by(FeedbackRow.ts, FeedbackRow.origin.desc())  # what was written on top of a forward before it
        )
        with self._database.reading() as session:
            return [
                KeptMessage(ts, edited_ts, state is FeedbackState.ERASED)
                for ts, edited_ts, state in session.execute(wanted)
                if ts is not None
            ]

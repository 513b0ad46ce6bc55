"""Rows of what somebody has begun to save: a message between the press and the form's end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import by_value
from storage.ids import ChannelId, DraftId, TeamId, Ts, UserId
from storage.rows.base import Row
from storage.rows.workspace import WorkspaceRow
from storage.vocabulary import ChannelKind


class DraftRow(Row):
    """A message whose form is open: Slack hands it over with the press alone. Gone when the form is, or an hour old."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_team_made", "team_id", "made_at"),
        Index("ix_drafts_team_message", "team_id", "channel_id", "ts"),
    )

    draft_id: Mapped[DraftId] = mapped_column(primary_key=True)
    """Drawn, so that nobody can guess another's."""
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId]
    channel_kind: Mapped[ChannelKind] = mapped_column(by_value(ChannelKind, "channel_kind"))
    ts: Mapped[Ts]
    made_by: Mapped[UserId]
    made_at: Mapped[datetime]
    message: Mapped[str]
    """As Slack handed it over, as escaped JSON."""

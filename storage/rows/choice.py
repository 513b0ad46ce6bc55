"""Rows of what a team chose: settings, apps, people who want no part, and the log of every change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import BigId
from storage.ids import ChannelId, TeamId, UserId
from storage.rows.base import Row
from storage.rows.workspace import WorkspaceRow


class SettingRow(Row):
    """One setting of a workspace that differs from the default."""

    __tablename__ = "settings"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    """As JSON."""


class AppRow(Row):
    """An app or bot that has posted in a watched channel; ignored until somebody allows it."""

    __tablename__ = "apps"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    app: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    allowed: Mapped[bool]
    first_seen_at: Mapped[datetime]
    decided_by: Mapped[UserId | None]
    decided_at: Mapped[datetime | None]


class OptOutRow(Row):
    """A person whose messages are not taken in, or were not until they came back."""

    __tablename__ = "opt_outs"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    chosen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Since when they want part again; null while they want none. What was said meanwhile stays out."""


class ChangeRow(Row):
    """One change of a choice, appended: what, before, after, who and when; never a customer's words."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_team_changed", "team_id", "changed_at"),)

    change_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    channel_id: Mapped[ChannelId | None]
    """Null for what holds in the whole workspace."""
    name: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    changed_by: Mapped[UserId]
    changed_at: Mapped[datetime]

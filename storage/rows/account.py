"""Rows of the accounts that a team knows, and of the names by which they are recognised."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import BigId, by_value
from storage.ids import AccountId, FeedbackId, ImportId, TeamId, UserId
from storage.rows.base import Row
from storage.rows.feedback import FeedbackRow
from storage.rows.workspace import WorkspaceRow


class NameKind(StrEnum):
    """By what an account is recognised."""

    ALIAS = "alias"
    DOMAIN = "domain"


class AccountRow(Row):
    """A customer company on the team's list."""

    __tablename__ = "accounts"
    # Ids stand in menus that outlive the row: SQLite would give the last one out again.
    __table_args__ = (UniqueConstraint("team_id", "folded"), {"sqlite_autoincrement": True})

    account_id: Mapped[AccountId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    name: Mapped[str]
    folded: Mapped[str]
    plan: Mapped[str | None]
    revenue_band: Mapped[str | None]
    charter: Mapped[bool]
    changed_at: Mapped[datetime]


class AccountNameRow(Row):
    """One alias or e-mail domain; in a team it names one account."""

    __tablename__ = "account_names"
    __table_args__ = (Index("ix_account_names_account", "account_id"),)

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[NameKind] = mapped_column(by_value(NameKind, "kind"), primary_key=True)
    folded: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    """As the list writes it: a name that is a common word too is recognised by its capitals."""
    account_id: Mapped[AccountId] = mapped_column(ForeignKey(AccountRow.account_id, ondelete="CASCADE"))


class AccountAskedRow(Row):
    """That a person is to be offered the picker of a feedback's account, or was: so that it is offered once."""

    __tablename__ = "account_asked"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    feedback_id: Mapped[FeedbackId] = mapped_column(
        ForeignKey(FeedbackRow.feedback_id, ondelete="CASCADE"), primary_key=True
    )
    asked: Mapped[UserId]
    asked_at: Mapped[datetime]
    """Not offered before; the end of a wait after Slack did not answer."""
    attempts: Mapped[int]
    told_at: Mapped[datetime | None]
    """When it was offered; noted before Slack is asked, so that a crash loses an offer and never doubles it."""


class ImportRow(Row):
    """One file that is being imported, or was: how far it came, so that a second start goes on there."""

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("team_id", "fingerprint"),)

    import_id: Mapped[ImportId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    fingerprint: Mapped[str]
    """Of the file's bytes and of how its columns are read."""
    rows_read: Mapped[int]
    new: Mapped[int]
    known: Mapped[int]
    rejected: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

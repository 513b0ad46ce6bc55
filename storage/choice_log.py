"""The log of what was chosen: appended in the transaction of the change itself, never altered but to forget a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.chosen import Change
from storage.database import Database
from storage.ids import ChannelId, TeamId, UserId
from storage.rows import ChangeRow
from storage.vocabulary import Chosen


@dataclass(frozen=True, slots=True)
class Choosing:
    """Know who changes something, when, and for which channel or (None) for the whole workspace."""

    team_id: TeamId
    channel_id: ChannelId | None
    by: UserId
    at: datetime

    def append(self, session: Session, name: str, before: str | None, after: str | None) -> Change | None:
        """Write a change down; None when nothing changed."""
        if before == after:
            return None
        row = ChangeRow(
            team_id=self.team_id,
            channel_id=self.channel_id,
            # Words of ours come as members of their sets, and a driver may write those by another name.
            name=str(name),
            before=None if before is None else str(before),
            after=None if after is None else str(after),
            changed_by=self.by,
            changed_at=self.at,
        )
        session.add(row)
        session.flush()
        return _change(row)


class ChoiceLog:
    """Read who chose what and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(
        self, team_id: TeamId, *, channel_id: ChannelId | None = None, before: int | None = None, limit: int = 20
    ) -> Sequence[Change]:
        """List changes, the newest first; with a channel, those of it and of the whole workspace alone.

        The next page begins before the last one's ``change_id``.
        """
        wanted = select(ChangeRow).where(ChangeRow.team_id == team_id)
        if channel_id is not None:
            wanted = wanted.where(or_(ChangeRow.channel_id.is_(None), ChangeRow.channel_id == channel_id))
        if before is not None:
            wanted = wanted.where(ChangeRow.change_id < before)
        with self._database.reading() as session:
            return [_change(row) for row in session.scalars(wanted.order_by(ChangeRow.change_id.desc()).limit(limit))]

    def latest(self, team_id: TeamId) -> int:
        """Tell the number of the team's last change; 0 when there was none."""
        with self._database.reading() as session:
            return latest_change(session, team_id)


def latest_change(session: Session, team_id: TeamId) -> int:
    """Tell the number of the team's last change; 0 when there was none."""
    return session.scalar(select(func.max(ChangeRow.change_id)).where(ChangeRow.team_id == team_id)) or 0


def app_name(app: str) -> str:
    """Name the choice about an app in the log."""
    return f"{Chosen.APP}:{app}"


def _change(row: ChangeRow) -> Change:
    return Change(
        change_id=row.change_id,
        channel_id=row.channel_id,
        name=row.name,
        before=row.before,
        after=row.after,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )

"""Workspaces that removed Ballast: left in one short commit, then deleted some rows at a time, with all of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Delete, Table, delete, select, tuple_, update

from storage import lots
from storage.database import Database, leave_words
from storage.ids import TeamId
from storage.rows import Row, UnreadableRow, WorkspaceRow
from storage.statements import changed, count_changed


class Leaving:
    """Delete a workspace with everything that it ever shared; cut off, it goes on wherever it is asked to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def leave(self, team_id: TeamId, at: datetime) -> bool:
        """Note that the workspace is to be deleted: from now on it is found nowhere. False when there is none."""
        known = update(WorkspaceRow).where(WorkspaceRow.team_id == team_id, WorkspaceRow.left_at.is_(None))
        with self._database.writing() as session:
            return changed(session, known.values(left_at=at))

    def teams(self) -> Sequence[TeamId]:
        """List the workspaces that are still to be deleted, the one that left first before others."""
        left = select(WorkspaceRow.team_id).where(WorkspaceRow.left_at.is_not(None))
        with self._database.reading() as session:
            return session.scalars(left.order_by(WorkspaceRow.left_at, WorkspaceRow.team_id)).all()

    def delete_some(self, team_id: TeamId) -> bool:
        """Delete a lot of the rows of a workspace that was left, in a transaction of its own.

        True when that was the last of it, the row by which it was known. Of a workspace that installed Ballast again
        since, nothing is touched.
        """
        with self._database.writing() as session:
            # Held until the lot is committed, so that what another process takes for left is not back meanwhile.
            left = select(WorkspaceRow.team_id).where(
                WorkspaceRow.team_id == team_id, WorkspaceRow.left_at.is_not(None)
            )
            if session.scalar(left.with_for_update()) is None:
                return False
            leave_words(session)
            if any(count_changed(session, lot) for lot in _lots(team_id)):
                return False
            changed(session, delete(WorkspaceRow).where(WorkspaceRow.team_id == team_id))
        self._database.erase_log()
        return True


def _lots(team_id: TeamId) -> Iterator[Delete]:
    """Give a lot of each table, rows before those that they belong to."""
    last = (UnreadableRow.__tablename__, WorkspaceRow.__tablename__)
    for table in reversed(Row.metadata.sorted_tables):
        if table.name not in last:
            yield _lot(table, team_id)
    # Kept where a channel is known, and bound by no foreign key: hence after the channels.
    yield _lot(Row.metadata.tables[UnreadableRow.__tablename__], team_id)


def _lot(table: Table, team_id: TeamId) -> Delete:
    key = table.primary_key.columns
    # By the key alone: with the team beside it SQLite would look through all rows of the team for each lot.
    return delete(table).where(tuple_(*key).in_(select(*key).where(table.c.team_id == team_id).limit(lots.AT_ONCE)))

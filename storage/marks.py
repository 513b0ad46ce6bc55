"""How far each watched channel has been read: marks that move only over what has been read whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import ChannelId, TeamId, Ts
from storage.rows import ChannelRow
from storage.vocabulary import Watch


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """Know how far a watched channel has been read, and what of it is being read."""

    team_id: TeamId
    channel_id: ChannelId
    read_through: Ts
    """Everything up to here has been read whole."""
    chosen_since: Ts
    """What was said before is not for the watch to take in."""
    reading_to: Ts | None = None
    """The end of a reading that is not whole yet, newest first; None between two."""
    down_to: Ts | None = None
    """How far down it has come: it goes on from here."""
    again_down_to: Ts | None = None
    """How far down the last seven days have been read again; None between two such readings."""
    reread_at: datetime | None = None
    """When they were last read again to their end."""


class Marks:
    """Keep the marks. Each change holds only while what it goes on from still stands, for others read too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watched(self, team_id: TeamId) -> Sequence[ReadMarks]:
        """List the marks of every channel that is watched with ``all``, by id."""
        wanted = select(ChannelRow).where(ChannelRow.team_id == team_id, ChannelRow.watch == Watch.ALL)
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(ChannelRow.channel_id))
            return [_marks(row) for row in rows if row.read_through is not None]

    def begin(self, marks: ReadMarks, to: Ts) -> ReadMarks | None:
        """Begin a reading up to ``to``, or go on with the one that is not whole; None when nothing is watched now."""
        with self._database.writing() as session:
            row = _watched_row(session, marks)
            if row is None:
                return None
            row.reading_to = row.reading_to or to
            return _marks(row)

    def come_down(self, marks: ReadMarks, down_to: Ts) -> None:
        """Note how far down the reading of ``marks`` has come: everything from there to its end has been read."""
        with self._database.writing() as session:
            row = _watched_row(session, marks)
            if row is not None and row.reading_to == marks.reading_to:
                row.reading_down_to = _older(row.reading_down_to, down_to)

    def finish(self, marks: ReadMarks, through: Ts) -> None:
        """Move the mark over a reading that is whole now, forward and never back."""
        with self._database.writing() as session:
            row = _watched_row(session, marks)
            if row is not None and row.reading_to == marks.reading_to:
                row.read_through = max(row.read_through or through, through, key=Decimal)
                row.reading_to = row.reading_down_to = None

    def come_down_again(self, marks: ReadMarks, down_to: Ts) -> None:
        """Note how far down the last seven days have been read again."""
        with self._database.writing() as session:
            row = _watched_row(session, marks)
            if row is not None:
                row.rereading_down_to = down_to

    def finish_again(self, marks: ReadMarks, at: datetime) -> None:
        """Note that the last seven days have been read again to their end."""
        with self._database.writing() as session:
            row = _watched_row(session, marks)
            if row is not None:
                row.reread_at, row.rereading_down_to = at, None


def _watched_row(session: Session, marks: ReadMarks) -> ChannelRow | None:
    row = session.get(ChannelRow, (marks.team_id, marks.channel_id), with_for_update=True)
    return row if row is not None and row.watch is Watch.ALL and row.read_through is not None else None


def _older(known: Ts | None, told: Ts) -> Ts:
    return told if known is None else min(known, told, key=Decimal)


def _marks(row: ChannelRow) -> ReadMarks:
    through = row.read_through or Ts("0.000000")
    return ReadMarks(
        team_id=row.team_id,
        channel_id=row.channel_id,
        read_through=through,
        chosen_since=row.chosen_since or through,
        reading_to=row.reading_to,
        down_to=row.reading_down_to,
        again_down_to=row.rereading_down_to,
        reread_at=row.reread_at,
    )

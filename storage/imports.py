"""Files that are imported: batches of feedback, each one transaction with how far the file has been read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from storage.arriving import new_row
from storage.copies import insert_copy
from storage.database import Database
from storage.engines import make_room
from storage.errors import StaleError
from storage.ids import ImportId, Origin, TeamId
from storage.records import NewFeedback
from storage.rows import FeedbackRow, ImportRow
from storage.statements import changed, insert_many, insert_once
from storage.text import clean


@dataclass(frozen=True, slots=True)
class Import:
    """Know how far a file has come."""

    import_id: ImportId
    team_id: TeamId
    rows_read: int
    new: int
    known: int
    rejected: int
    started_at: datetime
    finished_at: datetime | None


class Imports:
    """Take in files, so that a second start goes on where the first was cut off.

    To be made while nobody else in the process uses the database: its connections are opened anew, with more room.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        make_room(database.engine)

    def begin(self, team_id: TeamId, fingerprint: str, at: datetime) -> Import:
        """Begin with a file, or go on with one of the same fingerprint. Raises NotFoundError for an unknown team."""
        values = {
            "team_id": team_id,
            "fingerprint": fingerprint,
            "rows_read": 0,
            "new": 0,
            "known": 0,
            "rejected": 0,
            "started_at": at,
        }
        with self._database.writing() as session:
            insert_once(session, ImportRow, values, returning=ImportRow.import_id)
            known = select(ImportRow).where(ImportRow.team_id == team_id, ImportRow.fingerprint == fingerprint)
            return _import(session.scalars(known).one())

    def take_in(
        self, standing: Import, batch: Sequence[NewFeedback], at: datetime, *, rejected: int
    ) -> tuple[Import, frozenset[int]]:
        """Store a batch as ``waiting``, once an origin, and note that its rows and ``rejected`` others were read.

        One transaction. Return how far the file has come, and the places in the batch of those whose origin stands
        with other words, which are rejected too. Raises StaleError when another program imports the same file.
        """
        with self._database.writing() as session:
            new = _insert(session, standing.team_id, batch, at)
            clashing = _clashing(session, standing.team_id, batch) if new < len(batch) else frozenset()
            moved = replace(
                standing,
                rows_read=standing.rows_read + len(batch) + rejected,
                new=standing.new + new,
                known=standing.known + len(batch) - new - len(clashing),
                rejected=standing.rejected + rejected + len(clashing),
            )
            _move(session, standing, moved)
        return moved, clashing

    def take_in_late(self, standing: Import, batch: Sequence[NewFeedback], at: datetime) -> Import:
        """Store of rows that an earlier start rejected what may come in now: its date was to come, and has come."""
        with self._database.writing() as session:
            new = _insert(session, standing.team_id, batch, at)
            moved = replace(standing, new=standing.new + new, rejected=max(standing.rejected - new, 0))
            _move(session, standing, moved)
        return moved

    def clashing(self, team_id: TeamId, batch: Sequence[NewFeedback]) -> frozenset[int]:
        """Tell the places of those whose origin stands with other words; erased words clash with none."""
        with self._database.reading() as session:
            return _clashing(session, team_id, batch)

    def count_known(self, team_id: TeamId, batch: Sequence[NewFeedback]) -> int:
        """Count those of a batch that would bring nothing new: known, or twice in the batch."""
        with self._database.reading() as session:
            standing = _words_of(session, team_id, batch)
        return len(batch) - len({feedback.origin for feedback in batch} - standing.keys())

    def finish(self, standing: Import, at: datetime) -> None:
        """Note that the file was read to its end."""
        with self._database.writing() as session:
            ended = update(ImportRow).where(*_of(standing), ImportRow.finished_at.is_(None))
            changed(session, ended.values(finished_at=at))


def _insert(session: Session, team_id: TeamId, batch: Sequence[NewFeedback], at: datetime) -> int:
    """Insert what is not known by its origin and return how many; what a forward counts for already is linked to it."""
    rows = [new_row(feedback, at) for feedback in batch]
    new = len(insert_many(session, FeedbackRow, rows, returning=FeedbackRow.feedback_id))
    if new == len(batch):
        return new
    of_batch = FeedbackRow.origin.in_({feedback.origin for feedback in batch})
    known = set(session.scalars(select(FeedbackRow.origin).where(FeedbackRow.team_id == team_id, of_batch)))
    copies = (insert_copy(session, row) for row in rows if row["origin"] not in known)
    return new + sum(copy is not None for copy in copies)


def _clashing(session: Session, team_id: TeamId, batch: Sequence[NewFeedback]) -> frozenset[int]:
    standing = _words_of(session, team_id, batch)
    return frozenset(
        place
        for place, feedback in enumerate(batch)
        if (words := standing.get(feedback.origin)) is not None and words != clean(feedback.text)
    )


def _words_of(session: Session, team_id: TeamId, batch: Sequence[NewFeedback]) -> Mapping[Origin, str | None]:
    """Give the words that stand under the origins of a batch; None where they were erased."""
    wanted = select(FeedbackRow.origin, FeedbackRow.text, FeedbackRow.words_erased_at).where(
        FeedbackRow.team_id == team_id, FeedbackRow.origin.in_({feedback.origin for feedback in batch})
    )
    return {row.origin: row.text if row.words_erased_at is None else None for row in session.execute(wanted)}


def _move(session: Session, standing: Import, moved: Import) -> None:
    here = update(ImportRow).where(*_of(standing), ImportRow.rows_read == standing.rows_read)
    counts = {"rows_read": moved.rows_read, "new": moved.new, "known": moved.known, "rejected": moved.rejected}
    if not changed(session, here.values(**counts)):
        message = "another program imports this very file into this workspace: let it end, then start this one again"
        raise StaleError(message)


def _of(standing: Import) -> tuple[ColumnElement[bool], ...]:
    return ImportRow.team_id == standing.team_id, ImportRow.import_id == standing.import_id


def _import(row: ImportRow) -> Import:
    return Import(
        import_id=row.import_id,
        team_id=row.team_id,
        rows_read=row.rows_read,
        new=row.new,
        known=row.known,
        rejected=row.rejected,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )

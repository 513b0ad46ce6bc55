"""Whether a reporter is a guest or of another organisation: what is to be asked yet, and writing down what was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import FeedbackId, TeamId, UserId
from storage.rows import FeedbackRow
from storage.statements import changed
from storage.vocabulary import Voice


class Outsiders:
    """Hand out the messages of which nobody told who is a guest, and take the answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(
        self, team_id: TeamId, *, but_not: Collection[UserId] = (), limit: int = 100
    ) -> Sequence[tuple[FeedbackId, UserId | None]]:
        """List the oldest messages whose reporter is to be asked about; None where the words were erased meanwhile."""
        is_due = FeedbackRow.outside_due.is_not(None)  # as the index has it
        wanted = select(FeedbackRow.feedback_id, FeedbackRow.reporter).where(FeedbackRow.team_id == team_id, is_due)
        if but_not:
            wanted = wanted.where(FeedbackRow.reporter.not_in(but_not))
        with self._database.reading() as session:
            rows = session.execute(wanted.order_by(FeedbackRow.feedback_id).limit(limit)).all()
            return [(row.feedback_id, row.reporter) for row in rows]

    def tell(self, team_id: TeamId, told: Sequence[FeedbackId], *, outside: bool | None) -> None:
        """Write of messages who said them, None where nobody can tell; they are not handed out again."""
        of_them = FeedbackRow.feedback_id.in_(told)
        with self._database.writing() as session:
            if outside is not None:
                write_outside(session, team_id, told, outside=outside)
            changed(
                session, update(FeedbackRow).where(FeedbackRow.team_id == team_id, of_them).values(outside_due=None)
            )


def write_outside(session: Session, team_id: TeamId, told: Sequence[FeedbackId], *, outside: bool) -> None:
    """Write whether the reporter of messages is from outside: then what they typed is first-hand."""
    here = update(FeedbackRow).where(
        FeedbackRow.team_id == team_id, FeedbackRow.feedback_id.in_(told), FeedbackRow.words_erased_at.is_(None)
    )
    is_relayed = FeedbackRow.voice == Voice.RELAYED
    closer = case((is_relayed, Voice.FIRST_HAND), else_=FeedbackRow.voice) if outside else FeedbackRow.voice
    changed(session, here.values(outside=outside, voice=closer))


def owe_asking(session: Session, team_id: TeamId, feedback_id: FeedbackId) -> None:
    """Note that Slack is to be asked who said a message."""
    here = update(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
    changed(session, here.values(outside_due=True))

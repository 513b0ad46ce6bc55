"""Erasing words whose time is over; what was counted of them stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.engines import empty_log
from storage.ids import TeamId
from storage.rows import FeedbackRow, InsightRow, UnreadableRow
from storage.statements import changed
from storage.vocabulary import FeedbackState

_NEVER_READ = FeedbackRow.state.in_((FeedbackState.WAITING, FeedbackState.FAILED))


class Erasing:
    """Empty words and keep the rest: labels, side, account, times, links, verdicts and what came from where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase_words(self, team_id: TeamId, said_before: datetime, *, at: datetime, limit: int = 500) -> int:
        """Erase the words of up to ``limit`` feedback said before then, oldest first; return of how many.

        Emptied are a feedback's text and its reporter's name, and the quotes and rationale of all its insights;
        deliveries that nobody could read and that came before then go whole. What was never read becomes
        ``erased`` and is read no more. The row stays, and with it its origin: the message cannot come in again.
        """
        with self._database.writing() as session:
            erased = _erase_feedback(session, team_id, said_before, at, limit)
            gone = _drop_unreadable(session, team_id, said_before, limit)
        if erased or gone:
            empty_log(self._database.engine)
        return erased


def _erase_feedback(session: Session, team_id: TeamId, said_before: datetime, at: datetime, limit: int) -> int:
    # Locked, so that two processes that erase at once share the work instead of waiting for each other.
    old = (
        select(FeedbackRow.feedback_id)
        .where(FeedbackRow.team_id == team_id, FeedbackRow.words_erased_at.is_(None), FeedbackRow.said_at < said_before)
        .order_by(FeedbackRow.said_at, FeedbackRow.feedback_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(old).all()
    if not ids:
        return 0
    wordless = update(InsightRow).where(InsightRow.team_id == team_id, InsightRow.feedback_id.in_(ids))
    changed(session, wordless.values(quote="", rationale=None, stake_quote=None))
    emptied = update(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id.in_(ids))
    changed(
        session,
        emptied.values(
            text="",
            folded="",
            reporter_name=None,
            words_erased_at=at,
            state=case((_NEVER_READ, FeedbackState.ERASED), else_=FeedbackRow.state),
            token=None,  # whoever reads it this moment will find the claim gone
        ),
    )
    return len(ids)


def _drop_unreadable(session: Session, team_id: TeamId, before: datetime, limit: int) -> int:
    old = (
        select(UnreadableRow.unreadable_id)
        .where(UnreadableRow.team_id == team_id, UnreadableRow.received_at < before)
        .order_by(UnreadableRow.received_at)
        .limit(limit)
    )
    gone = delete(UnreadableRow).where(UnreadableRow.unreadable_id.in_(old)).returning(UnreadableRow.unreadable_id)
    return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())

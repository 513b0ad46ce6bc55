"""Erasing: words whose time is over, of which the counts stay; and whole feedback, of which nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Float, case, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from storage.copies import let_copy_count
from storage.database import Database, leave_words
from storage.ids import TeamId
from storage.owing import revise_card
from storage.records import Place
from storage.rows import AccountAskedRow, FeedbackRow, FetchRow, InsightRow, UnreadableRow
from storage.statements import Column, changed, count_changed
from storage.vocabulary import Erasure, FeedbackState, FetchState

_OF_PERSONS = (
    "reporter",
    "reporter_name",
    "author",
    "author_name",
    "person",
    "saved_by",
    "outside",
    "account",
    "account_folded",
    "context",
    "note",
    "stated_side",
    "stated_theme",
    "stated_persona",
    "stated_by",
    "stated_decides",
    "permalink",
    "original_ts",
    "original_channel_id",
    "original_permalink",
)
_NEVER_READ = FeedbackRow.state.in_((FeedbackState.WAITING, FeedbackState.FAILED))


class Erasing:
    """Empty words and who said them; keep the rest: labels, account, times, links, verdicts, what came from where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase_words(self, team_id: TeamId, said_before: datetime, *, at: datetime, limit: int = 500) -> int:
        """Erase the words of up to ``limit`` feedback said before then, oldest first; return of how many.

        No transaction writes more than ``limit`` rows and what belongs to them, so that capture never waits long.

        Emptied are a feedback's text, what was said beside it, who its reporter, author and person were, and the
        quotes and rationale of all its insights. Deliveries that nobody could read, what was asked to be saved and
        who was asked for an account go whole where they are as old. What was never read becomes ``erased`` and is
        read no more. The row stays, and with it its origin: the message cannot come in again.
        """
        with self._database.writing() as session:
            erased = _erase_feedback(session, team_id, said_before, at, limit)
        for key, is_old in _beside(said_before):
            while self._drop(team_id, key, is_old, limit) == limit:
                pass  # more of them may be as old
        # Also where nothing was old: a message deleted in Slack since the last time stands in the log as it was.
        self._database.erase_log()
        return erased

    def _drop(self, team_id: TeamId, key: Column, is_old: ColumnElement[bool], limit: int) -> int:
        row = key.class_
        old = select(key).where(row.team_id == team_id, is_old).order_by(key).limit(limit)
        with self._database.writing() as session:
            return count_changed(session, delete(row).where(row.team_id == team_id, key.in_(old)))


def erase_whole(session: Session, row: FeedbackRow, why: Erasure, at: datetime) -> None:
    """Leave of a feedback only that something was there: its origin, when and where it was said, and by which way.

    Insights and their reviews go with the words, and who was asked for its account. A card is due to be removed.
    Where copies are linked to it, the earliest counts from now on. The row must be locked.
    """
    for gone in (InsightRow, AccountAskedRow):
        of_it = delete(gone).where(gone.team_id == row.team_id, gone.feedback_id == row.feedback_id)
        session.execute(of_it, execution_options={"synchronize_session": False})
    leave_words(session)
    freed = row.counts_as
    for name in _OF_PERSONS:
        setattr(row, name, None)
    row.text = row.folded = ""
    row.state, row.words_erased_at, row.erased_why = FeedbackState.ERASED, at, why
    row.token = row.failure = row.current_classification_id = row.counts_as = row.same_as = None
    session.flush()
    let_copy_count(session, row.team_id, row.feedback_id, freed, at)
    revise_card(session, row.team_id, row.feedback_id, at)


def drop_unreadable_of(session: Session, place: Place) -> None:
    """Delete what nobody could read of a message; what was kept without its channel goes by its time alone."""
    here = or_(UnreadableRow.channel_id == place.channel_id, UnreadableRow.channel_id.is_(None))
    gone = delete(UnreadableRow).where(UnreadableRow.team_id == place.team_id, UnreadableRow.ts == place.ts, here)
    if count_changed(session, gone):
        leave_words(session)


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
            reporter=None,
            reporter_name=None,
            author=None,
            author_name=None,
            person=None,
            saved_by=None,
            stated_by=None,
            context=None,
            note=None,
            words_erased_at=at,
            erased_why=Erasure.TIME,
            state=case((_NEVER_READ, FeedbackState.ERASED), else_=FeedbackRow.state),
            token=None,  # whoever reads it this moment will find the claim gone
        ),
    )
    return len(ids)


def _beside(before: datetime) -> Iterator[tuple[Column, ColumnElement[bool]]]:
    """Give what is kept beside the messages and goes with time: its key, and what tells that it is old."""
    was_said_before = cast(UnreadableRow.ts, Float) < before.timestamp()
    yield UnreadableRow.unreadable_id, or_(UnreadableRow.received_at < before, was_said_before)
    yield FetchRow.fetch_id, (FetchRow.asked_at < before) & (FetchRow.state != FetchState.DUE)
    yield AccountAskedRow.feedback_id, AccountAskedRow.asked_at < before

"""Edits and deletions: what is kept stays in step with what people left standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.arriving import new_row
from storage.copies import insert_copy
from storage.database import Database
from storage.erasing import drop_unreadable_of, erase_whole
from storage.ids import Ts, slack_origin
from storage.records import NewFeedback, Place, Taken
from storage.rewriting import rewrite
from storage.rows import FeedbackRow
from storage.standing_in import let_copy_stand_in, prefer_copy
from storage.statements import insert_once
from storage.text import clean
from storage.vocabulary import Erasure, FeedbackState, Source, Voice

_DESCRIBED = (
    "source",
    "thread_ts",
    "reporter",
    "reporter_name",
    "permalink",
    "event_id",
    "original_ts",
    "original_channel_id",
    "original_permalink",
    "author",
    "author_name",
    "app",
    "outside",
)


class Amending:
    """Apply what happened to a message after it was said. Each change is one transaction and may come twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def edit(self, feedback: NewFeedback, at: datetime, *, comment: NewFeedback | None = None) -> Taken | None:
        """Bring a feedback to the words of a later edit; None when its origin never came in.

        An edit whose ``edited_ts`` is not later than the newest applied changes nothing, nor does one of words
        that are erased. An app's post keeps its first words, for what an app edits is seldom what somebody said.
        """
        with self._database.writing() as session:
            return meet_again(session, feedback, at, comment)

    def empty(self, place: Place, edited_ts: Ts, at: datetime, *, remember: bool) -> bool:
        """Take away the words that a later edit left nothing of to keep; a still later one may bring words again.

        A message that never came in is remembered without words if wanted, so that what it said before does not
        come in late. True when something changed.
        """
        with self._database.writing() as session:
            rows = _rows_at(session, place)
            for row in rows:
                _empty(session, row, edited_ts, at)
            if rows or not remember:
                return bool(rows)
            counts_as = slack_origin(place.channel_id, place.ts)
            values = _wordless(place, FeedbackState.CLASSIFIED, at) | {"edited_ts": edited_ts, "counts_as": counts_as}
            return insert_copy(session, values) is not None

    def delete(self, place: Place, at: datetime, *, remember: bool) -> bool:
        """Erase what was kept of a deleted message, whole; nothing brings it back. True when something changed.

        A message that never came in is remembered as erased if wanted, for the deletion may come first. Deliveries
        of it that nobody could read go as well.
        """
        with self._database.writing() as session:
            drop_unreadable_of(session, place)
            rows = _rows_at(session, place)
            if not rows and remember:
                erased = {"erased_why": Erasure.DELETED, "words_erased_at": at}
                values = _wordless(place, FeedbackState.ERASED, at) | erased
                if insert_once(session, FeedbackRow, values, returning=FeedbackRow.feedback_id) is not None:
                    return True
                rows = _rows_at(session, place)  # it came in at this very moment
            standing = [row for row in rows if row.erased_why not in (Erasure.DELETED, Erasure.FORGOTTEN)]
            for row in standing:
                erase_whole(session, row, Erasure.DELETED, at)
            return bool(standing)


def meet_again(
    session: Session, feedback: NewFeedback, at: datetime, comment: NewFeedback | None = None
) -> Taken | None:
    """Find a feedback by its origin and bring it up to date, should these be the words that are to stand.

    What an edit emptied, because the team's choices leave its words out, comes back when somebody saves it by hand.
    """
    row = session.scalars(_locked(_at_origin(feedback))).one_or_none()
    if row is None:
        return None
    if row.words_erased_at is not None:
        return Taken(row.feedback_id, new=False, erased=True)
    if not (_is_to_stand(feedback, row.edited_ts) or _is_to_come_back(feedback, row)):
        return Taken(row.feedback_id, new=False)
    if not row.text:
        _describe(row, feedback, at)
    row.edited_ts, row.context, row.voice = feedback.edited_ts, feedback.context, feedback.voice
    changed = _has_changed(session, row, feedback.text, at)
    if changed and row.same_as is not None:
        prefer_copy(session, row.team_id, row.feedback_id, at)
    beside = feedback.source is Source.FORWARD and _bring_comment_along(session, feedback, comment, at)
    return Taken(row.feedback_id, new=False, changed=changed or beside)


def _describe(row: FeedbackRow, feedback: NewFeedback, at: datetime) -> None:
    """Tell of a row that was remembered without words who says them now, and how."""
    told = new_row(feedback, at)
    for name in _DESCRIBED:
        if told[name] is not None:
            setattr(row, name, told[name])
    row.saved_by = row.saved_by or feedback.saved_by


def _bring_comment_along(session: Session, forward: NewFeedback, comment: NewFeedback | None, at: datetime) -> bool:
    """Bring what somebody wrote on top of a forward to what it says now, should it say enough to be kept by itself."""
    known = select(FeedbackRow).where(
        FeedbackRow.team_id == forward.team_id,
        FeedbackRow.channel_id == forward.channel_id,
        FeedbackRow.ts == forward.ts,
        FeedbackRow.origin != forward.origin,
    )
    row = session.scalars(_locked(known)).first()
    if row is not None:
        row.edited_ts = forward.edited_ts
        return row.words_erased_at is None and _has_changed(session, row, comment.text if comment else "", at)
    if comment is None:
        return False
    return insert_once(session, FeedbackRow, new_row(comment, at), returning=FeedbackRow.feedback_id) is not None


def _empty(session: Session, row: FeedbackRow, edited_ts: Ts, at: datetime) -> None:
    if row.words_erased_at is None and row.app is None and _is_later(edited_ts, row.edited_ts):
        row.edited_ts, row.context = edited_ts, None
        let_copy_stand_in(session, row, at)
        _has_changed(session, row, "", at)


def _has_changed(session: Session, row: FeedbackRow, text: str, at: datetime) -> bool:
    if clean(text) == row.text:
        return False
    rewrite(session, row, text, at)
    return True


def _is_to_stand(feedback: NewFeedback, applied: Ts | None) -> bool:
    """Tell which words stay: of a person the last, of an app the first, in whichever order they come."""
    told, known = feedback.edited_ts, applied
    return _is_later(told, known) if feedback.app is None else _is_later(known, told)


def _is_to_come_back(feedback: NewFeedback, row: FeedbackRow) -> bool:
    """Tell whether somebody saves what a row lost its words with; older words than that edit's stay away."""
    return not row.text and feedback.saved_by is not None and not _is_later(row.edited_ts, feedback.edited_ts)


def _is_later(edited_ts: Ts | None, applied: Ts | None) -> bool:
    """Tell a later edit; as numbers, for as text ``9.5`` would come after ``10.5``."""
    if edited_ts is None:
        return False
    return applied is None or Decimal(edited_ts) > Decimal(applied)


def _at_origin(feedback: NewFeedback) -> Select[FeedbackRow]:
    return select(FeedbackRow).where(FeedbackRow.team_id == feedback.team_id, FeedbackRow.origin == feedback.origin)


def _rows_at(session: Session, place: Place) -> Sequence[FeedbackRow]:
    """Read what was kept of a message, its comment as well, locked."""
    wanted = select(FeedbackRow).where(
        FeedbackRow.team_id == place.team_id, FeedbackRow.channel_id == place.channel_id, FeedbackRow.ts == place.ts
    )
    return session.scalars(_locked(wanted.order_by(FeedbackRow.feedback_id))).all()


def _locked(wanted: Select[FeedbackRow]) -> Select[FeedbackRow]:
    # A verdict of this moment holds the insight and asks for the feedback's key: neither waits for the other.
    return wanted.with_for_update(key_share=True)


def _wordless(place: Place, state: FeedbackState, at: datetime) -> dict[str, Any]:
    return {
        "team_id": place.team_id,
        "origin": slack_origin(place.channel_id, place.ts),
        "source": Source.CHANNEL,
        "voice": Voice.RELAYED,
        "channel_id": place.channel_id,
        "channel_kind": place.channel_kind,
        "ts": place.ts,
        "said_at": place.said_at,
        "captured_at": at,
        "text": "",
        "folded": "",
        "text_version": 1,
        "state": state,
        "attempts": 0,
        "next_attempt_at": at,
    }

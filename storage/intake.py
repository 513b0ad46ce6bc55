"""What comes in: feedback once each, and deliveries that cannot be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from storage.amending import meet_again
from storage.arriving import new_row
from storage.copies import follow_forwards, insert_copy
from storage.database import Database
from storage.errors import DatabaseUnavailableError
from storage.ids import ChannelId, FeedbackId, TeamId, Ts
from storage.records import NewFeedback, Taken
from storage.rows import FeedbackRow, UnreadableRow
from storage.statements import enter_once, insert_once


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Know a delivery that was kept raw."""

    team_id: TeamId
    event_id: str | None
    reason: str
    received_at: datetime


class Intake:
    """Commit what comes in before anything else happens to it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_in(self, feedback: NewFeedback, at: datetime, *, comment: NewFeedback | None = None) -> Taken:
        """Store a feedback as ``waiting``, once an origin, and with it the ``comment`` that came on top of it.

        A second time changes nothing, unless with the words of a later edit (``edited_ts``). What another counts for
        already (``counts_as``) is stored too, linked to it, and not classified. What was erased stays erased. NUL
        and lone surrogates become U+FFFD. Raises DatabaseUnavailableError when it could not be committed,
        NotFoundError when nobody remembered the workspace.
        """
        with self._database.entering() as connection:
            if comment is None and feedback.counts_as is None:
                entered = _enter(connection, feedback, at)
                if entered is not None:
                    return Taken(entered, new=True)
            with Session(connection, expire_on_commit=False) as session, session.begin():
                return _take_in(session, feedback, comment, at)

    def keep_unreadable(
        self,
        team_id: TeamId,
        payload: object,
        reason: str,
        event_id: str | None,
        at: datetime,
        *,
        channel_id: ChannelId | None = None,
        ts: Ts | None = None,
    ) -> None:
        """Keep a delivery as escaped JSON, once a team and payload (its SHA-256).

        What JSON cannot hold is kept as Python writes it. By channel and ``ts`` it goes with the message in it, and by
        ``ts``, a number, when its time is over; where that is not told, by when it came.
        """
        escaped = _escaped(payload)
        values = {
            "team_id": team_id,
            "fingerprint": hashlib.sha256(escaped.encode("ascii")).hexdigest(),
            "event_id": event_id,
            "reason": reason,
            "payload": escaped,
            "received_at": at,
            "channel_id": channel_id,
            "ts": ts,
        }
        with self._database.writing() as session:
            insert_once(session, UnreadableRow, values, returning=UnreadableRow.unreadable_id)

    def unreadable(self, team_id: TeamId, *, limit: int = 100) -> Sequence[Unreadable]:
        """List the deliveries kept raw, the newest first."""
        wanted = select(UnreadableRow).where(UnreadableRow.team_id == team_id)
        newest = wanted.order_by(UnreadableRow.received_at.desc(), UnreadableRow.unreadable_id.desc()).limit(limit)
        with self._database.reading() as session:
            return [_unreadable(row) for row in session.scalars(newest)]


def _enter(connection: Connection, feedback: NewFeedback, at: datetime) -> FeedbackId | None:
    """Enter what is no copy by itself, the usual case, without a session; None when it is known."""
    entered: FeedbackId | None = enter_once(
        connection, FeedbackRow, new_row(feedback, at), returning=FeedbackRow.feedback_id
    )
    return entered


def _take_in(session: Session, feedback: NewFeedback, comment: NewFeedback | None, at: datetime) -> Taken:
    taken = _take_in_alone(session, feedback, comment, at)
    if comment is not None and taken.new:
        insert_once(session, FeedbackRow, new_row(comment, at), returning=FeedbackRow.feedback_id)
    return taken


def _take_in_alone(session: Session, feedback: NewFeedback, comment: NewFeedback | None, at: datetime) -> Taken:
    values = follow_forwards(session, new_row(feedback, at))
    taken = insert_once(session, FeedbackRow, values, returning=FeedbackRow.feedback_id)
    if taken is not None:
        return Taken(FeedbackId(taken), new=True)
    known = meet_again(session, feedback, at, comment)
    if known is not None:
        return known
    copy = insert_copy(session, values)
    if copy is not None:
        return Taken(copy, new=True)
    known = meet_again(session, feedback, at, comment)  # it came in at this very moment
    if known is None:
        message = "the database was busy with the same message: try again"
        raise DatabaseUnavailableError(message)
    return known


def _escaped(payload: object) -> str:
    try:
        return json.dumps(payload, ensure_ascii=True, sort_keys=True, default=ascii)
    except (TypeError, ValueError, RecursionError):  # keys of several types, a circle, endless nesting
        return json.dumps(ascii(payload))


def _unreadable(row: UnreadableRow) -> Unreadable:
    return Unreadable(team_id=row.team_id, event_id=row.event_id, reason=row.reason, received_at=row.received_at)

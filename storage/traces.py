"""Traces of a person, place or name outside the messages: unread deliveries, open forms, notices, requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.held import Target
from storage.ids import DraftId, TeamId
from storage.naming import Naming
from storage.rows import AccountAskedRow, DraftRow, FeedbackRow, FetchRow, PostRow, UnreadableRow
from storage.statements import changed
from storage.vocabulary import PostState, Whose

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Traces:
    """Count where an id or a name stands outside the messages."""

    deliveries: int
    notices: int


def count_traces(session: Session, target: Target, naming: Naming) -> Traces:
    """Count deliveries that could not be read, messages whose form is open, and the notices."""
    deliveries = [*_unreadable(session, target, naming), *_drafts(session, target, naming)]
    return Traces(len(deliveries), len(list(_notices(session, target, naming))))


def erase_traces(session: Session, target: Target, naming: Naming) -> None:
    """Delete deliveries, forms and what somebody asked for; empty the notices, and let go of those still to come."""
    for each in list(_unreadable(session, target, naming)):
        _delete(session, UnreadableRow.unreadable_id, each)
    for draft_id in list(_drafts(session, target, naming)):
        _delete(session, DraftRow.draft_id, draft_id)
    is_due = PostRow.state == PostState.DUE
    for post_id in list(_notices(session, target, naming)):
        emptied = update(PostRow).where(PostRow.post_id == post_id)
        changed(session, emptied.values(body=None, state=case((is_due, PostState.DROPPED), else_=PostRow.state)))
    for column in _UNDER_ITS_ID.get(target.whose, ()):
        _delete(session, column, target.value, team_id=target.team_id)
    if target.whose is Whose.REPORTER:
        for column in (FeedbackRow.saved_by, FeedbackRow.stated_by):
            theirs = update(FeedbackRow).where(FeedbackRow.team_id == target.team_id, column == target.value)
            changed(session, theirs.values({column: None}))


_UNDER_ITS_ID: Mapping[Whose, tuple[Column, ...]] = {
    Whose.REPORTER: (FetchRow.asked_by, AccountAskedRow.asked),
    Whose.CHANNEL: (FetchRow.channel_id,),
}
"""What goes because the id is its own, whatever stands in it."""


def _unreadable(session: Session, target: Target, naming: Naming) -> Iterator[int]:
    kept = select(UnreadableRow.unreadable_id, UnreadableRow.payload).where(UnreadableRow.team_id == target.team_id)
    return (each for each, payload in session.execute(kept) if naming.stands_in_json(payload))


def _drafts(session: Session, target: Target, naming: Naming) -> Iterator[DraftId]:
    wanted = select(DraftRow.draft_id, DraftRow.made_by, DraftRow.channel_id, DraftRow.message)
    for draft_id, made_by, channel_id, message in session.execute(wanted.where(DraftRow.team_id == target.team_id)):
        if target.value in (made_by, channel_id) or naming.stands_in_json(message):
            yield draft_id


def _notices(session: Session, target: Target, naming: Naming) -> Iterator[int]:
    told = select(PostRow.post_id, PostRow.body).where(PostRow.team_id == target.team_id, PostRow.body.is_not(None))
    return (each for each, body in session.execute(told) if naming.stands_in(body))


def _delete(session: Session, column: Column, value: object, *, team_id: TeamId | None = None) -> None:
    row = column.class_
    gone = delete(row).where(column == value)
    if team_id is not None:
        gone = gone.where(row.team_id == team_id)
    session.execute(gone, execution_options={"synchronize_session": False})

"""Traces of a person, place or name outside the messages: unread deliveries, open forms, notices, requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, delete, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.held import Target
from storage.ids import FeedbackId
from storage.lots import AT_ONCE, lots
from storage.naming import Naming
from storage.rows import AccountAskedRow, DraftRow, FeedbackRow, FetchRow, PostRow, UnreadableRow
from storage.statements import Column, changed
from storage.vocabulary import PostState, Whose

Find = Callable[[Session], Iterable[Any]]
"""Reads the keys of what is to go."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Count where an id or a name stands outside the messages."""

    deliveries: int
    notices: int
    saved: int
    requests: int


def count_traces(session: Session, target: Target, naming: Naming, going: Collection[FeedbackId]) -> Traces:
    """Count deliveries that could not be read, messages whose form is open, notices, and what a person saved.

    Messages that are ``going`` whole are not counted a second time as saved.
    """
    deliveries = [*_unreadable(target, naming)(session), *_drafts(target, naming)(session)]
    return Traces(
        deliveries=len(deliveries),
        notices=len(list(_notices(target, naming)(session))),
        saved=len(_saved(session, target).difference(going)),
        requests=len(list(_requests(target)(session))),
    )


def erase_traces(database: Database, target: Target, naming: Naming) -> None:
    """Delete deliveries, forms and what somebody asked for; empty the notices, and let go of those still to come.

    Of what a person saved goes their id, and the note whole: it is not kept who wrote which part of it. Read first and
    then written in lots, each committed, so that capture waits for none of it.
    """
    is_due = PostRow.state == PostState.DUE
    emptied = {"body": None, "state": case((is_due, PostState.DROPPED), else_=PostRow.state)}
    _delete(database, target, UnreadableRow.unreadable_id, _unreadable(target, naming))
    _delete(database, target, DraftRow.draft_id, _drafts(target, naming))
    _write(database, target, PostRow.post_id, _notices(target, naming), emptied)
    _delete(database, target, FetchRow.fetch_id, _requests(target))
    if target.whose is Whose.REPORTER:
        asked = _under(target, AccountAskedRow.asked, AccountAskedRow.feedback_id)
        _delete(database, target, AccountAskedRow.feedback_id, asked)
        for column in _SAVERS:
            theirs = _under(target, column, FeedbackRow.feedback_id)
            _write(database, target, FeedbackRow.feedback_id, theirs, {column.key: None, "note": None})


_SAVERS: tuple[Column, ...] = (FeedbackRow.saved_by, FeedbackRow.stated_by)
"""Where the id of somebody stands beside another's words."""


def _saved(session: Session, target: Target) -> set[FeedbackId]:
    """Find what a person saved, said something of, or was asked about."""
    if target.whose is not Whose.REPORTER:
        return set()
    named = (*_SAVERS, AccountAskedRow.asked)
    return {each for column in named for each in _under(target, column, column.class_.feedback_id)(session)}


def _requests(target: Target) -> Find:
    match target.whose:
        case Whose.REPORTER:
            return _under(target, FetchRow.asked_by, FetchRow.fetch_id)
        case Whose.CHANNEL:
            return _under(target, FetchRow.channel_id, FetchRow.fetch_id)
        case _:
            return lambda _: ()


def _unreadable(target: Target, naming: Naming) -> Find:
    kept = select(UnreadableRow.unreadable_id, UnreadableRow.payload).where(UnreadableRow.team_id == target.team_id)
    return lambda session: (each for each, payload in _each(session, kept) if naming.stands_in_json(payload))


def _drafts(target: Target, naming: Naming) -> Find:
    wanted = select(DraftRow.draft_id, DraftRow.made_by, DraftRow.channel_id, DraftRow.message)
    return lambda session: (
        draft_id
        for draft_id, made_by, channel_id, message in _each(session, wanted.where(DraftRow.team_id == target.team_id))
        if target.value in (made_by, channel_id) or naming.stands_in_json(message)
    )


def _notices(target: Target, naming: Naming) -> Find:
    told = select(PostRow.post_id, PostRow.body).where(PostRow.team_id == target.team_id, PostRow.body.is_not(None))
    return lambda session: (each for each, body in _each(session, told) if naming.stands_in(body))


def _under(target: Target, column: Column, key: Column) -> Find:
    theirs = select(key).where(key.class_.team_id == target.team_id, column == target.value)
    return lambda session: session.scalars(theirs)


def _each(session: Session, wanted: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return session.execute(wanted, execution_options={"yield_per": AT_ONCE})


def _delete(database: Database, target: Target, key: Column, find: Find) -> None:
    gone = delete(key.class_).where(key.class_.team_id == target.team_id)
    for lot in _found(database, find):
        with database.writing() as session:
            changed(session, gone.where(key.in_(lot)))


def _write(database: Database, target: Target, key: Column, find: Find, values: Mapping[str, Any]) -> None:
    here = update(key.class_).where(key.class_.team_id == target.team_id)
    for lot in _found(database, find):
        with database.writing() as session:
            changed(session, here.where(key.in_(lot)).values(**values))


def _found(database: Database, find: Find) -> Iterator[Sequence[Any]]:
    """Read all keys before the first is written: who reads holds no lock, and must not read what it writes."""
    with database.reading() as session:
        return lots(list(find(session)))

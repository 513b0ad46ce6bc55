"""A simple oracle: what a database must hold once all of these deliveries came, in whatever order.

It knows nothing of how the bot reads a payload. By its marks it tells whose words stand where, and of which version.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.ids import TeamId
from storage.rows import FeedbackRow, InsightRow, Row
from tests.bot.deliveries import ALLOWED_APP, Body, Message

_MARK = re.compile(r"mark-\d+-[vc]\d+")
_SAID = (None, "file_share", "bot_message", "thread_broadcast")


@dataclass
class Told:
    """Gather what was told of one message: its versions by the time of their edits, and whether it is gone."""

    versions: dict[float, Message] = field(default_factory=dict)
    is_gone: bool = False


@dataclass(frozen=True)
class Kept:
    """Know one row: its marks, those set aside, its thread, its reporter and how many problems were found in it."""

    marks: frozenset[str]
    aside: frozenset[str]
    thread_ts: str | None
    reporter: str | None
    is_erased: bool
    is_linked: bool
    found: int


def expected(bodies: Iterable[Body]) -> dict[str, Kept]:
    """Compute every row by its origin."""
    told: defaultdict[str, Told] = defaultdict(Told)
    for body in bodies:
        _hear(told, body["event"])
    rows: dict[str, Kept] = {}
    for origin, one in told.items():
        if one.is_gone:
            rows[origin] = Kept(frozenset(), frozenset(), None, None, is_erased=True, is_linked=False, found=0)
        elif one.versions:
            rows |= _standing(origin, one)
    return rows


def groups(bodies: Iterable[Body]) -> dict[str, set[str]]:
    """Tell which origins repeat each other: a message and those that forward it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for body in bodies:
        message = body["event"].get("message", body["event"])
        if _is_taken(message):
            shared = _shared(message)
            origin = _origin(message["ts"])
            found[f"slack:{shared['channel_id']}:{shared['ts']}" if shared else origin].add(origin)
    return found


def actual(database: Database, team_id: TeamId) -> dict[str, Kept]:
    """Read every row by its origin; a comment that went with its forward is left out: it may never have come in."""
    rows: dict[str, Kept] = {}
    with database.reading() as session:
        quotes: defaultdict[int, list[str]] = defaultdict(list)
        for insight in session.scalars(select(InsightRow)):
            quotes[insight.feedback_id].append(insight.quote)
        for row in session.scalars(select(FeedbackRow).where(FeedbackRow.team_id == team_id)):
            is_erased = row.state.value == "erased"
            if is_erased and "#" in row.origin:
                continue
            assert all(quote in row.text for quote in quotes[row.feedback_id]), "a quote does not stand in its text"
            found, linked = len(quotes[row.feedback_id]), row.same_as is not None
            rows[row.origin] = Kept(
                _marks(row.text), _marks(row.context), row.thread_ts, row.reporter, is_erased, linked, found
            )
    return rows


def marks_anywhere(database: Database) -> set[str]:
    """Find every mark in every text of every table."""
    with database.reading() as session:
        found: set[str] = set()
        for table in Row.metadata.sorted_tables:
            for row in session.execute(select(table)):
                found |= _marks(" ".join(value for value in row if isinstance(value, str)))
    return found


def differences(bodies: list[Body], database: Database, team_id: TeamId) -> list[str]:
    """Compare the database with the oracle, in sentences; none when they are equal.

    Which of several copies counts is told by which came first, and that is the network's choice: it must be one.
    """
    wanted, got = expected(bodies), actual(database, team_id)
    told = [f"{origin}: missing" for origin in wanted.keys() - got.keys()]
    told += [f"{origin}: not wanted" for origin in got.keys() - wanted.keys()]
    counting = {origin: {one for one in members if one in got} for origin, members in groups(bodies).items()}
    for origin, members in counting.items():
        standing = [one for one in members if not got[one].is_erased]
        counted = [one for one in standing if not got[one].is_linked]
        if standing and len(counted) != 1:
            told.append(f"{origin}: {len(counted)} of {len(standing)} copies count")
    for origin in wanted.keys() & got.keys():
        want, have = wanted[origin], got[origin]
        want = replace(want, is_linked=have.is_linked, found=0 if have.is_linked else want.found)
        if not want.marks:  # of a message without words nothing more is asked
            want = replace(want, thread_ts=have.thread_ts, reporter=have.reporter if not want.is_erased else None)
        if want != have:
            told.append(f"{origin}: wanted {want}, is {have}")
    left = marks_anywhere(database) - {mark for row in wanted.values() for mark in row.marks | row.aside}
    return told + [f"{mark}: stands somewhere though it is deleted or edited away" for mark in left]


def _hear(told: dict[str, Told], event: Message) -> None:
    match event.get("subtype"):
        case "message_deleted":
            told[_origin(event["deleted_ts"])].is_gone = True
        case "message_changed" if event["message"].get("subtype") == "tombstone":
            told[_origin(event["message"]["ts"])].is_gone = True
        case "message_changed":
            _note(told, event["message"])
        case _:
            _note(told, event)


def _note(told: dict[str, Told], message: Message) -> None:
    if _is_taken(message):
        at = float(message.get("edited", {}).get("ts", 0))
        told[_origin(message["ts"])].versions.setdefault(at, message)


def _is_taken(message: Message) -> bool:
    is_mail = message.get("user") == "USLACKBOT"
    by_app = message.get("bot_id") is not None and not is_mail
    return (
        message.get("subtype") in _SAID
        and message.get("streaming_state") in (None, "completed")
        and (not by_app or message["bot_id"] == ALLOWED_APP)
    )


def _standing(origin: str, told: Told) -> dict[str, Kept]:
    """Of a person the last words stand, of an app the first."""
    is_app = any(message.get("bot_id") == ALLOWED_APP for message in told.versions.values())
    message = told.versions[(min if is_app else max)(told.versions)]
    by_person = None if message.get("bot_id") else message.get("user")
    shared = _shared(message)
    comment = _marks(message.get("text")) if shared else frozenset()
    marks = _marks(json.dumps(shared)) if shared else _marks(_shown(message))
    row = Kept(
        marks,
        aside=comment,
        thread_ts=message.get("thread_ts"),
        reporter=by_person,
        is_erased=False,
        is_linked=False,
        found=1 if marks else 0,
    )
    return {origin: row} | ({f"{origin}#comment": replace(row, marks=comment, aside=frozenset())} if comment else {})


def _shown(message: Message) -> str:
    shown = {name: message.get(name) for name in ("text", "blocks", "attachments", "files")}
    return json.dumps(shown)


def _shared(message: Message) -> dict[str, Any] | None:
    shared = [one for one in message.get("attachments", ()) if one.get("is_share")]
    return shared[0] if shared else None


def _origin(ts: str) -> str:
    return f"slack:C200:{ts}"


def _marks(text: str | None) -> frozenset[str]:
    return frozenset(_MARK.findall(text or ""))

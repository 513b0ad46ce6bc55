"""A row of a file as feedback, or why it makes none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from bot.errors import InputError
from bot.keeping import feedback_of
from bot.reading import Message, Survey, message_of
from bot.reading_columns import listed
from bot.reading_records import Broken, Record
from bot.shapes.voice import is_document
from storage.ids import ChannelId, TeamId
from storage.records import NewFeedback
from storage.vocabulary import ChannelKind, Voice

_OWN_PEOPLE = frozenset({"admin", "agent", "bot", "operator", "staff", "system", "teammate"})
"""Kinds of authors, as help desks call them, whose words are replies and no feedback."""
_AHEAD = timedelta(days=1)
"""A date further ahead is a mistyped year; less may be another time zone."""
NO_TEXT = "it has no text"
NO_DATE = "its date cannot be read, and without one it is in no week"
FUTURE = "its date lies in the future"
OWN_WORDS = "your own team wrote it"
CLASH = "its key stands already with other words; if those are of another export, name this one with --keys-of"


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what is imported where, and how its rows are read."""

    team_id: TeamId
    surveyed: Survey
    names: tuple[str, ...]
    zone: tzinfo
    now: datetime
    keys_of: str = "file"
    """What the keys belong to, so that number 7 of one product is not number 7 of another."""
    voice: Voice | None = None
    """Whose words these are, where the whole file has one voice."""
    workspace_url: str | None = None
    kinds: Mapping[ChannelId, ChannelKind] = field(default_factory=dict)
    """Of the channels that are known, so that words of a closed one stay there, and those of an unknown one too."""
    account_of: Callable[[str], str | None] = lambda _: None
    """Names the account of an e-mail address."""

    @property
    def is_document(self) -> bool:
        """Tell whether the file is a list of requirements, and not messages of many."""
        return self.voice is Voice.DOCUMENT


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: the feedback that it makes, or why it makes none."""

    line: int
    cells: Mapping[str, str]
    raw: str = ""
    feedback: NewFeedback | None = None
    reason: str = ""


def check_dated(plan: Plan) -> None:
    """Raise InputError where no column holds dates that can be read: the history keeps every message in its week.

    A document needs none.
    """
    surveyed, column = plan.surveyed, plan.surveyed.columns.date
    if (column is None or surveyed.undated == surveyed.rows) and not plan.is_document:
        lacking = "No column holds dates" if column is None else f"No date of the column “{column}” can be read"
        message = (
            f"{lacking}, and each message belongs to a week. Name it with --map date=NAME. "
            f"The columns are {listed(plan.names)}."
        )
        raise InputError(message)


def row_of(record: Record | Broken, plan: Plan) -> Row:
    """Make a feedback of one record, or tell why it makes none."""
    if isinstance(record, Broken):
        return broken_row(record)
    if record.cells.get(plan.surveyed.columns.by or "", "").strip().casefold() in _OWN_PEOPLE:
        return Row(record.line, record.cells, reason=OWN_WORDS)
    message = message_of(record, plan.surveyed, plan.zone)
    if message is None:
        return Row(record.line, record.cells, reason=NO_TEXT)
    if message.said_at is None:
        return Row(record.line, record.cells, reason=NO_DATE)
    if message.said_at > plan.now + _AHEAD:
        return Row(record.line, record.cells, reason=FUTURE)
    return Row(record.line, record.cells, feedback=feedback_in(message, message.said_at, plan))


def broken_row(record: Broken) -> Row:
    """Make the row of a record that could not be read."""
    return Row(record.line, {}, record.raw, reason=record.reason)


def feedback_in(message: Message, said_at: datetime, plan: Plan) -> NewFeedback:
    """Make the feedback of a message, in the plan's workspace."""
    feedback = feedback_of(message, said_at, plan.team_id, keys_of=plan.keys_of, workspace_url=plan.workspace_url)
    if plan.surveyed.columns.voice is None and not plan.is_document:
        voice = Voice.DOCUMENT if is_document(message.text) else plan.voice or feedback.voice
        feedback = feedback if voice is feedback.voice else replace(feedback, voice=voice)
    if feedback.account is None and message.email:
        feedback = replace(feedback, account=plan.account_of(message.email))
    if feedback.channel_id is not None:
        kind = plan.kinds.get(feedback.channel_id, ChannelKind.PRIVATE)  # until it is met: then it is known
        feedback = replace(feedback, channel_kind=kind)
    return feedback

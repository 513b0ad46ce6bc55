"""Importing a file: its rows into the history batch by batch, each whole or not at all, and told what was rejected.

Streaming: one batch is held at a time. A second start reads the file from its first row again, for the rejected
ones, and stores from where the first was cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from itertools import count, islice

from bot.errors import InputError
from bot.importing_rejects import Rejects
from bot.keeping import feedback_of
from bot.parts import Clock
from bot.reading import Message, Survey, message_of
from bot.reading_columns import listed
from bot.reading_form import open_records
from bot.reading_records import Broken, Record
from storage.ids import ChannelId, TeamId
from storage.imports import Imports
from storage.records import NewFeedback
from storage.vocabulary import ChannelKind, Voice

BATCH = 1_000
"""Rows a transaction: few enough that a message from Slack never waits long for the write lock."""
_AHEAD = timedelta(days=1)
"""A date further ahead is a mistyped year; less may be another time zone."""
_CHUNK = 1 << 20
NO_TEXT = "it has no text"
NO_DATE = "its date cannot be read, and without one it is in no week"
FUTURE = "its date lies in the future"
CLASH = "its key stands already with other words; if those are of another export, name this one with --keys-of"

Progress = Callable[[int], None]
"""Told how many rows have been dealt with since it was last told."""


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
    """Of the channels that are known, so that words of a closed one stay there."""
    account_of: Callable[[str], str | None] = lambda _: None
    """Names the account of an e-mail address."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: the feedback that it makes, or why it makes none."""

    line: int
    cells: Mapping[str, str]
    raw: str = ""
    feedback: NewFeedback | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Count what an import brought."""

    new: int
    known: int
    rejected: int
    resumed_at: int = 0
    """Rows that an earlier start had dealt with; 0 where this is the first."""


def check_dated(surveyed: Survey, names: tuple[str, ...]) -> None:
    """Raise InputError where no column holds dates that can be read: the history keeps every message in its week."""
    column = surveyed.columns.date
    if column is None or surveyed.undated == surveyed.rows:
        lacking = "No column holds dates" if column is None else f"No date of the column “{column}” can be read"
        message = (
            f"{lacking}, and each message belongs to a week. Name it with --map date=NAME. "
            f"The columns are {listed(names)}."
        )
        raise InputError(message)


def run_import(plan: Plan, imports: Imports, rejects: Rejects, clock: Clock, progress: Progress) -> Imported:
    """Import a file. Raises NotFoundError for an unknown team, StaleError when the file is imported twice at once."""
    began = standing = imports.begin(plan.team_id, fingerprint(plan), clock())
    for is_done, batch in _batches(plan, began.rows_read):
        feedback = [row.feedback for row in batch if row.feedback]
        if is_done:
            clashing = imports.clashing(plan.team_id, feedback)
        else:
            standing, clashing = imports.take_in(standing, feedback, clock(), rejected=len(batch) - len(feedback))
        for row in _rejected(batch, clashing):
            rejects.add(row.line, row.reason, row.cells, row.raw)
        rejects.write_on()
        progress(len(batch))
    imports.finish(standing, clock())
    if began.finished_at is not None:
        return Imported(new=0, known=began.new + began.known, rejected=rejects.count)
    return Imported(standing.new, standing.known, rejects.count, resumed_at=began.rows_read)


def try_import(plan: Plan, imports: Imports | None, progress: Progress, *, shown: int) -> tuple[Imported, list[Row]]:
    """Count what an import would bring and give the first rejected rows; nothing is written.

    A row that stands twice in the file counts twice here. With no ``imports`` there is no history yet.
    """
    new = known = rejected = 0
    first: list[Row] = []
    for _, batch in _batches(plan, 0):
        feedback = [row.feedback for row in batch if row.feedback]
        clashing = imports.clashing(plan.team_id, feedback) if imports else frozenset()
        standing = imports.count_known(plan.team_id, feedback) if imports else 0
        turned_away = _rejected(batch, clashing)
        first += turned_away[: shown - len(first)]
        new, known = new + len(feedback) - standing, known + standing - len(clashing)
        rejected += len(turned_away)
        progress(len(batch))
    return Imported(new, known, rejected), first


def fingerprint(plan: Plan) -> str:
    """Name a file by its bytes and by how they are read: with another column it is another import."""
    digest = sha256()
    with plan.surveyed.path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    surveyed = plan.surveyed
    how = (surveyed.form, surveyed.columns, surveyed.order, str(plan.zone), plan.keys_of, plan.voice)
    digest.update(repr(how).encode())
    return digest.hexdigest()


def row_of(record: Record | Broken, plan: Plan) -> Row:
    """Make a feedback of one record, or tell why it makes none."""
    if isinstance(record, Broken):
        return Row(record.line, {}, record.raw, reason=record.reason)
    message = message_of(record, plan.surveyed, plan.zone)
    if message is None:
        return Row(record.line, record.cells, reason=NO_TEXT)
    if message.said_at is None:
        return Row(record.line, record.cells, reason=NO_DATE)
    if message.said_at > plan.now + _AHEAD:
        return Row(record.line, record.cells, reason=FUTURE)
    return Row(record.line, record.cells, feedback=_feedback(message, message.said_at, plan))


def _feedback(message: Message, said_at: datetime, plan: Plan) -> NewFeedback:
    feedback = feedback_of(message, said_at, plan.team_id, keys_of=plan.keys_of, workspace_url=plan.workspace_url)
    if plan.voice is not None and plan.surveyed.columns.voice is None:
        feedback = replace(feedback, voice=plan.voice)
    if feedback.account is None and message.email:
        feedback = replace(feedback, account=plan.account_of(message.email))
    if feedback.channel_id is not None:
        feedback = replace(feedback, channel_kind=plan.kinds.get(feedback.channel_id, ChannelKind.PUBLIC))
    return feedback


def _batches(plan: Plan, done: int) -> Iterator[tuple[bool, list[Row]]]:
    """Give the file's rows in batches, those that an earlier start dealt with in batches of their own, first."""
    with open_records(plan.surveyed.path, plan.surveyed.form) as records:
        rows = (row_of(record, plan) for record in records)
        while done and (batch := list(islice(rows, min(BATCH, done)))):
            done -= len(batch)
            yield True, batch
        while batch := list(islice(rows, BATCH)):
            yield False, batch


def _rejected(batch: Sequence[Row], clashing: frozenset[int]) -> list[Row]:
    """List the rejected rows of a batch in the file's order; ``clashing`` are places among those that make feedback."""
    places = count()
    return [
        replace(row, reason=CLASH) if row.feedback else row
        for row in batch
        if row.feedback is None or next(places) in clashing
    ]

"""Importing a file: its rows into the history batch by batch, each whole or not at all, and told what was rejected.

Streaming: one batch is held at a time. A second start reads the file from its first row again, for the rejected
ones, and stores from where the first was cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import count, islice

from bot.importing_documents import documents
from bot.importing_rejects import Rejects
from bot.importing_rows import CLASH, Plan, Row, row_of
from bot.parts import Clock
from bot.reading_form import open_records
from storage.imports import Import, Imports
from storage.records import NewFeedback

BATCH = 1_000
"""Rows a transaction: few enough that a message from Slack never waits long for the write lock."""
_CHUNK = 1 << 20

Progress = Callable[[int], None]
"""Told how many rows have been dealt with since it was last told."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Count what an import brought."""

    new: int
    known: int
    rejected: int
    resumed_at: int = 0
    """Rows that an earlier start had dealt with; 0 where this is the first."""


def run_import(plan: Plan, imports: Imports, rejects: Rejects, clock: Clock, progress: Progress) -> Imported:
    """Import a file. Raises NotFoundError for an unknown team, StaleError when the file is imported twice at once."""
    began = standing = imports.begin(plan.team_id, fingerprint(plan), clock())
    for is_done, batch in _batches(plan, began.rows_read):
        feedback = [row.feedback for row in batch if row.feedback]
        if is_done:
            standing = _late(imports, standing, [each for each in feedback if each.said_at > began.started_at], clock())
            clashing = imports.clashing(plan.team_id, feedback)
        else:
            standing, clashing = imports.take_in(standing, feedback, clock(), rejected=len(batch) - len(feedback))
        for row in _rejected(batch, clashing):
            rejects.add(row.line, row.reason, row.cells, row.raw)
        rejects.write_on()
        progress(len(batch))
    imports.finish(standing, clock())
    if began.finished_at is not None:
        return Imported(standing.new - began.new, began.new + began.known, rejects.count)
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


def _batches(plan: Plan, done: int) -> Iterator[tuple[bool, list[Row]]]:
    """Give the file's rows in batches, those that an earlier start dealt with in batches of their own, first."""
    with open_records(plan.surveyed.path, plan.surveyed.form) as records:
        rows = documents(records, plan) if plan.is_document else (row_of(record, plan) for record in records)
        while done and (batch := list(islice(rows, min(BATCH, done)))):
            done -= len(batch)
            yield True, batch
        while batch := list(islice(rows, BATCH)):
            yield False, batch


def _late(imports: Imports, standing: Import, batch: Sequence[NewFeedback], at: datetime) -> Import:
    """Take in what was said after the import began: when it was read first, its date had yet to come."""
    return imports.take_in_late(standing, batch, at) if batch else standing


def _rejected(batch: Sequence[Row], clashing: frozenset[int]) -> list[Row]:
    """List the rejected rows of a batch in the file's order; ``clashing`` are places among those that make feedback."""
    places = count()
    return [
        replace(row, reason=CLASH) if row.feedback else row
        for row in batch
        if row.feedback is None or next(places) in clashing
    ]

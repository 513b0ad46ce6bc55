"""Giving out everything that is kept of a workspace, sheet by sheet and row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import ColumnElement, Row, Select, func, select, true, tuple_

from storage.asking import is_shown, may_count
from storage.database import Database
from storage.ids import TeamId
from storage.rows import ChannelRow, ClassificationRow, FeedbackRow, InsightRow, ProposalRow, ReviewRow
from storage.sheet import Field, Sheet
from storage.vocabulary import ChannelKind

_PAGE = 500
_OF_FEEDBACK = (FeedbackRow, InsightRow, ClassificationRow, ReviewRow, ProposalRow)


@dataclass(frozen=True, slots=True)
class Scope:
    """Say how much is to come out."""

    team_id: TeamId
    with_people: bool = False
    """Whether the ids and names of reporters, authors, reviewers and owners come too."""
    with_closed: bool = False
    """Whether the words of channels that are not public come too. Else nothing of those channels does, but for the
    labels and accounts of one that an owner lets count elsewhere."""


class Exporting:
    """Give out what is kept. Rows are read page by page: memory stays flat, and no transaction stays open."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, sheet: Sheet, scope: Scope) -> Iterator[Mapping[str, object]]:
        """Give each row of a sheet as names and plain values, in the order of its key."""
        fields, after = fields_of(sheet, scope), None
        while page := self._page(sheet, fields, scope, after):
            for words_shown, *values in page:
                given = zip(fields, values, strict=False)  # behind them stands the key
                yield {one.name: _plain(value) if words_shown or not one.is_words else None for one, value in given}
            after = tuple(page[-1][-len(sheet.key) :])

    def left_out(self, scope: Scope) -> int:
        """Count the messages that do not come out because their channel is not public."""
        counted = select(func.count()).select_from(FeedbackRow)
        with self._database.reading() as session:
            kept = session.scalar(counted.where(FeedbackRow.team_id == scope.team_id)) or 0
            return kept - (session.scalar(counted.where(*_may_come(scope))) or 0)

    def _page(
        self, sheet: Sheet, fields: Sequence[Field], scope: Scope, after: tuple[object, ...] | None
    ) -> Sequence[Row[*tuple[object, ...]]]:
        wanted = _wanted(sheet, fields, scope)
        if after is not None:
            wanted = wanted.where(tuple_(*sheet.key) > after)
        with self._database.reading() as session:
            return session.execute(wanted.order_by(*sheet.key).limit(_PAGE)).all()


def fields_of(sheet: Sheet, scope: Scope) -> tuple[Field, ...]:
    """List the columns that come out."""
    return tuple(field for field in sheet.fields if scope.with_people or not field.is_person)


def _wanted(sheet: Sheet, fields: Sequence[Field], scope: Scope) -> Select[*tuple[object, ...]]:
    columns = [field.column for field in fields]
    row = sheet.key[0].class_
    wanted = select(_words_shown(row, scope), *columns, *sheet.key).select_from(row)
    if sheet.of_feedback is None:
        return wanted.where(row.team_id == scope.team_id)
    if row is not FeedbackRow:
        wanted = wanted.join(FeedbackRow, FeedbackRow.feedback_id == sheet.of_feedback)
    return wanted.where(*_may_come(scope))


def _words_shown(row: object, scope: Scope) -> ColumnElement[bool]:
    """Tell whether a row's words come out; of a channel, whether its name does."""
    if scope.with_closed:
        return true()
    if row is ChannelRow:
        return ChannelRow.kind == ChannelKind.PUBLIC
    return true() if row not in _OF_FEEDBACK else is_shown(scope.team_id, None)


def _may_come(scope: Scope) -> list[ColumnElement[bool]]:
    return [FeedbackRow.team_id == scope.team_id] if scope.with_closed else may_count(scope.team_id, None)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.value if isinstance(value, Enum) else value

"""Statements that the two databases spell differently, and the ones that every table needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Delete, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningInsert

from storage.errors import NotFoundError
from storage.rows.base import Row

Column = InstrumentedAttribute[Any]


def insert_once(session: Session, row: type[Row], values: Mapping[str, Any], *, returning: Column) -> Any:  # noqa: ANN401 - the column's own type
    """Insert a row and return one of its columns; None when a row with the same unique columns stands already.

    Raises NotFoundError when what it belongs to is not there.
    """
    session.flush()  # what it belongs to may be new in this session
    return enter_once(session.connection(), row, values, returning=returning)


def enter_once(connection: Connection, row: type[Row], values: Mapping[str, Any], *, returning: Column) -> Any:  # noqa: ANN401 - as above
    """Insert as ``insert_once`` does, where no session is needed."""
    given = {name: value for name, value in values.items() if value is not None}  # as in ``insert_many``
    try:
        # The table's own statement, made once: the mapped row's, made anew, takes three times as long.
        return connection.execute(_insert_once(row, returning, connection.dialect.name), given).scalar()
    except IntegrityError as error:
        if not _is_foreign_key(error):
            raise
        message = "what this belongs to is not in the history: remember the workspace first"
        raise NotFoundError(message) from None


def insert_many(
    session: Session, row: type[Row], values: Sequence[Mapping[str, Any]], *, returning: Column
) -> Sequence[Any]:
    """Insert rows of the same columns, of those with the same unique ones the first; return a column of the new ones.

    Sent in statements of as many rows as the database takes. Raises NotFoundError as ``insert_once`` does.
    """
    if not values:
        return ()
    # What no row has is left to the database: most columns, and each costs time in every row.
    given = [name for name in values[0] if any(one[name] is not None for one in values)]
    statement = _insert(session, row).on_conflict_do_nothing().returning(returning)
    try:
        # The table's own statement: the mapped row's would sort a batch by its columns first.
        batch = [{name: one[name] for name in given} for one in values]
        return session.connection().execute(statement, batch).scalars().all()
    except IntegrityError as error:
        if not _is_foreign_key(error):
            raise
        message = "what this belongs to is not in the history: remember the workspace first"
        raise NotFoundError(message) from None


def upsert(
    session: Session, row: type[Row], values: Mapping[str, Any], *, keys: Sequence[str], keep: Sequence[str] = ()
) -> None:
    """Insert a row, or change the one with the same keys, all but the columns to keep."""
    statement = _insert(session, row).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in {*keys, *keep}}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))


def changed(session: Session, statement: Update | Delete) -> bool:
    """Run an update or a removal and tell whether any row met its conditions."""
    return count_changed(session, statement) > 0


def count_changed(session: Session, statement: Update | Delete) -> int:
    """Run an update or a removal and tell how many rows met its conditions."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return max(result.rowcount, 0) if isinstance(result, CursorResult) else 0


@cache
def _insert_once(row: type[Row], returning: Column, dialect: str) -> ReturningInsert[Any]:
    insert = postgresql.insert(row) if dialect == "postgresql" else sqlite.insert(row)
    return insert.on_conflict_do_nothing().returning(returning)


def _insert(session: Session, row: type[Row]) -> postgresql.Insert | sqlite.Insert:
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(row) if on_postgres else sqlite.insert(row)


def _is_foreign_key(error: IntegrityError) -> bool:
    original = error.orig
    name = getattr(original, "sqlite_errorname", None)
    return name == "SQLITE_CONSTRAINT_FOREIGNKEY" or getattr(original, "sqlstate", None) == "23503"

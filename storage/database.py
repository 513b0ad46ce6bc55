"""The one place that opens a database, and the two session makers: one that reads, one that writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session


class Database:
    """Give sessions to the rest of this package.

    Rules: ``writing`` begins at once with the write lock (SQLite: ``BEGIN IMMEDIATE``), commits at the end of
    its block and rolls back when the block raises; ``reading`` begins with ``BEGIN`` and never commits.
    SQLite: WAL, foreign keys on, ``synchronous=FULL``, busy timeout 2 s. Database errors leave as
    ``DatabaseUnavailableError`` or ``SchemaError`` without a value in them; programming errors leave bare.
    """

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]: ...

    @contextmanager
    def writing(self) -> Iterator[Session]: ...

    def close(self) -> None: ...


def open_database(url: str) -> Database: ...

"""The one place that opens a database, and the two session makers: one that reads, one that writes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from storage.beginning import BUSY_SECONDS, Begin, begin
from storage.border import border
from storage.engines import BEGIN_SECONDS, empty_log, make_engine, parse_address, sqlite_path
from storage.turns import Turns

_AT_ONCE_SECONDS = 0.001
"""A turn that took longer was waited for."""
_LEAVES_WORDS = "leaves words"


class Database:
    """Give sessions to the rest of this package.

    Rules: ``writing`` begins at once with the write lock (SQLite: ``BEGIN IMMEDIATE``), commits at the end of
    its block and rolls back when the block raises; ``reading`` begins with ``BEGIN`` and never commits.
    SQLite: threads write in turns; WAL, foreign keys on, ``synchronous=FULL``, busy timeout 2 s. A transaction that
    has not begun 2.5 s after it was asked for is refused, for Slack waits three. Database errors leave as
    ``DatabaseUnavailableError`` or ``SchemaError`` without a value in them; programming errors leave bare.
    """

    engine: Engine

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._file = sqlite_path(engine)
        self._turns = Turns() if engine.dialect.name == "sqlite" else None
        self._reading = sessionmaker(engine, expire_on_commit=False)
        self._log_holds_words = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees the last commit, and let go of what it held."""
        with border(self._file), self._reading() as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Give a connection for one statement that reads tables: it sees one moment without a transaction around it.

        Takes a third of the time of ``reading``: for what every delivery asks.
        """
        with border(self._file), self.engine.connect() as connection, begin(connection, Begin.ASKING):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that holds the write lock, and commit what it did."""
        with self.entering() as connection, Session(connection, expire_on_commit=False) as session, session.begin():
            yield session

    def empty_log(self) -> None:
        """Empty SQLite's log where words were erased since the last time; who reads this moment puts it off.

        For every minute: the log holds pages as they were before, until it is written into the file by itself.
        """
        if self._log_holds_words:
            self._log_holds_words = False
            # Taken down first, so that what is erased meanwhile is not forgotten here.
            if not empty_log(self.engine):
                self._log_holds_words = True

    def erase_log(self) -> None:
        """Empty SQLite's log whatever stands in it; where somebody reads this moment, ``empty_log`` does it later."""
        self._log_holds_words = True
        self.empty_log()

    @contextmanager
    def entering(self) -> Iterator[Connection]:
        """Give a connection that holds the write lock, and commit what it did.

        Takes a fifth less time than ``writing``: for what every delivery enters.
        """
        asked_at = time.monotonic()
        with self._turn(), border(self._file), self.engine.connect() as connection:
            # Who waited for its turn has less time left for the lock; all others are spared the asking.
            late = time.monotonic() - asked_at > _AT_ONCE_SECONDS
            with begin(connection, Begin.WRITING, by=asked_at + BEGIN_SECONDS if late else None):
                yield connection
            if connection.info.pop(_LEAVES_WORDS, False):
                self._log_holds_words = True

    def _turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._turns is None else self._turns.turn(BUSY_SECONDS)

    def close(self) -> None:
        """Close every connection; one that a thread still holds, or asks for yet, when that thread lets go of it."""
        event.listen(self.engine.pool, "checkin", _close_returned)
        self.engine.dispose()


def leave_words(session: Session) -> None:
    """Note that this transaction leaves words in SQLite's log which it erases from the history."""
    session.connection().info[_LEAVES_WORDS] = True


def _close_returned(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    # Nobody closes what comes back to a pool that was given up.
    entry.invalidate()


def open_database(url: str) -> Database:
    """Open a database by its address: ``sqlite:///path``, ``postgresql://…`` or ``postgres://…``.

    The directory and file of a SQLite database are made when they are missing. Nothing is asked of a server yet.
    Raises DatabaseUnavailableError, without the address in it, when it is not one of these.
    """
    return Database(make_engine(parse_address(url)))

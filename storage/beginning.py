"""How a transaction begins on SQLite, whose driver would begin it by itself: late, and never with the write lock."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.pool import PoolProxiedConnection

BUSY_SECONDS = 2.0
"""How long a transaction waits for a lock: less than the three seconds that Slack waits for us."""
_NEXT = "next_begin"


class Begin(StrEnum):
    """Say what a transaction is for, in SQLite's words."""

    READING = "BEGIN"
    WRITING = "BEGIN IMMEDIATE"
    """With the write lock at once: what is read must still hold when it is changed."""
    ASKING = ""
    """Not at all: one statement sees one moment by itself."""


def let_begin(engine: Engine) -> None:
    """Let the transactions of a SQLite engine begin as they are told, or for reading; the driver is to begin none."""
    # The event that SQLAlchemy has for this makes each statement look for listeners: a seventh of a delivery.
    engine.dialect.do_begin = _do_begin  # type: ignore[method-assign]  # of this engine alone


def begin(connection: Connection, how: Begin, *, by: float | None = None) -> RootTransaction:
    """Begin a transaction now; ``by`` is when the wait for the lock ends at the latest, by ``time.monotonic``.

    PostgreSQL begins all in one way and goes by its own time-outs.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.info[_NEXT] = how, by
    return connection.begin()


def _do_begin(dbapi_connection: PoolProxiedConnection) -> None:
    how, by = dbapi_connection.info.pop(_NEXT, (Begin.READING, None))
    if by is not None:
        _begin_by(by, dbapi_connection.driver_connection, how)
    elif how:
        _run(dbapi_connection.driver_connection, how)


def _begin_by(by: float, driver: Any, how: Begin) -> None:  # noqa: ANN401 - the driver's own class
    """Begin, and wait for the lock no longer than until then; who has time left for the usual wait is left alone."""
    left = max(by - time.monotonic(), 0.0)
    if left >= BUSY_SECONDS:
        _run(driver, how)
        return
    usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    _run(driver, f"PRAGMA busy_timeout = {min(int(left * 1000), usual)}")
    try:
        _run(driver, how)
    finally:
        _run(driver, f"PRAGMA busy_timeout = {usual}")


def _run(driver: Any, statement: str) -> None:  # noqa: ANN401 - as above
    driver.execute(statement).close()

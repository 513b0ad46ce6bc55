"""The border between the database and the rest: what the vendor raises leaves as this package's own errors.

Rule: no message carries a value. PostgreSQL writes the offending row into its errors, so that nothing of
what it says is passed on but the code and the name of the constraint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from storage.errors import DatabaseUnavailableError, SchemaError
from storage.upgrade_copies import newest_copy

_SQLITE = {
    "SQLITE_BUSY": "the database is locked by another program: close what holds it, then try again",
    "SQLITE_LOCKED": "the database is locked by another program: close what holds it, then try again",
    "SQLITE_FULL": "the disk that holds the database is full: make room, then try again",
    "SQLITE_READONLY": "the database{file} is read-only: make the file and its directory writable, then try again",
    "SQLITE_CANTOPEN": "the database{file} cannot be opened: check that its directory exists and may be written to",
    "SQLITE_PERM": "the database{file} cannot be opened: check that its directory exists and may be written to",
    "SQLITE_IOERR": "the disk that holds the database failed to read or write: check the disk, then try again",
}
# Of a connection that failed the driver tells no code, and why only in the server's words, which name what was given.
_UNREACHABLE = (
    "the database cannot be reached or refused the connection: check the address, name, password and database in "
    "DATABASE_URL, that the server runs and that it has connections left, then try again"
)
_POSTGRES = {
    "55P03": "the database is locked by another program: try again, and look for a transaction left open",
    "40": "the database was busy with the same rows: try again",
    "57": "the database stopped or cancelled the work: check that it runs and is not overloaded, then try again",
    "53": "the database is out of disk or memory: make room, then try again",
    "25006": "the database is read-only: point DATABASE_URL at a server that may be written to",
    "42501": "the database forbids this: give the role in DATABASE_URL the right to use and create tables",
    "08": _UNREACHABLE,
    "58": "the disk that holds the database failed: check the server, then try again",
}
_BEHIND = "the database lacks a table or column that this program needs: run `ballast db upgrade`"
_FOREIGN = "the database holds tables of these names that Ballast did not make: give Ballast a database of its own"


@contextmanager
def border(file: Path | None = None) -> Iterator[None]:
    """Turn what the database raises into this package's errors, and keep its own words inside.

    ``file`` is SQLite's, for a person to find; an address is never told, for it holds a
    password. Programming errors stay what they are, less the values that PostgreSQL adds to them.
    """
    try:
        yield
    except exc.TimeoutError:
        message = "every connection to the database is in use: try again"
        raise DatabaseUnavailableError(message) from None
    except exc.DBAPIError as error:
        raise _translated(error, file) from None


def _translated(error: exc.DBAPIError, file: Path | None) -> Exception:
    original = error.orig
    if name := getattr(original, "sqlite_errorname", None):
        return _of_sqlite(str(name), error, file)
    return _of_postgres(getattr(original, "sqlstate", None), error)


def _of_sqlite(name: str, error: exc.DBAPIError, file: Path | None) -> Exception:
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return SchemaError(_damaged(file))
    for prefix, message in _SQLITE.items():
        if name.startswith(prefix):
            return DatabaseUnavailableError(message.replace("{file}", _named(file)))
    # SQLite has one code for every mistake in a statement; only its words tell a missing table from a typing error.
    words = str(error.orig)
    if re.match(r"no such (table|column)|table \w+ has no column", words):
        return SchemaError(_BEHIND)
    if re.match(r"(table|index) \w+ already exists", words):
        return SchemaError(_FOREIGN)
    return error


def _damaged(file: Path | None) -> str:
    copy = newest_copy(file) if file else None
    mending = (
        f"put {copy}, the copy made before the last upgrade, in its place"
        if copy
        else "put a copy of your own in its place, or move it away to begin with an empty history"
    )
    return f"the database{_named(file)} is damaged or is no database of Ballast: {mending}"


def _named(file: Path | None) -> str:
    return f" {file}" if file else ""


def _of_postgres(state: str | None, error: exc.DBAPIError) -> Exception:
    if state in {"42P01", "42703"}:
        return SchemaError(_BEHIND)
    if state == "42P07":
        return SchemaError(_FOREIGN)
    if state is None:
        return DatabaseUnavailableError(_UNREACHABLE) if isinstance(error, exc.OperationalError) else error
    for prefix, message in _POSTGRES.items():
        if state.startswith(prefix):
            return DatabaseUnavailableError(message)
    return _without_values(state, error)


def _without_values(state: str, error: exc.DBAPIError) -> Exception:
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    kind = type(error.orig).__name__
    said = f"{kind} ({state})" + (f" of {constraint}" if constraint else "")
    return type(error)(error.statement, None, RuntimeError(said), hide_parameters=True)

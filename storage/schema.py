"""Bring a database's schema up to date: numbered migrations, carried in this package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Say what an upgrade did: from and to which revision, and where the copy of the file lies."""

    before: str | None
    after: str
    backup: Path | None


def upgrade(database: Database) -> Upgraded:
    """Bring the schema to the newest revision; a no-op when it is there.

    SQLite: takes the write lock first (two starts at once: one upgrades, the other waits and finds it
    done), copies the file, switches foreign keys off on its own connection, runs everything in one explicit
    transaction and ends with ``foreign_key_check``. Raises SchemaError for a schema newer than this program.
    """
    ...


def check_schema(database: Database) -> str:
    """Return the revision. Raises SchemaError, saying the command that mends it, unless it is the newest."""
    ...

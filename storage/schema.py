"""Bring a database's schema up to date: numbered migrations, carried in this package."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.beginning import Begin, begin
from storage.border import border
from storage.database import Database
from storage.engines import make_upgrading_engine, sqlite_path
from storage.errors import SchemaError, StorageError
from storage.upgrade_copies import copies_beside, copy_before

MIGRATIONS = "storage:migrations"
VERSION_TABLE = "ballast_schema"
LOCK_SECONDS = 60
"""How long a start waits for another one that is upgrading."""
_POSTGRES_LOCK = 7_205_816_301
"""The number of the advisory lock; any will do that nobody else uses."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Say what an upgrade did: from and to which revision, and where the copy of the file lies."""

    before: str | None
    after: str
    backup: Path | None


def upgrade(database: Database, *, migrations: str = MIGRATIONS) -> Upgraded:
    """Bring the schema to the newest revision; a no-op when it is there.

    SQLite: takes the write lock first (two starts at once: one upgrades, the other waits and finds it
    done), copies the file, switches foreign keys off on its own connection, runs everything in one explicit
    transaction and ends with ``foreign_key_check``. Raises SchemaError for a schema newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", migrations)
    script = ScriptDirectory.from_config(config)
    newest = _newest(script)
    with border(sqlite_path(database.engine)), _upgrading(database.engine) as connection:
        before = _revision(connection)
        _refuse_unknown(before, script)
        if before == newest:
            return Upgraded(before, newest, None)
        backup = _copy_file(database.engine, newest) if before else None
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _refuse_loose_ends(connection)
        return Upgraded(before, newest, backup)


def check_schema(database: Database) -> str:
    """Return the revision. Raises SchemaError, saying the command that mends it, unless it is the newest."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    script = ScriptDirectory.from_config(config)
    newest = _newest(script)
    with border(sqlite_path(database.engine)), database.engine.connect() as connection:
        found = _revision(connection)
    _refuse_unknown(found, script)
    if found != newest:
        message = f"the schema of the database is {found or 'missing'}, not {newest}: run `ballast db upgrade`"
        raise SchemaError(message)
    return newest


@contextmanager
def _upgrading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that holds the lock of all upgrades, in one transaction around everything."""
    own = make_upgrading_engine(engine, busy_seconds=LOCK_SECONDS)
    try:
        with own.connect() as connection, begin(connection, Begin.WRITING):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            yield connection
    finally:
        if own is not engine:
            own.dispose()


def _newest(script: ScriptDirectory) -> str:
    newest = script.get_current_head()
    if newest is None:
        message = "this installation carries no migrations: install Ballast anew"
        raise SchemaError(message)
    return newest


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _refuse_unknown(revision: str | None, script: ScriptDirectory) -> None:
    if revision is not None and revision not in {step.revision for step in script.walk_revisions()}:
        message = f"the schema of the database is {revision}, newer than this program: install a newer Ballast"
        raise SchemaError(message)


def old_copies(database: Database) -> tuple[Path, ...]:
    """List the copies that upgrades left beside the file of SQLite; nothing that is erased is erased in them."""
    path = sqlite_path(database.engine)
    if path is None:
        return ()
    return copies_beside(path)


def _copy_file(engine: Engine, newest: str) -> Path | None:
    """Copy the file as it was before the upgrade; whole or not at all. Other programs may read it meanwhile."""
    path = sqlite_path(engine)
    if path is None:
        return None
    copy = copy_before(path, newest)
    unfinished = copy.with_name(copy.name + ".part")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        shutil.copymode(path, unfinished)
        unfinished.replace(copy)
    except (OSError, sqlite3.Error):
        message = (
            "the database could not be copied before its upgrade, so nothing was changed: make room beside its file"
        )
        raise StorageError(message) from None
    return copy


def _refuse_loose_ends(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if loose := len(connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
        message = f"the upgrade left {loose} rows without what they belong to and was undone: report this"
        raise SchemaError(message)

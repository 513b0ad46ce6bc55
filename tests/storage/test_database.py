"""The database behaves as the design says, and its failures are sentences without a value in them."""

import shutil
import sqlite3
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.parts import Store
from storage.columns import StorableText, UtcDateTime
from storage.database import Database, open_database
from storage.engines import parse_address
from storage.errors import DatabaseUnavailableError, SchemaError, StorageError
from storage.rows import WorkspaceRow
from storage.schema import upgrade
from storage.text import clean, fold
from tests.factories import NOW, TEAM, make_feedback, make_workspace
from tests.storage_fixtures import make_store

CANARY = "canary-4711"
SQLITE = create_engine("sqlite://").dialect


def test_sqlite_keeps_what_was_committed_and_checks_what_belongs_together(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}


def test_postgres_waits_for_nothing_endlessly(postgres_database: Database) -> None:
    with postgres_database.reading() as session:
        waits = [session.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout", "timezone")]

    assert waits == ["30s", "2s", "UTC"]


def test_options_in_the_address_leave_the_limits_that_they_do_not_name(postgres_database: Database) -> None:
    url = postgres_database.engine.url.update_query_dict({"options": "-csearch_path=elsewhere -c lock_timeout=1s"})
    database = open_database(url.render_as_string(hide_password=False))
    with database.reading() as session:
        names = ("statement_timeout", "lock_timeout", "timezone", "search_path")
        settings = [session.scalar(text(f"SHOW {name}")) for name in names]
    database.close()

    assert settings == ["30s", "1s", "UTC", "elsewhere"]


def test_writing_holds_the_write_lock_from_its_beginning(sqlite_database: Database) -> None:
    other = open_database(f"{sqlite_database.engine.url}?timeout=0.02")
    with sqlite_database.writing(), pytest.raises(DatabaseUnavailableError):
        begin_writing(other)
    with sqlite_database.reading(), other.writing():
        pass  # reading keeps nobody from writing
    other.close()


def test_connection_held_while_the_database_closes_is_closed_when_let_go(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        held = session.connection().connection.driver_connection
        sqlite_database.close()
        assert session.scalar(text("SELECT 1")) == 1

    assert isinstance(held, sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        held.execute("SELECT 1")


def test_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(KeyError):
        insert_and_fail(database)

    assert make_store(database).workspaces.teams() == []


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("postgres://u:p@h/d?sslmode=require", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:////var/ballast.db", "sqlite"),
    ],
)
def test_usual_addresses_are_understood(address: str, driver: str) -> None:
    assert parse_address(address).drivername == driver


@pytest.mark.parametrize("address", ["", CANARY, f"mysql://u:{CANARY}@h/d", f"oracle://u:{CANARY}@h/d"])
def test_other_addresses_are_refused_without_repeating_them(address: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match="write postgresql://") as refused:
        open_database(address)

    assert CANARY not in told(refused.value)


def test_unreachable_server_is_said_to_be_unreachable_without_the_password() -> None:
    database = open_database(f"postgresql://ballast:{CANARY}@127.0.0.1:9/ballast")

    with pytest.raises(DatabaseUnavailableError, match="cannot be reached") as refused, database.reading() as session:
        session.execute(text("SELECT 1"))

    assert CANARY not in told(refused.value)


@pytest.mark.parametrize("wrong", ["database", "username"])
def test_refused_connection_names_all_that_may_be_wrong_with_it(postgres_database: Database, wrong: str) -> None:
    right = postgres_database.engine.url
    database = open_database(right.set(**{wrong: CANARY}).render_as_string(hide_password=False))

    everything = "name, password and database in DATABASE_URL, that the server runs and that it has connections left"
    with pytest.raises(DatabaseUnavailableError, match=everything) as refused, database.reading() as session:
        session.execute(text("SELECT 1"))

    assert CANARY not in told(refused.value)


def test_damaged_file_is_named_with_the_copy_to_put_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is no database at all" * 100)

    with pytest.raises(SchemaError, match=rf"{path} is damaged .* put a copy of your own in its place"):
        upgrade(open_database(f"sqlite:///{path}"))
    for name in ("broken-before-0002.db", "broken-before-0003.db", "broken-before-0003.db.part"):
        (tmp_path / name).touch()
    with pytest.raises(SchemaError, match=rf"{path} is damaged .* put {tmp_path}/broken-before-0003.db, the copy"):
        upgrade(open_database(f"sqlite:///{path}"))


def test_full_disk_is_said_to_be_full_and_nothing_is_half_written(sqlite_database: Database) -> None:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(), NOW)
    with sqlite_database.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
    feedback = make_feedback(CANARY * 10_000)

    with pytest.raises(DatabaseUnavailableError, match="disk that holds the database is full") as refused:
        store.intake.take_in(feedback, NOW)

    assert CANARY not in told(refused.value)
    assert store.history.by_origin(TEAM, feedback.origin) is None


def test_read_only_database_is_said_to_be_read_only(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        session.execute(text("PRAGMA query_only = ON"))

    with pytest.raises(DatabaseUnavailableError, match="read-only"):
        make_store(sqlite_database).workspaces.remember(make_workspace(), NOW)


def test_directory_that_cannot_be_made_is_named_with_the_settings_for_another(tmp_path: Path) -> None:
    path = tmp_path / "file" / "ballast.db"
    path.parent.write_text("in the way")

    with pytest.raises(DatabaseUnavailableError, match=rf"{path} cannot be made: .* BALLAST_DATA_DIR or DATABASE_URL"):
        open_database(f"sqlite:///{path}?timeout=1")


def test_file_that_is_gone_with_its_directory_is_named(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/ballast.db")
    shutil.rmtree(tmp_path / "new")

    with pytest.raises(DatabaseUnavailableError, match=rf"{tmp_path}/new/ballast.db cannot be opened"):
        begin_writing(database)


def test_new_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/new/ballast.db").close()

    assert (tmp_path / "new" / "ballast.db").stat().st_mode & 0o777 == 0o600


def test_mistake_of_the_program_stays_bare_and_carries_no_words(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised:
        insert_twice(database)

    assert not isinstance(raised.value, StorageError)
    assert CANARY not in told(raised.value)
    assert TEAM not in told(raised.value)


def test_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="make it aware"):
        store.intake.take_in(make_feedback(), datetime(2026, 1, 1))  # noqa: DTZ001  # what the rule is about


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001  # made aware below
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_time_comes_back_as_the_same_instant_in_utc(naive: datetime, minutes: int) -> None:
    column = UtcDateTime()
    given_at = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    stored = column.process_bind_param(given_at, SQLITE)
    assert stored is not None
    back = column.process_result_value(stored.replace(tzinfo=None), SQLITE)  # SQLite keeps no zone

    assert back == given_at
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("minutes", [-720, 0, 345, 840])
def test_time_survives_the_database_to_the_microsecond(store: Store, minutes: int) -> None:
    said_at = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(minutes=minutes)))

    taken = store.intake.take_in(make_feedback(said_at=said_at), NOW)

    assert store.history.feedback(TEAM, taken.feedback_id).said_at == said_at


@given(st.text(alphabet=st.characters(), max_size=40))
def test_cleaned_text_can_be_stored_and_keeps_its_length(words: str) -> None:
    cleaned = clean(words)

    assert len(cleaned) == len(words)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert StorableText().process_bind_param(words, SQLITE) == cleaned


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(words: str) -> None:
    assert fold(fold(words)) == fold(words)


def begin_writing(database: Database) -> None:
    with database.writing():
        pass


def insert_and_fail(database: Database) -> None:
    with database.writing() as session:
        session.add(WorkspaceRow(team_id=TEAM, name="Acme", created_at=NOW))
        session.flush()
        raise KeyError


def insert_twice(database: Database) -> None:
    for _ in range(2):
        with database.writing() as session:
            session.add(WorkspaceRow(team_id=TEAM, name=CANARY, created_at=NOW))


def told(error: BaseException) -> str:
    """Everything that a log would show of an error."""
    return "".join(traceback.format_exception(error))

"""What people were promised about their words is what happens to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.parts import Store
from bot.retention import Retention, kept_since
from bot.views.greeting import build_greeting
from storage.database import Database
from storage.erasing import Erasing
from tests.factories import LEASE, NOW, OTHER_TEAM, TEAM, make_classification, make_feedback, make_workspace
from tests.storage_fixtures import make_store

A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-18 10:00", "2025-11-18 10:00"),
        ("2028-02-29 10:00", "2027-02-28 10:00"),
        ("2027-01-31 00:30", "2026-01-31 00:30"),
    ],
)
def test_words_are_kept_from_the_same_day_and_time_a_year_ago(now: str, since: str) -> None:
    assert kept_since(at(now)) == at(since)


def test_the_greeting_promises_the_months_that_are_kept() -> None:
    text, _ = build_greeting("greeting:C1:1.0", words_go_to="Nothing leaves this machine.", command="/ballast")
    since = kept_since(NOW)
    months = (NOW.year - since.year) * 12 + NOW.month - since.month

    assert f"Words are kept for {months} months, then erased; counts stay." in text


def test_a_run_erases_what_is_older_and_nothing_else(store: Store, database: Database) -> None:
    old, young, others = (
        store.intake.take_in(make_feedback("It is slow", said_at=said_at, team_id=team), NOW).feedback_id
        for said_at, team in (
            (kept_since(NOW) - timedelta(seconds=1), TEAM),
            (kept_since(NOW), TEAM),
            (kept_since(NOW) - A_DAY, OTHER_TEAM),
        )
    )

    assert make_retention(database).run(TEAM) == 1

    assert store.history.feedback(TEAM, old).text == ""
    assert store.history.feedback(TEAM, young).text == "It is slow"
    assert store.history.feedback(OTHER_TEAM, others).text == "It is slow"


def test_a_run_goes_on_until_nothing_old_is_left(sqlite_database: Database) -> None:
    store = make_store(sqlite_database)
    fill(store, 501)

    assert make_retention(sqlite_database).run(TEAM) == 501
    assert make_retention(sqlite_database).run(TEAM) == 0


def test_a_run_ends_when_the_bot_stops(sqlite_database: Database) -> None:
    fill(make_store(sqlite_database), 3)

    assert Retention(Erasing(sqlite_database), lambda: NOW, lambda: True).run(TEAM) == 0


def test_erased_words_stand_nowhere_in_the_files_of_the_database(sqlite_database: Database, tmp_path: Path) -> None:
    store = make_store(sqlite_database)
    fill(store, 40)
    [claimed, *_] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.queue.save(claimed, make_classification(), taxonomy_version="1", at=NOW)
    assert holds(tmp_path, b"who changed the figures")

    make_retention(sqlite_database).run(TEAM)

    assert not holds(tmp_path, b"who changed the figures")


def make_retention(database: Database) -> Retention:
    return Retention(Erasing(database), lambda: NOW, lambda: False)


def fill(store: Store, count: int) -> None:
    store.workspaces.remember(make_workspace(TEAM), NOW)
    for _ in range(count):
        store.intake.take_in(make_feedback(said_at=kept_since(NOW) - A_DAY), NOW)


def holds(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

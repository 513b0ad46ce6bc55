"""What people were promised about their words is what happens to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.build import build_ballast
from bot.cli.sandbox import sandbox_settings
from bot.keeping import TERMINAL, remember_terminal
from bot.parts import Store
from bot.retention import Retention, kept_since
from bot.sandbox.stand_in import SlackStandIn
from bot.views.greeting import build_greeting
from storage.choice_log import Choosing
from storage.choices import Choices, Wanted
from storage.chosen import WorkspaceChoices
from storage.database import Database
from storage.erasing import Erasing
from tests.bot.ballast_process import live_slack  # noqa: F401 - a fixture
from tests.factories import LEASE, NOW, OTHER_TEAM, OWNER, TEAM, make_classification, make_feedback, make_workspace
from tests.scripted_classifier import ScriptedClassifier
from tests.storage_fixtures import make_store

A_DAY = timedelta(days=1)
MONTHS = WorkspaceChoices().kept_months


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-18 10:00", "2025-11-18 10:00"),
        ("2028-02-29 10:00", "2027-02-28 10:00"),
        ("2027-01-31 00:30", "2026-01-31 00:30"),
    ],
)
def test_words_are_kept_from_the_same_day_and_time_a_year_ago(now: str, since: str) -> None:
    assert kept_since(at(now), MONTHS) == at(since)


def test_the_greeting_promises_the_months_that_are_kept(store: Store) -> None:
    store.workspaces.remember(make_workspace(TEAM), NOW)
    months = store.choices.of_workspace(TEAM).kept_months
    text, _ = build_greeting("greeting:C1:1.0", words_go_to="Nothing leaves.", kept_months=months, command="/ballast")

    assert "Words are kept for 12 months, then erased; counts stay." in text


def test_words_are_kept_for_as_many_months_as_an_owner_chose(store: Store, database: Database) -> None:
    first, second = (
        store.intake.take_in(make_feedback("It is slow", said_at=kept_since(NOW, months) - A_DAY), NOW).feedback_id
        for months in (3, 2)
    )
    choosing = Choosing(TEAM, None, OWNER, NOW)
    assert store.choices.choose(choosing, Wanted(kept_months=3), tell=lambda _: ())

    assert make_retention(database).run(TEAM) == 1

    assert [store.history.feedback(TEAM, each).text for each in (first, second)] == ["", "It is slow"]


def test_a_run_erases_what_is_older_and_nothing_else(store: Store, database: Database) -> None:
    old, young, others = (
        store.intake.take_in(make_feedback("It is slow", said_at=said_at, team_id=team), NOW).feedback_id
        for said_at, team in (
            (kept_since(NOW, MONTHS) - timedelta(seconds=1), TEAM),
            (kept_since(NOW, MONTHS), TEAM),
            (kept_since(NOW, MONTHS) - A_DAY, OTHER_TEAM),
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

    assert make_retention(sqlite_database, is_stopping=True).run(TEAM) == 0


def test_erased_words_stand_nowhere_in_the_files_of_the_database(sqlite_database: Database, tmp_path: Path) -> None:
    store = make_store(sqlite_database)
    fill(store, 40)
    [claimed, *_] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.queue.save(claimed, make_classification(), taxonomy_version="1", at=NOW)
    assert holds(tmp_path, b"who changed the figures")

    make_retention(sqlite_database).run(TEAM)

    assert not holds(tmp_path, b"who changed the figures")


def test_a_running_bot_erases_what_came_in_at_the_terminal_too(
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    ballast = build_ballast(sandbox_settings(live_slack, tmp_path), classifier=ScriptedClassifier())
    store, now = ballast.parts.store, ballast.parts.clock()
    remember_terminal(store.workspaces, now)
    said_at = kept_since(now, MONTHS) - A_DAY
    old = store.intake.take_in(make_feedback("It is slow", said_at=said_at, team_id=TERMINAL), now).feedback_id

    ballast.start(lambda _line: None)

    live_slack.until(lambda: store.history.feedback(TERMINAL, old).text == "")
    ballast.stop()


def make_retention(database: Database, *, is_stopping: bool = False) -> Retention:
    return Retention(Erasing(database), Choices(database), lambda: NOW, lambda: is_stopping)


def fill(store: Store, count: int) -> None:
    store.workspaces.remember(make_workspace(TEAM), NOW)
    for _ in range(count):
        store.intake.take_in(make_feedback(said_at=kept_since(NOW, MONTHS) - A_DAY), NOW)


def holds(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

"""A workspace that removed Ballast is gone at once for everybody, and then deleted to the last row."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

import storage.lots
from bot.parts import Store
from storage.database import Database
from storage.erasing import Erasing
from storage.errors import DatabaseUnavailableError
from storage.forgetting import Forgetting
from storage.held import Target
from storage.ids import UserId
from storage.rows import Row, ThreadRow
from storage.vocabulary import Duty, Whose
from tests.factories import (
    CHANNEL,
    LATER,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    make_decision,
    make_feedback,
    make_persona,
    make_ts,
    make_workspace,
)
from tests.storage.erased import fetch_by, most_deleted_at_once
from tests.storage.settled import settle
from tests.storage_fixtures import make_store


def test_a_workspace_that_left_leaves_nothing_behind(store: Store, database: Database, tmp_path: Path) -> None:
    settled = settle(store, tmp_path)
    store.personas.add(TEAM, make_persona(), OWNER, NOW)
    store.workspaces.name_duty(TEAM, OWNER, Duty.OWNER, OWNER, NOW)
    store.intake.keep_unreadable(TEAM, {}, "why", None, NOW)
    store.reviews.decide(make_decision(settled.insight_id))
    store.reviews.propose(make_decision(settled.insight_id))

    assert store.leaving.leave(TEAM, LATER)
    delete_all(store)

    assert set(left_of_team(database).values()) == {0}
    assert not store.leaving.leave(TEAM, LATER)
    assert store.workspaces.find(OTHER_TEAM) is not None


def test_it_is_found_nowhere_from_the_moment_it_left(store: Store) -> None:
    store.intake.take_in(make_feedback(), NOW)

    assert store.leaving.leave(TEAM, LATER)

    assert store.workspaces.find(TEAM) is None
    assert store.workspaces.teams() == [OTHER_TEAM]
    assert store.scenes.of(TEAM, CHANNEL) is None, "what Slack still delivers would be kept"
    assert store.queue.teams_waiting(LATER) == [], "its words would still be sent to a model"
    assert store.queue.seconds_until_next(LATER) is None


def test_no_table_goes_in_one_transaction(store: Store, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.lots, "AT_ONCE", 2)
    fill(store, database)
    kept = store.intake.take_in(make_feedback(team_id=OTHER_TEAM), NOW).feedback_id
    store.leaving.leave(TEAM, LATER)

    with most_deleted_at_once(database) as most:
        delete_all(store)

    assert most() == 2
    assert set(left_of_team(database).values()) == {0}
    assert store.history.feedback(OTHER_TEAM, kept).text


def test_a_workspace_that_comes_back_waits_for_the_deletion_and_begins_anew(
    store: Store, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.lots, "AT_ONCE", 2)
    fill(store, database)
    store.leaving.leave(TEAM, LATER)
    assert not store.leaving.delete_some(TEAM)

    with pytest.raises(DatabaseUnavailableError, match="is being deleted"):
        store.workspaces.remember(make_workspace(TEAM), LATER)
    delete_all(store)
    store.workspaces.remember(make_workspace(TEAM), LATER)
    anew = store.intake.take_in(make_feedback(), LATER).feedback_id

    assert not store.leaving.delete_some(TEAM), "another process, that still took it for left, must touch nothing"
    assert left_of_team(database) == {name: int(name in {"feedback", "workspaces"}) for name in left_of_team(database)}
    assert store.history.feedback(TEAM, anew).text


@pytest.mark.parametrize(
    "erase",
    [
        lambda database: Erasing(database).erase_words(TEAM, LATER, at=LATER),
        lambda database: Forgetting(database).forget(Target(TEAM, Whose.CHANNEL, CHANNEL), by=OWNER, at=LATER),
        lambda database: leave_and_delete(make_store(database)),
    ],
    ids=["time", "forgotten", "left"],
)
def test_words_go_from_the_log_within_a_minute_though_somebody_read_when_they_were_erased(
    sqlite_database: Database, erase: Callable[[Database], object]
) -> None:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(TEAM), NOW)
    store.intake.take_in(make_feedback("Qwertzuiop " * 400, said_at=NOW), NOW)
    with sqlite_database.reading() as session:
        session.execute(select(Row.metadata.tables["feedback"].c.feedback_id)).all()
        erase(sqlite_database)
        assert b"Qwertzuiop" in held(sqlite_database), "nobody was to see whether it is tried again"

    sqlite_database.empty_log()  # as is done each minute

    assert b"Qwertzuiop" not in held(sqlite_database)


def held(database: Database) -> bytes:
    file = Path(database.engine.url.database or "")
    return b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))


def leave_and_delete(store: Store) -> None:
    store.leaving.leave(TEAM, LATER)
    delete_all(store)


def fill(store: Store, database: Database) -> None:
    """Keep five of what there may be many of."""
    for number in range(5):
        store.intake.take_in(make_feedback(), NOW)
        store.intake.keep_unreadable(TEAM, {"number": number}, "why", None, NOW)
    with database.writing() as session:
        for number in range(5):
            session.add(fetch_by(UserId(f"U{number}")))
            session.add(ThreadRow(team_id=TEAM, channel_id=CHANNEL, thread_ts=make_ts(number), latest_at=NOW))


def delete_all(store: Store) -> None:
    assert store.leaving.teams() == [TEAM]
    while not store.leaving.delete_some(TEAM):
        pass
    assert store.leaving.teams() == []


def left_of_team(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.scalars(select(func.count()).select_from(table).where(table.c.team_id == TEAM)).one()
            for table in Row.metadata.sorted_tables
        }

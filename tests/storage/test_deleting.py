"""Deletions, and edits that leave no words: what is gone stays gone, whichever comes first."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.parts import Store
from storage.database import Database
from storage.erasing import Erasing
from storage.rows import FeedbackRow
from storage.stated import Stated
from storage.vocabulary import Erasure, FeedbackState
from tests.factories import (
    EARLIER,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    make_decision,
    make_feedback,
    make_insight,
    make_ts,
    make_workspace,
)
from tests.storage.amended import (
    EVER,
    FIRST,
    PLACE,
    SECOND,
    TS,
    edit,
    read,
    rows,
    take_in,
    the_only,
)
from tests.storage_fixtures import make_store


def test_deletion_leaves_only_that_something_was_there(store: Store, database: Database) -> None:
    feedback = make_feedback(
        "Exports are slow",
        ts=TS,
        reporter_name="Max",
        account="Acme",
        context="quoted",
        note="call them",
        author_name="Ann",
        permalink="https://acme.example/p1",
    )
    store.intake.take_in(feedback, NOW)
    judged = read(store, make_insight("slow", "Exports are slow")).insights[0]
    store.reviews.decide(make_decision(judged.insight_id))

    assert store.amending.delete(PLACE, NOW, remember=True)
    assert not store.amending.delete(PLACE, NOW, remember=True)

    [row] = rows(database)
    gone = (row.text, row.folded, row.reporter, row.reporter_name, row.account, row.context, row.note, row.author_name)
    assert [value for value in (*gone, row.permalink) if value] == []
    assert (row.state, row.erased_why, row.said_at) == (FeedbackState.ERASED, Erasure.DELETED, EARLIER)
    assert the_only(store).insights == ()
    assert list(store.history.heard(EVER)) == []
    assert store.history.backlog(EVER).messages == 0


@pytest.mark.parametrize("is_known", [True, False])
def test_nothing_brings_back_what_was_deleted_also_when_the_deletion_came_first(store: Store, is_known: bool) -> None:
    feedback = make_feedback("Exports are slow", ts=TS)
    if is_known:
        store.intake.take_in(feedback, NOW)
    store.amending.delete(PLACE, NOW, remember=True)

    for again in (feedback, replace(feedback, text="edited", edited_ts=FIRST)):
        taken = store.intake.take_in(again, NOW)
        assert (taken.new, taken.changed, taken.erased) == (False, False, True)
    assert (the_only(store).text, the_only(store).state) == ("", FeedbackState.ERASED)


def test_deletion_in_a_channel_that_is_not_watched_is_not_remembered(store: Store, database: Database) -> None:
    assert not store.amending.delete(PLACE, NOW, remember=False)
    assert rows(database) == []


def test_deletion_erases_also_what_time_has_erased_and_no_other_team_s(store: Store, database: Database) -> None:
    take_in(store, "Exports are slow")
    store.intake.take_in(make_feedback("Exports are slow", ts=TS, team_id=OTHER_TEAM), NOW)
    read(store, make_insight("slow", "Exports are slow"))
    Erasing(database).erase_words(TEAM, NOW, at=NOW)

    assert store.amending.delete(PLACE, NOW, remember=True)

    assert the_only(store).insights == ()
    assert [row.text for row in rows(database)] == ["", "Exports are slow"]


def test_words_edited_to_nothing_go_until_a_later_edit_brings_some(store: Store) -> None:
    feedback = take_in(store, "Exports are slow")

    assert store.amending.empty(PLACE, FIRST, NOW, remember=True)
    assert (the_only(store).text, store.history.backlog(EVER).messages) == ("", 0)
    edit(store, feedback, "Exports never end", SECOND)

    assert (the_only(store).text, the_only(store).state) == ("Exports never end", FeedbackState.WAITING)


def test_words_do_not_come_in_after_the_edit_that_took_them_away(store: Store) -> None:
    store.amending.empty(PLACE, FIRST, NOW, remember=True)

    assert not store.intake.take_in(make_feedback("Exports are slow", ts=TS), NOW).changed

    assert the_only(store).text == ""


@pytest.mark.parametrize("app", [None, "B1"])
def test_what_an_edit_emptied_comes_back_when_somebody_saves_it(store: Store, app: str | None) -> None:
    assert store.amending.empty(PLACE, FIRST, NOW, remember=True)
    by_hand = replace(make_feedback("newest words", ts=TS), edited_ts=FIRST, app=app, saved_by=OWNER)

    taken = store.intake.take_in(by_hand, NOW)

    kept = the_only(store)
    assert (taken.changed, kept.text, kept.state) == (True, "newest words", FeedbackState.WAITING)
    assert store.stating.add(TEAM, taken.feedback_id, Stated(OWNER, decides=False), NOW)


def test_older_words_than_the_edit_that_emptied_it_stay_away_also_by_hand(store: Store) -> None:
    store.amending.empty(PLACE, SECOND, NOW, remember=True)
    by_hand = replace(make_feedback("first words", ts=TS), saved_by=OWNER)

    for words in (by_hand, replace(by_hand, edited_ts=FIRST)):
        taken = store.intake.take_in(words, NOW)
        assert not store.stating.add(TEAM, taken.feedback_id, Stated(OWNER, decides=False), NOW)

    assert the_only(store).text == ""


@pytest.mark.parametrize(
    "let_go",
    [
        lambda store: store.amending.delete(PLACE, NOW, remember=True),
        lambda store: store.amending.edit(make_feedback("Short", ts=TS, edited_ts=make_ts(9)), NOW),
        lambda store: store.intake.take_in(make_feedback("Short", ts=TS, edited_ts=make_ts(9)), NOW),
    ],
    ids=["deleted", "edited", "edited in a watched channel"],
)
def test_no_byte_of_what_is_gone_outlives_the_next_emptying_of_the_log(
    sqlite_database: Database, let_go: Callable[[Store], object]
) -> None:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(), NOW)
    store.intake.take_in(make_feedback("Qwertzuiop " * 400, ts=TS), NOW)
    file = Path(sqlite_database.engine.url.database or "")

    def held() -> bytes:
        return b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))

    sqlite_database.empty_log()
    assert b"Qwertzuiop" in held()
    let_go(store)
    with sqlite_database.reading() as session:
        session.scalar(select(FeedbackRow.feedback_id))
        sqlite_database.empty_log()
        assert b"Qwertzuiop" in held(), "nobody was to see whether it is tried again after somebody read"
    sqlite_database.empty_log()

    assert b"Qwertzuiop" not in held()

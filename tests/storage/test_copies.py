"""Copies: what is forwarded, or forwarded again, counts once; what is only alike counts by itself."""

from dataclasses import replace

import pytest

from bot.parts import Store
from storage.database import Database
from storage.vocabulary import FeedbackState
from tests.factories import (
    NOW,
    TEAM,
    make_feedback,
    make_insight,
    make_ts,
)
from tests.storage.amended import (
    EVER,
    FIRST,
    PLACE,
    TS,
    edit,
    forward,
    read,
    rows,
)


def test_same_message_forwarded_twice_counts_once_and_keeps_both_reporters(store: Store, database: Database) -> None:
    first, second = (store.intake.take_in(forward(number), NOW) for number in (1, 2))

    assert (first.new, second.new) == (True, True)
    assert store.queue.counts(TEAM) == {"waiting": 1, "classified": 1, "failed": 0, "erased": 0}
    assert store.history.backlog(EVER).messages == 1
    assert [(row.reporter, row.same_as) for row in rows(database)] == [("U1", None), ("U2", first.feedback_id)]


def test_original_that_comes_after_its_forward_is_linked_to_it(store: Store, database: Database) -> None:
    first = store.intake.take_in(forward(1), NOW)
    store.intake.take_in(make_feedback("Exports are slow", ts=TS), NOW)

    assert [row.same_as for row in rows(database)] == [None, first.feedback_id]


@pytest.mark.parametrize("passed_on", [1, 2])
def test_forward_of_a_forward_counts_with_what_was_said_first(store: Store, database: Database, passed_on: int) -> None:
    first, second = (forward(number) for number in (1, 2))
    third = replace(forward(3), counts_as=(first, second)[passed_on - 1].origin)

    counted, *_ = (store.intake.take_in(each, NOW).feedback_id for each in (first, second, third))

    assert [row.same_as for row in rows(database)] == [None, counted, counted]


def test_earliest_copy_counts_once_what_it_repeated_is_deleted(store: Store, database: Database) -> None:
    store.intake.take_in(make_feedback("Exports are slow", ts=TS), NOW)
    later, earlier = (store.intake.take_in(forward(number), NOW).feedback_id for number in (3, 2))
    read(store)

    store.amending.delete(PLACE, NOW, remember=True)

    states = {row.feedback_id: (row.state, row.same_as) for row in rows(database)[1:]}
    assert states == {earlier: (FeedbackState.WAITING, None), later: (FeedbackState.CLASSIFIED, earlier)}
    assert store.intake.take_in(forward(4), NOW).new
    assert rows(database)[-1].same_as == earlier


def test_edit_of_a_copy_is_not_read(store: Store) -> None:
    store.intake.take_in(forward(1), NOW)
    original = make_feedback("Exports are slow", ts=TS)
    store.intake.take_in(original, NOW)

    edit(store, original, "Exports never end", FIRST)

    assert store.queue.counts(TEAM)["waiting"] == 1


def test_same_words_of_two_people_are_two(store: Store) -> None:
    for number in (1, 2):
        store.intake.take_in(make_feedback("Exports are slow", ts=make_ts(number)), NOW)

    assert store.queue.counts(TEAM)["waiting"] == 2


def test_reply_counts_as_a_message_only_if_a_problem_was_found_in_it(store: Store) -> None:
    for found in (True, False):
        text = "The export takes far too many clicks."
        store.intake.take_in(make_feedback(text, thread_ts=TS), NOW)
        read(store, *([make_insight("too many clicks", text)] if found else []))

    assert store.history.backlog(EVER).messages == 1

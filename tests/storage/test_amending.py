"""Edits: what is kept has the words of the newest, by its own time, and what people judged in them."""

from dataclasses import replace

import pytest

from bot.parts import Store
from storage.ids import Ts
from storage.records import Taken
from storage.vocabulary import FeedbackState, PostState
from tests.factories import (
    LEASE,
    NOW,
    TEAM,
    found_nothing,
    make_decision,
    make_feedback,
    make_insight,
    make_post,
)
from tests.storage.amended import (
    FIRST,
    SECOND,
    TS,
    edit,
    post,
    quoted,
    read,
    take_in,
    the_only,
)


def test_edit_puts_its_words_in_the_place_of_the_old_and_has_them_read(store: Store) -> None:
    feedback = take_in(store, "Exports are slow")
    read(store)

    taken = edit(store, feedback, "Exports never end", FIRST)

    kept = the_only(store)
    assert taken == Taken(kept.feedback_id, new=False, changed=True)
    assert (kept.text, kept.state, kept.insights) == ("Exports never end", FeedbackState.WAITING, ())


@pytest.mark.parametrize("late", [FIRST, SECOND, None])
def test_edit_that_is_not_later_than_the_newest_changes_nothing(store: Store, late: Ts | None) -> None:
    feedback = take_in(store, "first words")
    edit(store, feedback, "newest words", SECOND)

    edit(store, feedback, "late words", late)

    assert the_only(store).text == "newest words"


def test_words_that_an_edit_left_as_they_were_are_not_read_again(store: Store) -> None:
    feedback = take_in(store, "Exports are slow")
    read(store)

    taken = edit(store, feedback, "Exports are slow", FIRST)

    assert (taken and taken.changed, the_only(store).state) == (False, FeedbackState.CLASSIFIED)


def test_edit_that_comes_before_its_message_is_what_stays(store: Store) -> None:
    feedback = make_feedback("first words", ts=TS)

    assert store.intake.take_in(replace(feedback, text="newest words", edited_ts=FIRST), NOW).new
    assert not store.intake.take_in(feedback, NOW).changed

    assert the_only(store).text == "newest words"


def test_catching_up_brings_a_missed_edit(store: Store) -> None:
    feedback = take_in(store, "first words")

    taken = store.intake.take_in(replace(feedback, text="newest words", edited_ts=FIRST), NOW)

    assert (taken.new, taken.changed, the_only(store).text) == (False, True, "newest words")


def test_edit_of_what_never_came_in_is_left_to_whoever_knows_whether_it_may(store: Store) -> None:
    assert edit(store, make_feedback(), "words", FIRST) is None


def test_reading_of_the_old_words_is_refused_after_an_edit(store: Store) -> None:
    feedback = take_in(store, "Exports are slow")
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    edit(store, feedback, "Exports are fine", FIRST)

    assert not store.queue.save(claimed, found_nothing(), taxonomy_version="1", at=NOW)
    assert the_only(store).state is FeedbackState.WAITING


def test_verdict_stays_with_its_quote_where_an_edit_leaves_it_standing(store: Store) -> None:
    text = "We want to see who changed it. Exports are slow."
    feedback = take_in(store, text)
    judged, other = read(store, make_insight("who changed it", text), make_insight("Exports are slow", text)).insights
    store.reviews.decide(make_decision(judged.insight_id))

    edit(store, feedback, "Again: we want to see who changed it. Imports are slow.", FIRST)
    waiting = the_only(store)
    after = read(store, make_insight("who changed it", waiting.text), make_insight("Imports are slow", waiting.text))

    assert [one.insight_id for one in waiting.insights] == [judged.insight_id]
    assert [quoted(after, one.insight_id) for one in after.insights] == ["who changed it", "Imports are slow"]
    assert [one.reviews for one in after.insights] == [1, 0]
    assert other.insight_id not in {one.insight_id for one in after.insights}
    assert store.reviews.mismatches(TEAM) == []


def test_verdict_goes_with_its_quote_where_an_edit_took_it_away(store: Store) -> None:
    feedback = take_in(store, "We want to see who changed it.")
    judged = read(store, make_insight("who changed it", "We want to see who changed it.")).insights[0]
    store.reviews.decide(make_decision(judged.insight_id))

    edit(store, feedback, "Never mind.", FIRST)

    assert read(store).insights == ()
    assert store.reviews.of_feedback(TEAM, judged.feedback_id) == []


def test_edit_makes_the_card_due_again_and_so_does_its_new_reading(store: Store) -> None:
    feedback = take_in(store, "Exports are slow")
    kept = read(store, make_insight("slow", "Exports are slow"))
    store.posts.owe(TEAM, make_post(feedback_id=kept.feedback_id), NOW)
    post(store)

    edit(store, feedback, "Exports are fine", FIRST)
    assert post(store) is PostState.DUE
    read(store)
    assert post(store) is PostState.DUE

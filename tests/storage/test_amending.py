"""What is kept stays in step: edits by their own time, deletions whichever comes first, copies counted once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.parts import Store
from classifiers.vocabulary import Insight
from storage.database import Database
from storage.erasing import Erasing
from storage.history import Query
from storage.ids import Ts
from storage.records import Feedback, NewFeedback, Place, Taken
from storage.rows import FeedbackRow
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Erasure, FeedbackState, PostState
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    found_nothing,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_post,
    make_ts,
    make_workspace,
)
from tests.storage_fixtures import make_store

TS = make_ts(500)
PLACE = Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC)
EVER = Query(TEAM, since=EARLIER - timedelta(days=1), until=NOW + timedelta(days=1), audience=CHANNEL)
FIRST, SECOND = Ts("9.000000"), Ts("10.000000")
"""Two edits; as text the second would come before the first."""


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


def take_in(store: Store, text: str) -> NewFeedback:
    feedback = make_feedback(text, ts=TS)
    store.intake.take_in(feedback, NOW)
    return feedback


def forward(number: int) -> NewFeedback:
    """Somebody shares the message at ``PLACE``; a greater number later."""
    at = EARLIER + timedelta(minutes=number)
    original = make_feedback(ts=TS).origin
    return make_feedback(
        "Exports are slow", ts=make_ts(600 + number), counts_as=original, reporter=f"U{number}", said_at=at
    )


def edit(store: Store, feedback: NewFeedback, text: str, edited_ts: Ts | None) -> Taken | None:
    return store.amending.edit(replace(feedback, text=text, edited_ts=edited_ts), NOW)


def read(store: Store, *insights: Insight) -> Feedback:
    """Have the one waiting feedback read."""
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    made = make_classification(*insights) if insights else found_nothing()
    assert store.queue.save(claimed, made, taxonomy_version="1", at=NOW)
    return store.history.feedback(TEAM, claimed.feedback_id)


def quoted(feedback: Feedback, insight_id: object) -> str:
    """What stands in the text where an insight points."""
    [said] = [one.said for one in feedback.insights if one.insight_id == insight_id]
    assert said is not None
    assert feedback.text[said.evidence.start : said.evidence.end] == said.evidence.quote
    return said.evidence.quote


def the_only(store: Store) -> Feedback:
    kept = store.history.by_origin(TEAM, make_feedback(ts=TS).origin)
    assert kept is not None
    return kept


def post(store: Store) -> PostState:
    """Make the card should it be due; return how it was found."""
    claimed = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    for each in claimed:
        store.posts.done(each, make_ts(700))
    return PostState.DUE if claimed else PostState.DONE


def rows(database: Database) -> list[FeedbackRow]:
    with database.reading() as session:
        return list(session.query(FeedbackRow).order_by(FeedbackRow.feedback_id))

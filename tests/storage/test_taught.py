"""What a team's verdicts teach: the latest word on each passage, as long as its words are kept."""

from datetime import timedelta

from bot.parts import Store
from storage.database import Database
from storage.erasing import Erasing
from storage.ids import FeedbackId
from storage.records import Place
from storage.taught import Taught
from storage.vocabulary import ChannelKind, Verdict
from tests.factories import (
    CHANNEL,
    LATER,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    TEXT,
    USER_LABELS,
    make_decision,
    make_evidence,
    make_labels,
    make_ts,
)
from tests.storage.settled import capture

QUOTE = "who changed the figures"


def test_each_judged_passage_is_taught_with_what_now_holds_the_latest_first(store: Store) -> None:
    ids = [capture(store)[1] for _ in range(4)]
    store.reviews.decide(make_decision(ids[0], Verdict.CONFIRMED))
    store.reviews.decide(make_decision(ids[1], Verdict.CORRECTED, labels=USER_LABELS))
    store.reviews.decide(make_decision(ids[2], Verdict.REJECTED))

    assert store.reviews.taught(TEAM, limit=10) == [
        Taught(QUOTE, None),
        Taught(QUOTE, USER_LABELS),
        Taught(QUOTE, make_labels()),
    ]
    assert store.reviews.taught(TEAM, limit=1) == [Taught(QUOTE, None)]
    assert store.reviews.taught(OTHER_TEAM, limit=10) == []


def test_the_stamp_changes_with_each_verdict_and_with_nothing_else(store: Store) -> None:
    _, first = capture(store)
    stamps = [store.reviews.stamp(TEAM)]
    capture(store)
    assert store.reviews.stamp(TEAM) == stamps[0]

    store.reviews.decide(make_decision(first))
    stamps.append(store.reviews.stamp(TEAM))
    store.reviews.decide(make_decision(first, Verdict.REJECTED, seen=1))
    stamps.append(store.reviews.stamp(TEAM))

    assert len(set(stamps)) == 3


def test_erased_words_teach_nothing_and_change_the_stamp(store: Store, database: Database) -> None:
    _, insight_id = capture(store)
    store.reviews.decide(make_decision(insight_id))
    before = store.reviews.stamp(TEAM)

    Erasing(database).erase_words(TEAM, NOW + timedelta(days=1), at=NOW)

    assert store.reviews.taught(TEAM, limit=10) == []
    assert store.reviews.stamp(TEAM) != before


def test_the_stamp_changes_when_as_much_is_judged_as_is_deleted(store: Store) -> None:
    (gone, first), (_, second) = capture(store, ts=make_ts(900)), capture(store)
    store.reviews.decide(make_decision(first))
    before = store.reviews.stamp(TEAM)

    place = Place(TEAM, CHANNEL, make_ts(900), NOW, ChannelKind.PUBLIC)
    assert store.amending.delete(place, LATER, remember=True)
    assert store.history.feedback(TEAM, gone).text == ""
    store.reviews.decide(make_decision(second, Verdict.REJECTED, at=LATER))

    assert store.reviews.stamp(TEAM) != before


def test_judged_feedback_is_given_page_by_page_with_what_now_holds(store: Store) -> None:
    captured = [capture(store) for _ in range(3)]
    store.reviews.decide(make_decision(captured[0][1], Verdict.CORRECTED, labels=USER_LABELS))
    store.reviews.decide(make_decision(captured[2][1], Verdict.REJECTED))

    (first,) = store.reviews.judged(TEAM, after=FeedbackId(0), limit=1)
    (second,) = store.reviews.judged(TEAM, after=first.feedback_id, limit=10)

    assert (first.text, first.passages, first.whole) == (TEXT, (Taught(QUOTE, USER_LABELS),), True)
    assert second.passages == (Taught(QUOTE, None),)
    assert store.reviews.judged(TEAM, after=second.feedback_id, limit=10) == []
    assert store.reviews.judged(OTHER_TEAM, after=FeedbackId(0), limit=10) == []


def test_a_passage_that_nobody_judged_keeps_its_feedback_from_teaching_as_a_whole(store: Store) -> None:
    feedback_id, insight_id = capture(store)
    store.reviews.add(TEAM, feedback_id, USER_LABELS, make_evidence("figures"), OWNER, NOW)

    (judged,) = store.reviews.judged(TEAM, after=FeedbackId(0), limit=10)
    assert ([one.quote for one in judged.passages], judged.whole) == (["figures"], False)

    store.reviews.decide(make_decision(insight_id))
    (judged,) = store.reviews.judged(TEAM, after=FeedbackId(0), limit=10)
    assert ([one.quote for one in judged.passages], judged.whole) == ([QUOTE, "figures"], True)

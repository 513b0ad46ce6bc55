"""What classifiers said: counted by day, and replaced without taking back what a person said."""

from datetime import timedelta

import pytest

from bot.parts import Store
from classifiers.vocabulary import Classification, Hindrance, Usage
from storage.history import Query
from storage.ids import FeedbackId, TeamId
from storage.readings import Reading
from storage.records import StoredInsight
from storage.vocabulary import Standing, Verdict
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    TEXT,
    USER_LABELS,
    found_nothing,
    make_classification,
    make_decision,
    make_evidence,
    make_feedback,
    make_insight,
    make_remarks,
    make_ts,
)
from tests.storage.asked import ask

LATER = NOW + timedelta(minutes=5)
CLICKS = make_insight("The export takes far too many clicks", labels=USER_LABELS)
AUDIT = make_insight("who changed the figures")
FALLBACK = {"fallback": True, "hindrance": Hindrance.UNAVAILABLE}
BY_MODEL = {"classifier": "llm", "model": "big-1"}


def read(
    store: Store, classification: Classification, *, team: TeamId = TEAM, at: object = NOW, **changes: object
) -> FeedbackId:
    """Take in a feedback and save what was found in it."""
    taken = store.intake.take_in(make_feedback(team_id=team, **changes), NOW)
    claims = store.queue.claim(team, limit=10, lease=LEASE, at=NOW)
    (claim,) = [claim for claim in claims if claim.feedback_id == taken.feedback_id]
    assert store.queue.save(claim, classification, taxonomy_version="1", at=at)  # type: ignore[arg-type]
    return taken.feedback_id


def again(store: Store) -> Reading:
    (found,) = store.readings.again(TEAM, since=EARLIER)
    return found


def standing(store: Store, feedback_id: FeedbackId) -> list[StoredInsight]:
    return list(store.history.feedback(TEAM, feedback_id).insights)


def test_the_tokens_of_a_day_are_those_of_this_team_since_it_began(store: Store) -> None:
    used = make_classification(usage=Usage(tokens_in=100, tokens_out=10))
    read(store, used, at=NOW - timedelta(seconds=1))
    read(store, used, at=NOW)
    read(store, used, at=LATER)
    read(store, used, at=LATER, team=OTHER_TEAM)

    assert store.readings.tokens_since(TEAM, NOW) == 220
    assert store.readings.tokens_since(TEAM, LATER + timedelta(seconds=1)) == 0


def test_only_what_a_fall_back_answered_since_then_is_worth_asking_again(store: Store) -> None:
    read(store, make_classification())
    read(store, make_classification(**FALLBACK), said_at=EARLIER - timedelta(seconds=1))
    read(store, make_classification(**FALLBACK), team=OTHER_TEAM)
    wanted = read(store, make_classification(**FALLBACK))

    assert again(store).feedback_id == wanted
    assert store.readings.count_again(TEAM, since=EARLIER) == 1


def test_what_any_other_classifier_read_can_be_listed_too(store: Store) -> None:
    local = read(store, make_classification())
    fallen = read(store, make_classification(**FALLBACK))
    older = read(store, make_classification(classifier="llm", model="small-1"))
    read(store, make_classification(**BY_MODEL))

    found = store.readings.again(TEAM, since=EARLIER, not_by=("llm", "big-1"))

    assert [each.feedback_id for each in found] == [local, fallen, older]
    assert store.readings.count_again(TEAM, since=EARLIER, not_by=("llm", "big-1")) == 3


def test_the_next_page_begins_after_the_last_id(store: Store) -> None:
    ids = [read(store, make_classification(**FALLBACK)) for _ in range(3)]

    first = store.readings.again(TEAM, since=EARLIER, limit=2)
    second = store.readings.again(TEAM, since=EARLIER, limit=2, after=first[-1].feedback_id)

    assert [each.feedback_id for each in (*first, *second)] == ids


def test_a_new_reading_stands_in_place_of_the_fall_back_and_is_not_asked_for_again(store: Store) -> None:
    feedback_id = read(store, make_classification(AUDIT, **FALLBACK))

    assert store.readings.replace(again(store), make_classification(CLICKS, **BY_MODEL), taxonomy_version="1", at=LATER)

    assert [insight.said for insight in standing(store, feedback_id)] == [CLICKS]
    assert store.readings.again(TEAM, since=EARLIER) == []


@pytest.mark.parametrize(
    ("verdict", "left"), [(Verdict.CONFIRMED, Standing.SURE), (Verdict.REJECTED, Standing.REJECTED)]
)
def test_an_insight_that_a_person_decided_on_outlasts_a_new_reading(
    store: Store, verdict: Verdict, left: Standing
) -> None:
    feedback_id = read(store, make_classification(AUDIT, CLICKS, **FALLBACK))
    judged, _ = standing(store, feedback_id)
    store.reviews.decide(make_decision(judged.insight_id, verdict))

    otherwise = make_insight("wants to see who changed the figures", labels=USER_LABELS)
    assert store.readings.replace(
        again(store), make_classification(otherwise, **BY_MODEL), taxonomy_version="1", at=LATER
    )

    (kept,) = standing(store, feedback_id)
    assert (kept.insight_id, kept.said, kept.standing, kept.reviews) == (judged.insight_id, AUDIT, left, 1)
    assert store.reviews.mismatches(TEAM) == []


def test_a_corrected_label_outlasts_a_new_reading_which_adds_what_it_finds_elsewhere(store: Store) -> None:
    feedback_id = read(store, make_classification(AUDIT, **FALLBACK))
    (judged,) = standing(store, feedback_id)
    store.reviews.decide(make_decision(judged.insight_id, Verdict.CORRECTED, labels=USER_LABELS))

    assert store.readings.replace(again(store), make_classification(AUDIT, CLICKS), taxonomy_version="1", at=LATER)

    kept, added = standing(store, feedback_id)
    assert (kept.insight_id, kept.current) == (judged.insight_id, USER_LABELS)
    assert added.said == CLICKS


def test_what_a_person_added_outlasts_a_new_reading(store: Store) -> None:
    feedback_id = read(store, found_nothing(**FALLBACK))
    evidence = make_evidence("The export takes far too many clicks")
    added = store.reviews.add(TEAM, feedback_id, USER_LABELS, evidence, OWNER, NOW)

    assert store.readings.replace(again(store), make_classification(AUDIT), taxonomy_version="1", at=LATER)

    assert added.insight_id in {insight.insight_id for insight in standing(store, feedback_id)}


def test_what_a_person_added_is_not_counted_twice_once_a_new_reading_finds_it_too(store: Store) -> None:
    feedback_id = read(store, found_nothing(**FALLBACK))
    evidence = make_evidence("The export takes far too many clicks")
    added = store.reviews.add(TEAM, feedback_id, USER_LABELS, evidence, OWNER, NOW)

    assert store.readings.replace(again(store), make_classification(AUDIT, CLICKS), taxonomy_version="1", at=LATER)

    assert [each.said for each in standing(store, feedback_id) if each.insight_id != added.insight_id] == [AUDIT]
    ever = Query(TEAM, since=EARLIER, until=LATER, audience=CHANNEL)
    assert sorted(each.quote for each in store.history.heard(ever)) == [CLICKS.evidence.quote, AUDIT.evidence.quote]


def test_a_reply_in_which_a_new_reading_finds_nothing_is_no_message(store: Store) -> None:
    read(store, make_classification(AUDIT, **FALLBACK), ts=make_ts(2), thread_ts=make_ts(1))
    store.readings.replace(again(store), found_nothing(**BY_MODEL), taxonomy_version="1", at=LATER)

    assert store.history.backlog(ask()).messages == 0


def test_an_account_that_only_a_replaced_reading_named_is_not_suggested(store: Store) -> None:
    named = make_insight(remarks=make_remarks(account="Globex"))
    read(store, make_classification(named, **FALLBACK))
    store.readings.replace(again(store), make_classification(AUDIT, **BY_MODEL), taxonomy_version="1", at=LATER)
    read(store, make_classification(named, **FALLBACK), account="Initech")
    store.readings.replace(again(store), found_nothing(**BY_MODEL), taxonomy_version="1", at=LATER)

    assert store.history.accounts_like(TEAM, "") == ["Initech"]


def test_what_only_a_replaced_reading_found_does_not_keep_a_message_from_teaching_as_a_whole(store: Store) -> None:
    feedback_id = read(store, make_classification(CLICKS, **FALLBACK))
    store.readings.replace(again(store), make_classification(AUDIT, **BY_MODEL), taxonomy_version="1", at=LATER)
    (found,) = standing(store, feedback_id)
    store.reviews.decide(make_decision(found.insight_id))

    (judged,) = store.reviews.judged(TEAM, after=FeedbackId(0), limit=10)

    assert ([one.quote for one in judged.passages], judged.whole) == ([AUDIT.evidence.quote], True)


def test_a_reading_that_was_replaced_meanwhile_is_not_replaced_again(store: Store) -> None:
    feedback_id = read(store, make_classification(AUDIT, **FALLBACK))
    stale = again(store)
    store.readings.replace(stale, make_classification(CLICKS), taxonomy_version="1", at=LATER)

    assert not store.readings.replace(stale, found_nothing(), taxonomy_version="1", at=LATER)

    assert [insight.said for insight in standing(store, feedback_id)] == [CLICKS]


def test_a_reading_knows_the_words_and_what_stands(store: Store) -> None:
    read(store, make_classification(AUDIT, **FALLBACK))

    found = again(store)

    assert (found.text, [insight.said for insight in found.insights]) == (TEXT, [AUDIT])

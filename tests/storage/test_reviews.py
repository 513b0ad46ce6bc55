"""A person's word is appended, holds at once, and can be replayed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.parts import Store
from classifiers.vocabulary import Labels
from storage.current import Current, current_of
from storage.database import Database
from storage.errors import NotFoundError, StaleError
from storage.ids import FeedbackId, InsightId, UserId
from storage.records import StoredInsight
from storage.vocabulary import PostState, Standing, Verdict
from tests.factories import (
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    PERSON,
    TEAM,
    USER_LABELS,
    make_decision,
    make_evidence,
    make_feedback,
    make_insight,
    make_labels,
    make_post,
    make_ts,
)
from tests.storage.settled import capture

SAID = make_labels()


@pytest.mark.parametrize(
    ("afters", "unsure", "held"),
    [
        ([], False, Current(SAID, Standing.SURE)),
        ([], True, Current(SAID, Standing.UNSURE)),
        ([SAID], True, Current(SAID, Standing.SURE)),
        ([USER_LABELS], False, Current(USER_LABELS, Standing.SURE)),
        ([USER_LABELS, SAID], False, Current(SAID, Standing.SURE)),
        ([None], False, Current(SAID, Standing.REJECTED)),
        ([USER_LABELS, None], False, Current(USER_LABELS, Standing.REJECTED)),
        ([None, SAID], True, Current(SAID, Standing.SURE)),
    ],
)
def test_last_review_holds_else_what_the_classifier_said(
    afters: list[Labels | None],
    unsure: bool,
    held: Current,
) -> None:
    assert current_of(SAID, afters, unsure=unsure) == held


def test_confirmed_insight_that_was_unsure_is_sure(store: Store) -> None:
    _, insight_id = capture(store, make_insight(unsure=True))

    decided = store.reviews.decide(make_decision(insight_id))

    assert (decided.current, decided.standing, decided.reviews) == (SAID, Standing.SURE, 1)
    assert store.history.insight(TEAM, insight_id) == decided


def test_correction_holds_at_once_and_keeps_what_was_said(store: Store) -> None:
    _, insight_id = capture(store)

    decided = correct(store, insight_id)

    assert (decided.current, decided.said.labels) == (USER_LABELS, SAID)


def test_rejected_insight_no_longer_stands_until_it_is_confirmed(store: Store) -> None:
    feedback_id, insight_id = capture(store)
    store.reviews.decide(make_decision(insight_id, Verdict.REJECTED))
    assert store.history.feedback(TEAM, feedback_id).standing == ()

    store.reviews.decide(make_decision(insight_id, Verdict.CONFIRMED, seen=1))

    assert len(store.history.feedback(TEAM, feedback_id).standing) == 1


def test_double_press_changes_nothing(store: Store) -> None:
    feedback_id, insight_id = capture(store)

    first, second = correct(store, insight_id), correct(store, insight_id)

    assert first == second
    assert len(store.reviews.of_feedback(TEAM, feedback_id)) == 1


def test_decision_made_on_an_older_view_is_refused(store: Store) -> None:
    _, insight_id = capture(store)
    correct(store, insight_id)

    with pytest.raises(StaleError, match="look at it again"):
        store.reviews.decide(make_decision(insight_id, Verdict.REJECTED, seen=0))


def test_of_two_people_who_decide_at_the_same_moment_one_is_told(store: Store) -> None:
    feedback_id, insight_id = capture(store)

    def decide(verdict: Verdict) -> bool:
        try:
            store.reviews.decide(make_decision(insight_id, verdict))
        except StaleError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=2) as people:
        decided = list(people.map(decide, [Verdict.CONFIRMED, Verdict.REJECTED]))

    assert sorted(decided) == [False, True]
    assert len(store.reviews.of_feedback(TEAM, feedback_id)) == 1


def test_log_tells_who_changed_what_from_what(store: Store) -> None:
    feedback_id, insight_id = capture(store)
    correct(store, insight_id)
    store.reviews.decide(make_decision(insight_id, Verdict.REJECTED, seen=1, by=PERSON, at=NOW + LEASE))

    first, second = store.reviews.of_feedback(TEAM, feedback_id)

    assert (first.number, first.reviewer, first.before, first.after) == (1, OWNER, SAID, USER_LABELS)
    assert (second.number, second.reviewer, second.before, second.after) == (2, PERSON, USER_LABELS, None)
    assert second.reviewed_at == NOW + LEASE


def test_correction_without_labels_is_a_mistake_of_the_program(store: Store) -> None:
    _, insight_id = capture(store)

    with pytest.raises(ValueError, match="cannot be made"):
        store.reviews.decide(make_decision(insight_id, Verdict.CORRECTED))


def test_insight_of_another_workspace_is_not_found(store: Store) -> None:
    feedback_id, insight_id = capture(store)

    for ask in (
        lambda: store.reviews.decide(make_decision(insight_id, team_id=OTHER_TEAM)),
        lambda: store.reviews.propose(make_decision(insight_id, team_id=OTHER_TEAM)),
        lambda: store.reviews.add(OTHER_TEAM, feedback_id, USER_LABELS, make_evidence("auditor"), OWNER, NOW),
    ):
        with pytest.raises(NotFoundError):
            ask()
    assert store.reviews.of_feedback(OTHER_TEAM, feedback_id) == []


def test_decision_makes_the_card_due_again(store: Store) -> None:
    feedback_id, insight_id = capture(store)
    store.posts.owe(TEAM, make_post(feedback_id=feedback_id), NOW)
    [post] = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.posts.done(post, make_ts(9))

    correct(store, insight_id)

    card = store.posts.card(TEAM, feedback_id)
    assert card is not None
    assert (card.state, card.revision, card.ts) == (PostState.DUE, 2, make_ts(9))


def test_added_insight_stands_beside_those_of_the_classifier(store: Store) -> None:
    feedback_id, _ = capture(store)

    added = add(store, feedback_id)

    feedback = store.history.feedback(TEAM, feedback_id)
    assert [insight.said.evidence.quote for insight in feedback.insights] == [
        "who changed the figures",
        "too many clicks",
    ]
    assert (added.current, added.standing, added.reviews) == (USER_LABELS, Standing.SURE, 1)
    assert [review.verdict for review in store.reviews.of_feedback(TEAM, feedback_id)] == [Verdict.ADDED]


def test_insight_can_be_added_to_feedback_that_nothing_has_read_yet(store: Store) -> None:
    taken = store.intake.take_in(make_feedback(), NOW)

    add(store, taken.feedback_id)

    assert len(store.history.feedback(TEAM, taken.feedback_id).insights) == 1


def test_adding_the_same_twice_adds_one(store: Store) -> None:
    feedback_id, _ = capture(store)

    assert add(store, feedback_id) == add(store, feedback_id)


def test_words_that_do_not_stand_in_the_text_cannot_be_added(store: Store) -> None:
    feedback_id, _ = capture(store)

    with pytest.raises(StaleError, match="no longer stand"):
        store.reviews.add(TEAM, feedback_id, USER_LABELS, make_evidence("words", "words"), OWNER, NOW)


def test_proposal_changes_no_label_and_only_the_last_of_a_person_is_kept(store: Store, database: Database) -> None:
    _, insight_id = capture(store)
    store.reviews.propose(make_decision(insight_id, Verdict.REJECTED, by=PERSON))
    store.reviews.propose(make_decision(insight_id, Verdict.CORRECTED, by=PERSON, labels=USER_LABELS))

    assert store.history.insight(TEAM, insight_id).current == SAID
    with database.reading() as session:
        [proposal] = session.execute(text("SELECT verdict, theme FROM proposals")).all()
    assert tuple(proposal) == ("corrected", "fewer_steps")


def test_replaying_the_log_gives_what_holds(store: Store) -> None:
    for verdict in (Verdict.CONFIRMED, Verdict.REJECTED):
        feedback_id, insight_id = capture(store)
        store.reviews.decide(make_decision(insight_id, verdict))
        correct(store, insight_id, seen=1)
        add(store, feedback_id)

    assert store.reviews.mismatches(TEAM) == []


def test_copy_that_differs_from_the_log_is_found(store: Store, database: Database) -> None:
    _, insight_id = capture(store)
    capture(store)
    with database.writing() as session:
        session.execute(text("UPDATE insights SET current_theme = 'speed' WHERE insight_id = :id"), {"id": insight_id})

    assert store.reviews.mismatches(TEAM) == [insight_id]
    assert store.reviews.mismatches(OTHER_TEAM) == []


def test_log_is_given_in_pages(store: Store) -> None:
    feedback_id, insight_id = capture(store)
    for seen, verdict in enumerate([Verdict.CONFIRMED, Verdict.REJECTED, Verdict.CONFIRMED]):
        store.reviews.decide(make_decision(insight_id, verdict, seen=seen, at=NOW + timedelta(minutes=seen)))

    page = store.reviews.of_feedback(TEAM, feedback_id, limit=2)
    rest = store.reviews.of_feedback(TEAM, feedback_id, skip=2, limit=2)
    assert [review.number for review in [*page, *rest]] == [1, 2, 3]


def test_the_verdict_that_holds_is_given_however_many_there_were(store: Store) -> None:
    _, insight_id = capture(store)
    _, other_id = capture(store)
    last = Verdict.REJECTED
    for seen in range(103):
        last = Verdict.CONFIRMED if last is Verdict.REJECTED else Verdict.REJECTED
        store.reviews.decide(make_decision(insight_id, last, seen=seen, by=UserId(f"U{seen}")))

    (verdict,) = store.reviews.last_verdicts(TEAM, [insight_id, other_id])
    assert (verdict.number, verdict.verdict, verdict.reviewer) == (103, last, "U102")
    assert store.reviews.last_verdicts(OTHER_TEAM, [insight_id]) == []
    assert store.reviews.last_verdicts(TEAM, []) == []


def correct(store: Store, insight_id: InsightId, seen: int = 0) -> StoredInsight:
    return store.reviews.decide(make_decision(insight_id, Verdict.CORRECTED, labels=USER_LABELS, seen=seen))


def add(store: Store, feedback_id: FeedbackId) -> StoredInsight:
    return store.reviews.add(TEAM, feedback_id, USER_LABELS, make_evidence("too many clicks"), OWNER, NOW)

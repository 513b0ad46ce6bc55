"""Each waiting feedback is classified once, however many workers ask and whatever becomes of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.parts import Store
from classifiers.vocabulary import Usage
from storage.database import Database
from storage.records import Claimed
from storage.rows import ClassificationRow, FeedbackRow
from storage.vocabulary import FeedbackState, Standing
from tests.factories import (
    LEASE,
    NOW,
    OTHER_TEAM,
    TEAM,
    USER_LABELS,
    found_nothing,
    make_classification,
    make_feedback,
    make_insight,
    make_post,
    make_remarks,
)

PAST_LEASE = NOW + LEASE


def test_claims_are_handed_out_oldest_first_and_by_team(store: Store) -> None:
    for minutes in (3, 1, 2):
        store.intake.take_in(make_feedback(f"{minutes} minutes ago"), NOW - timedelta(minutes=minutes))
    store.intake.take_in(make_feedback(team_id=OTHER_TEAM), NOW - timedelta(hours=1))

    claimed = store.queue.claim(TEAM, limit=2, lease=LEASE, at=NOW)

    assert {each.text for each in claimed} == {"3 minutes ago", "2 minutes ago"}
    assert {each.team_id for each in claimed} == {TEAM}


def test_claimed_feedback_is_not_handed_out_again_while_the_lease_lasts(store: Store) -> None:
    claim_one(store)

    assert store.queue.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE - timedelta(seconds=1)) == []


def test_claim_whose_lease_ran_out_is_handed_out_again_with_another_token(store: Store) -> None:
    first = claim_one(store)

    [second] = store.queue.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE)

    assert (second.feedback_id, second.attempts) == (first.feedback_id, 2)
    assert second.token != first.token


def test_renewed_lease_lasts_longer(store: Store) -> None:
    claimed = claim_one(store)

    assert store.queue.renew(claimed, lease=LEASE, at=NOW + LEASE / 2)
    assert store.queue.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE) == []


def test_concurrent_claims_never_share_a_feedback(store: Store) -> None:
    for _ in range(40):
        store.intake.take_in(make_feedback(), NOW)

    def claim_all(_worker: int) -> list[Claimed]:
        mine: list[Claimed] = []
        while claimed := store.queue.claim(TEAM, limit=3, lease=LEASE, at=NOW):
            assert len(claimed) <= 3
            mine += claimed
        return mine

    with ThreadPoolExecutor(max_workers=6) as workers:
        handed_out = [each.feedback_id for mine in workers.map(claim_all, range(6)) for each in mine]

    assert len(handed_out) == len(set(handed_out)) == 40


def test_saved_feedback_is_classified_with_its_insights_in_reading_order(store: Store) -> None:
    later = make_insight("too many clicks", labels=USER_LABELS, unsure=True, confidence=0.4)
    remarks = make_remarks(persona_stated=True, rationale="audit", account="Initech")

    claimed = claim_one(store)
    assert save(store, claimed, make_insight(remarks=remarks), later)

    feedback = store.history.feedback(TEAM, claimed.feedback_id)
    assert feedback.state is FeedbackState.CLASSIFIED
    assert [insight.said for insight in feedback.insights] == [make_insight(remarks=remarks), later]
    assert [insight.standing for insight in feedback.insights] == [Standing.SURE, Standing.UNSURE]
    assert store.queue.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE) == []


def test_run_that_found_nothing_is_remembered_with_its_cost(store: Store, database: Database) -> None:
    usage = Usage(tokens_in=7, tokens_out=3, cost=0.25, seconds=1.5)
    store.queue.save(
        claim_one(store),
        found_nothing(prompt_version="p1", fallback=True, usage=usage),
        taxonomy_version="2",
        at=NOW,
    )

    with database.reading() as session:
        run = session.query(ClassificationRow).one()
        assert (run.prompt_version, run.fallback, run.taxonomy_version) == ("p1", True, "2")
        assert (run.tokens_in, run.tokens_out, run.cost, run.seconds) == (7, 3, 0.25, 1.5)


def test_late_result_of_a_lost_claim_is_dropped(store: Store) -> None:
    late = claim_one(store)
    [holder] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=PAST_LEASE)

    assert save(store, holder)
    assert not save(store, late, make_insight("too many clicks"))
    assert len(store.history.feedback(TEAM, late.feedback_id).insights) == 1


def test_late_result_before_the_new_holder_saves_is_dropped_too(store: Store, database: Database) -> None:
    late = claim_one(store)
    store.queue.claim(TEAM, limit=1, lease=LEASE, at=PAST_LEASE)

    saved = store.queue.save(late, make_classification(), taxonomy_version="1", at=NOW, posts=[make_post()])

    assert not saved
    assert store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW) == []
    with database.reading() as session:
        assert session.query(ClassificationRow).count() == 0


def test_result_for_words_that_changed_meanwhile_is_dropped(store: Store, database: Database) -> None:
    claimed = claim_one(store)
    with database.writing() as session:
        session.execute(update(FeedbackRow).values(text_version=2))

    assert not save(store, claimed)


def test_saving_twice_writes_once(store: Store) -> None:
    claimed = claim_one(store)

    assert [save(store, claimed), save(store, claimed)] == [True, False]


def test_what_is_owed_is_written_with_what_was_found(store: Store) -> None:
    claimed = claim_one(store)

    store.queue.save(claimed, make_classification(), taxonomy_version="1", at=NOW, posts=[make_post("card:1")])

    assert [post.key for post in store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)] == ["card:1"]


def test_released_claim_is_free_at_once_and_its_attempt_uncounted(store: Store) -> None:
    assert store.queue.release(claim_one(store), at=NOW)

    [again] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    assert again.attempts == 1


def test_put_off_feedback_waits_until_then_with_the_reason(store: Store) -> None:
    claimed = claim_one(store)

    assert store.queue.put_off(claimed, reason="the model did not answer", until=NOW + timedelta(minutes=5))

    assert store.history.feedback(TEAM, claimed.feedback_id).failure == "the model did not answer"
    assert store.queue.seconds_until_next(NOW) == 300
    assert store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW + timedelta(minutes=4)) == []
    [again] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW + timedelta(minutes=5))
    assert again.attempts == 2


def test_feedback_given_up_is_failed_with_the_reason_until_somebody_retries(store: Store) -> None:
    claimed = claim_one(store)

    assert store.queue.give_up(claimed, reason="five tries failed")

    failed = store.history.feedback(TEAM, claimed.feedback_id)
    assert (failed.state, failed.failure) == (FeedbackState.FAILED, "five tries failed")
    assert store.queue.claim(TEAM, limit=1, lease=LEASE, at=PAST_LEASE) == []
    assert store.queue.retry_failed(OTHER_TEAM, at=NOW) == 0
    assert store.queue.retry_failed(TEAM, at=NOW) == 1
    [again] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    assert again.attempts == 1


@pytest.mark.parametrize("change", ["renew", "release", "put_off", "give_up"])
def test_claim_that_was_lost_changes_nothing(store: Store, change: str) -> None:
    late = claim_one(store)
    [holder] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=PAST_LEASE)
    changes = {
        "renew": lambda: store.queue.renew(late, lease=LEASE, at=NOW),
        "release": lambda: store.queue.release(late, at=NOW),
        "put_off": lambda: store.queue.put_off(late, reason="late", until=NOW),
        "give_up": lambda: store.queue.give_up(late, reason="late"),
    }

    assert not changes[change]()
    assert save(store, holder)


def test_claim_of_another_workspace_cannot_be_saved(store: Store) -> None:
    assert not save(store, replace(claim_one(store), team_id=OTHER_TEAM))


def test_workspaces_wait_longest_first_and_only_with_something_to_claim(store: Store) -> None:
    store.intake.take_in(make_feedback(), NOW)
    store.intake.take_in(make_feedback(team_id=OTHER_TEAM), NOW - timedelta(minutes=1))

    assert store.queue.teams_waiting(NOW) == [OTHER_TEAM, TEAM]
    store.queue.claim(OTHER_TEAM, limit=1, lease=LEASE, at=NOW)
    assert store.queue.teams_waiting(NOW) == [TEAM]


def test_nothing_waiting_has_no_next_time(store: Store) -> None:
    assert store.queue.seconds_until_next(NOW) is None
    store.intake.take_in(make_feedback(), NOW)
    assert store.queue.seconds_until_next(NOW + timedelta(hours=1)) == 0


def test_counts_name_every_state(store: Store) -> None:
    save(store, claim_one(store))
    store.intake.take_in(make_feedback(), NOW)

    assert store.queue.counts(TEAM) == {"waiting": 1, "classified": 1, "failed": 0, "erased": 0}


def claim_one(store: Store) -> Claimed:
    store.intake.take_in(make_feedback(), NOW)
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    return claimed


def save(store: Store, claimed: Claimed, *insights: object) -> bool:
    return store.queue.save(claimed, make_classification(*insights), taxonomy_version="1", at=NOW)

import logging
from datetime import timedelta
from threading import Thread

import pytest

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.worker import BATCH, LEASE
from classifiers.errors import ModelError, UnavailableError
from storage.database import Database
from storage.records import Claimed, Post
from storage.vocabulary import AnswerMode, FeedbackState, PostKind
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.scripted_classifier import POISON, QUIET
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_what_waits_is_classified_and_saved_in_one_turn(running: Running) -> None:
    ids = [running.hear(f"Message {number}")[0] for number in range(BATCH + 2)]

    running.work()

    assert {running.feedback(one).state for one in ids} == {FeedbackState.CLASSIFIED}
    assert [len(texts) for texts in running.classifier.asked] == [BATCH, 2]


def test_a_turn_with_nothing_to_do_says_that_nothing_waits(running: Running) -> None:
    assert running.worker.turn() is None


@pytest.mark.parametrize(
    ("mode", "text", "kinds"),
    [
        (AnswerMode.REACTION, "We need audit logs.", [PostKind.REACTION]),
        (AnswerMode.REACTION, QUIET, []),
        (AnswerMode.CARD, "We need audit logs.", [PostKind.CARD]),
        (AnswerMode.CARD, QUIET, []),
        (AnswerMode.SILENT, "We need audit logs.", []),
    ],
)
def test_the_answer_is_owed_by_the_channel_s_mode_when_it_is_saved(
    running: Running, mode: AnswerMode, text: str, kinds: list[PostKind]
) -> None:
    running.hear(text)
    running.answer(mode)

    running.work()

    assert [post.kind for post in owed(running)] == kinds


def test_a_message_of_an_hour_ago_is_read_and_not_answered(running: Running) -> None:
    feedback_id, _ = running.hear()
    running.clock.advance(timedelta(hours=1))

    running.work()

    assert running.feedback(feedback_id).insights
    assert not owed(running)


def test_a_worker_that_died_holding_a_claim_delays_it_by_the_lease_and_no_longer(running: Running) -> None:
    feedback_id, _ = running.hear()
    running.parts.store.queue.claim(running.team, limit=1, lease=LEASE, at=running.clock())

    running.work()
    assert running.feedback(feedback_id).state is FeedbackState.WAITING

    running.clock.advance(LEASE)
    running.work()
    assert running.feedback(feedback_id).state is FeedbackState.CLASSIFIED


def test_a_reading_that_comes_after_its_lease_is_dropped_and_owes_nothing(running: Running) -> None:
    feedback_id, _ = running.hear()
    (late,) = running.parts.store.queue.claim(running.team, limit=1, lease=LEASE, at=running.clock())
    running.clock.advance(LEASE)
    running.work()
    first = running.feedback(feedback_id)
    keys = [post.key for post in owed(running)]

    running.worker._work_on(running.team, [late])

    assert running.feedback(feedback_id) == first
    assert [post.key for post in owed(running)] == keys


def test_a_poisonous_text_does_not_hold_the_others_of_its_batch(running: Running) -> None:
    good, _ = running.hear("Before")
    bad, _ = running.hear(POISON)
    after, _ = running.hear("After")

    running.work()

    states = [running.feedback(one).state for one in (good, bad, after)]
    assert states == [FeedbackState.CLASSIFIED, FeedbackState.WAITING, FeedbackState.CLASSIFIED]


def test_a_text_that_fails_six_times_shows_as_failed_with_a_reason_and_without_its_words(running: Running) -> None:
    feedback_id, _ = running.hear(f"{POISON} Quokkasaurus")

    for tries in range(1, 7):
        assert running.feedback(feedback_id).state is FeedbackState.WAITING, f"given up after {tries - 1} tries"
        running.work()
        running.clock.advance(timedelta(hours=1))

    feedback = running.feedback(feedback_id)
    assert feedback.state is FeedbackState.FAILED
    assert feedback.failure is not None
    assert "ValueError" in feedback.failure
    assert "Quokkasaurus" not in feedback.failure


def test_a_text_whose_worker_dies_each_time_is_given_up_and_others_go_on(running: Running) -> None:
    deadly, _ = running.hear("deadly")
    for deaths in range(1, 13):
        claim_and_die(running)
        assert running.feedback(deadly).state is not FeedbackState.FAILED, f"given up after {deaths} deaths"
        running.clock.advance(LEASE)
    good, _ = running.hear("good")

    running.work()

    assert running.feedback(deadly).state is FeedbackState.FAILED
    assert running.feedback(good).state is FeedbackState.CLASSIFIED


@pytest.mark.parametrize("error", [UnavailableError("down", retry_after_seconds=90), ModelError("no model")])
def test_a_classifier_that_cannot_answer_is_asked_once_for_the_batch_and_again_later(
    running: Running, error: UnavailableError | ModelError
) -> None:
    ids = [running.hear(f"Message {number}")[0] for number in range(3)]
    running.classifier.fails = error

    running.work()
    assert len(running.classifier.asked) == 1
    assert {running.feedback(one).state for one in ids} == {FeedbackState.WAITING}

    running.classifier.fails = None
    running.clock.advance(timedelta(seconds=89 if isinstance(error, UnavailableError) else 4))
    running.work()
    assert len(running.classifier.asked) == 1, "it came back earlier than it was asked to"

    running.clock.advance(timedelta(seconds=1))
    running.work()
    assert {running.feedback(one).state for one in ids} == {FeedbackState.CLASSIFIED}


def test_a_classifier_that_is_broken_for_a_day_loses_no_message(running: Running) -> None:
    feedback_id, _ = running.hear()
    running.classifier.fails = ModelError("no model")
    for _ in range(48):
        running.work()
        running.clock.advance(timedelta(minutes=30))
    assert running.feedback(feedback_id).state is FeedbackState.WAITING

    running.classifier.fails = None
    running.work()
    assert running.feedback(feedback_id).state is FeedbackState.CLASSIFIED


def test_stopping_gives_back_what_was_claimed_and_counts_no_attempt(running: Running) -> None:
    running.classifier.let_go = running.stopping
    feedback_id, _ = running.hear()
    turn = Thread(target=running.worker.turn)
    turn.start()
    assert running.classifier.entered.wait(5)

    running.worker.release_held()

    (claim,) = running.parts.store.queue.claim(running.team, limit=1, lease=LEASE, at=running.clock())
    running.stopping.set()
    turn.join()
    assert claim.attempts == 1
    assert running.feedback(feedback_id).state is FeedbackState.WAITING, "the dead worker's late answer was saved"


def test_no_word_of_a_message_is_logged_when_it_cannot_be_read(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    running.hear(f"{POISON} Quokkasaurus")

    with caplog.at_level(logging.DEBUG):
        running.work()

    assert "feedback.put_off" in {getattr(record, "action", "") for record in caplog.records}
    assert "Quokkasaurus" not in caplog.text


def owed(running: Running) -> list[Post]:
    return list(running.parts.store.posts.claim(running.team, limit=10, lease=timedelta(0), at=running.clock()))


def claim_and_die(running: Running) -> Claimed:
    (claim,) = running.parts.store.queue.claim(running.team, limit=1, lease=LEASE, at=running.clock())
    return claim


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

"""Who holds something to do by a lease does it while the lease holds, and never after: else it would be done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

import bot.post_digest
from bot import deliver, publish, worker
from bot.digest_of import compose_from_history
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.settings import SLACK
from bot.slack import SlackPort
from bot.slack_client import SHORT_WAIT_SECONDS, build_client
from bot.views.digest_blocks import FALL_BACK
from storage.database import Database
from storage.ids import Ts
from storage.records import Claimed
from storage.vocabulary import DigestState, FeedbackState, PostState
from tests.bot.delivered import cards, hear_in_card_mode, state_of
from tests.bot.publishing import Desk
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

A_SECOND = timedelta(seconds=1)
PATIENCE_SECONDS = 10.0


def test_a_card_that_was_looked_for_too_long_is_posted_at_the_next_turn(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posting now could last until another process has the lease, looks too, finds nothing, and posts."""
    ts = hear_in_card_mode(running)
    running.work()
    running.parts.store.posts.claim(running.team, limit=1, lease=deliver.LEASE, at=running.clock())
    running.clock.advance(deliver.LEASE)  # whoever claimed it may have posted before it was killed
    with monkeypatch.context() as slow:
        slow.setattr(SlackPort, "find_own", looking_for(deliver.LEASE - deliver.POSTING_TAKES, running.clock))
        running.poster.turn()
    assert cards(running, ts) == []
    assert state_of(running, "card:1") is PostState.DUE

    running.poster.turn()

    assert len(cards(running, ts)) == 1
    assert state_of(running, "card:1") is PostState.DONE


def test_a_digest_that_was_composed_too_long_is_posted_at_a_later_tick(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose_slowly(*asked: Any) -> Any:
        desk.clock.advance(bot.post_digest.LEASE - publish.POSTING_TAKES)
        return compose_from_history(*asked)

    with monkeypatch.context() as slow:
        slow.setattr(bot.post_digest, "compose_from_history", compose_slowly)
        desk.tick()
    assert (desk.to_the_owner(), desk.states()) == ([], [DigestState.CLAIMED])

    desk.clock.advance(publish.TRY_AGAIN_AFTER)
    desk.tick()

    assert (len(desk.to_the_owner()), desk.states()) == (1, [DigestState.POSTED])


def test_what_posting_is_said_to_take_is_the_longest_that_slack_s_client_takes() -> None:
    timeout = build_client("xoxb-1", SLACK).timeout
    call = timedelta(seconds=timeout + SHORT_WAIT_SECONDS + timeout)

    assert call <= deliver.POSTING_TAKES < deliver.LEASE
    assert call * len([*FALL_BACK, "the text alone"]) <= publish.POSTING_TAKES < bot.post_digest.LEASE


def test_a_worker_whose_classifier_outlasts_the_lease_keeps_what_it_reads(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RENEWED_EVERY_SECONDS", 0.01)
    running.classifier.let_go = Event()
    feedback_id, _ = running.hear()
    with turning(running):
        assert running.classifier.entered.wait(PATIENCE_SECONDS)
        just_in_time = running.clock.advance(worker.LEASE - A_SECOND)
        assert renewal_at(just_in_time, running, monkeypatch).wait(PATIENCE_SECONDS), "nobody renewed the lease"
        now = running.clock.advance(2 * A_SECOND)
        taken = running.parts.store.queue.claim(running.team, limit=1, lease=worker.LEASE, at=now)

    assert taken == [], "a second process would have it read, and paid, again"
    assert running.feedback(feedback_id).state is FeedbackState.CLASSIFIED


@contextmanager
def turning(running: Running) -> Iterator[None]:
    """Let the worker do a turn meanwhile; at the end the classifier answers, and the turn has ended."""
    turn = Thread(target=running.worker.turn)
    turn.start()
    try:
        yield
    finally:
        assert running.classifier.let_go is not None
        running.classifier.let_go.set()
        turn.join()


def renewal_at(moment: datetime, running: Running, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Give what is set once a lease was renewed at that moment."""
    queue, renewed = running.parts.store.queue, Event()
    renew = queue.renew

    def note(claim: Claimed, *, lease: timedelta, at: datetime) -> bool:
        is_kept = renew(claim, lease=lease, at=at)
        if is_kept and at == moment:
            renewed.set()
        return is_kept

    monkeypatch.setattr(queue, "renew", note)
    return renewed


def looking_for(duration: timedelta, clock: HandClock) -> Any:
    """Find nothing, and take that long."""

    def find_own(*_asked: object, **_given: object) -> Ts | None:
        clock.advance(duration)
        return None

    return find_own


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

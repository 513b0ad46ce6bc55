"""What Slack refuses or throttles is posted another way, later, or let go with a reason."""

from datetime import timedelta

import pytest

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.vocabulary import PostState
from tests.bot.delivered import cards, hear_in_card_mode, state_of, work_and_deliver
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_refused_blocks_leave_the_plain_text(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.fail("chat.postMessage", error="invalid_blocks")

    work_and_deliver(running)

    (card,) = cards(running, ts)
    assert "Ballast found 1 problem" in card["text"]
    assert state_of(running, "card:1") is PostState.DONE


def test_a_throttled_post_waits_as_long_as_slack_asks(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.throttle("chat.postMessage", retry_after_seconds=120)
    work_and_deliver(running)

    running.clock.advance(timedelta(seconds=119))
    running.deliver()
    assert not cards(running, ts)

    running.clock.advance(timedelta(seconds=1))
    running.deliver()
    assert len(cards(running, ts)) == 1


def test_a_short_throttling_is_waited_out_within_the_call(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.throttle("chat.postMessage", retry_after_seconds=0)

    work_and_deliver(running)

    assert len(cards(running, ts)) == 1


def test_an_archived_channel_lets_the_post_go_with_a_reason(running: Running) -> None:
    hear_in_card_mode(running)
    running.slack.people.archive(running.workspace.feedback)

    work_and_deliver(running)

    post = running.parts.store.posts.card(running.team, running.feedback_ids[0])
    assert post is not None
    assert post.state is PostState.DROPPED
    assert "is_archived" in str(post.reason)


def test_a_card_that_waited_an_hour_is_not_posted_any_more(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.fail("chat.postMessage", times=None, error="fatal_error", status=500)
    work_and_deliver(running)
    running.slack.faults.clear()

    running.clock.advance(timedelta(hours=1))
    running.deliver()

    assert not cards(running, ts)
    assert state_of(running, "card:1") is PostState.DROPPED


def test_a_refused_token_delays_the_post_and_loses_nothing(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.fail("chat.postMessage", error="token_revoked")
    work_and_deliver(running)
    assert state_of(running, "card:1") is PostState.DUE

    running.clock.advance(timedelta(minutes=10))
    running.deliver()

    assert len(cards(running, ts)) == 1


def test_a_refusal_for_a_reason_that_time_does_not_cure_is_given_up_visibly(running: Running) -> None:
    hear_in_card_mode(running)
    running.slack.fail("chat.postMessage", times=None, error="too_many_attachments")

    work_and_deliver(running)

    assert state_of(running, "card:1") is PostState.FAILED


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

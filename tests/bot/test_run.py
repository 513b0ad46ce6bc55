import random
import signal
import sqlite3
import time

import pytest

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.ids import ChannelId, TeamId, Ts, slack_origin
from storage.vocabulary import AnswerMode, FeedbackState
from tests.bot.ballast_process import CONNECTED, PATIENCE_SECONDS, BallastProcess, ballast, live_slack, live_workspace  # noqa: F401 - fixtures
from tests.scripted_classifier import POISON

CANARY = "Quokkasaurus"


def test_sigterm_ends_it_with_status_zero_within_ten_seconds(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    process = ballast.start_for(live_slack)
    ballast.until_said(CONNECTED)

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert "Traceback" not in ballast.output


def test_a_second_signal_ends_it_at_once(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
) -> None:
    ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    live_slack.slow("conversations.history", seconds=9, times=None)
    process = ballast.start_for(live_slack)
    ballast.until_said(CONNECTED)
    live_slack.until(lambda: live_slack.calls("conversations.info"), within_seconds=PATIENCE_SECONDS)

    process.send_signal(signal.SIGINT)
    with pytest.raises(Exception, match="timed out"):
        process.wait(0.5)
    process.send_signal(signal.SIGINT)

    assert process.wait(2) == 128 + signal.SIGINT


def test_stopping_does_not_wait_for_a_call_that_hangs(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
) -> None:
    ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    live_slack.slow("conversations.history", seconds=30, times=None)
    process = ballast.start_for(live_slack)
    ballast.until_said(CONNECTED)
    live_slack.until(lambda: live_slack.calls("conversations.info"), within_seconds=PATIENCE_SECONDS)

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0


def test_an_unreachable_slack_is_said_and_tried_again_and_does_not_keep_it_from_ending(
    ballast: BallastProcess,  # noqa: F811 - the fixture
) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    process = ballast.start(SLACK_API_URL="http://127.0.0.1:9/api/", **tokens)
    ballast.until_said("Slack could not be reached for auth.test", times=2)
    ballast.until_said("Trying again in 2 s.")

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_refused_token_ends_it_with_a_sentence(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    method: str,
) -> None:
    live_slack.fail(method, times=None, error="invalid_auth")

    process = ballast.start_for(live_slack)

    assert process.wait(PATIENCE_SECONDS) == 1
    assert f"Slack refused the token at {method}: invalid_auth. Check SLACK_BOT_TOKEN" in ballast.output
    assert "Traceback" not in ballast.output


def test_a_second_connection_of_the_same_app_is_warned_of(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    ballast.start_for(live_slack)
    ballast.until_said(CONNECTED)
    assert "Another connection" not in ballast.output

    ballast.start_for(live_slack)

    ballast.until_said("Another connection of the same app is open")


@pytest.mark.parametrize(
    ("arguments", "variables", "env_file", "status", "sentence"),
    [
        (("run",), {"SLACK_BOT_TOKEN": "xoxb-1"}, b"", 1, "SLACK_BOT_TOKEN is set but SLACK_APP_TOKEN is not"),
        (("run",), {}, b"\xff\xfe\x00", 1, "is not text in UTF-8"),
        (("run", "--nonsense"), {}, b"", 2, "No such option"),
        (("dance",), {}, b"", 2, "No such command"),
        (("db", "upgrade"), {"BALLAST_DATA_DIR": ".env/inside a file"}, b"", 1, "ballast: "),
        (("--version",), {}, b"", 0, "ballast 0."),
        (("--help",), {}, b"", 0, "Connect to Slack and work until stopped"),
        (("db", "upgrade"), {}, b"", 0, "Made the schema"),
    ],
)
def test_every_way_to_end_has_a_sentence_and_a_status(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    arguments: tuple[str, ...],
    variables: dict[str, str],
    env_file: bytes,
    status: int,
    sentence: str,
) -> None:
    (ballast.folder / ".env").write_bytes(env_file)

    assert ballast.start(*arguments, **variables).wait(PATIENCE_SECONDS) == status
    assert sentence in ballast.output
    assert "Traceback" not in ballast.output


def test_killed_at_random_moments_it_stores_each_message_once_and_answers_with_one_card(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
) -> None:
    store = ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    team, channel = TeamId(live_slack.identity.team_id), ChannelId(live_workspace.feedback.channel_id)
    chance = random.Random(7)  # noqa: S311 - a test that is the same twice
    said: list[Ts] = []

    for kills in range(3):
        process = ballast.start_scripted(live_slack)
        ballast.until_said(CONNECTED, times=kills + 1)
        for number in range(5):
            text = f"Message {kills}.{number}: we cannot buy it without audit logs."
            said.append(Ts(live_slack.people.say(live_workspace.feedback, live_workspace.max, text)))
            if number % 2:
                live_slack.deliver_again(live_slack.deliveries("events_api")[-1].envelope_id)
        time.sleep(chance.uniform(0.0, 0.4))  # the moment of the kill is what is random
        process.kill()
        process.wait()
    ballast.start_scripted(live_slack)

    live_slack.until(
        lambda: all(live_slack.thread(live_workspace.feedback, ts) for ts in said), within_seconds=PATIENCE_SECONDS
    )
    stored = [store.history.by_origin(team, slack_origin(channel, ts)) for ts in said]
    assert [one.state if one else None for one in stored] == [FeedbackState.CLASSIFIED] * len(said)
    assert sum(store.queue.counts(team).values()) == len(said)
    assert [len(live_slack.thread(live_workspace.feedback, ts)) for ts in said] == [1] * len(said)
    with sqlite3.connect(ballast.folder / "ballast.db") as connection:
        assert connection.execute("SELECT count(*) FROM classifications").fetchone() == (len(said),)
    connection.close()


def test_no_word_of_a_message_is_written_through_any_failure(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
) -> None:
    ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    ballast.start_scripted(live_slack)
    ballast.until_said(CONNECTED)
    live_slack.fail("chat.postMessage", error="invalid_blocks")
    live_slack.fail("chat.postMessage", error="fatal_error", status=500)
    live_slack.fail("chat.postMessage", error=f"<html>{CANARY}</html>", status=502)
    live_slack.throttle("chat.postMessage", retry_after_seconds=1)
    said = [say_canary(live_slack, live_workspace, number) for number in range(3)]
    live_slack.until(lambda: len(live_slack.calls("chat.postMessage")) > 4, within_seconds=PATIENCE_SECONDS)

    with sqlite3.connect(ballast.folder / "ballast.db") as lock:
        lock.execute("BEGIN IMMEDIATE")
        said.append(say_canary(live_slack, live_workspace, 9))
        delivery = live_slack.deliveries("events_api")[-1]
        live_slack.until(lambda: delivery.attempts > 1, within_seconds=PATIENCE_SECONDS)
        lock.rollback()
    lock.close()
    live_slack.people.say(live_workspace.feedback, live_workspace.max, f"{POISON} {CANARY}")
    live_slack.people.send_event({"type": "message", "channel": 7, "text": [CANARY], "ts": CANARY})
    live_slack.drop_connections()

    live_slack.until(
        lambda: all(live_slack.thread(live_workspace.feedback, ts) for ts in said), within_seconds=PATIENCE_SECONDS
    )
    assert "post.put_off" in ballast.output
    ballast.until_said("action=feedback.put_off")
    assert "capture.unreadable" in ballast.output
    assert CANARY not in ballast.output
    assert live_slack.identity.bot_token not in ballast.output
    assert live_slack.identity.app_token not in ballast.output


def say_canary(slack: SlackStandIn, workspace: SmallWorkspace, number: int) -> Ts:
    text = f"{CANARY} {number}: we cannot buy it without audit logs."
    return Ts(slack.people.say(workspace.feedback, workspace.max, text))


def test_what_was_said_while_the_connection_was_down_is_caught_up_on(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
) -> None:
    ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    first = ballast.start_scripted(live_slack)
    ballast.until_said(CONNECTED)
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    ts = say_canary(live_slack, live_workspace, 1)
    live_slack.until_settled(within_seconds=PATIENCE_SECONDS)

    ballast.start_scripted(live_slack)

    live_slack.until(lambda: live_slack.thread(live_workspace.feedback, ts), within_seconds=PATIENCE_SECONDS)
    assert "Caught up on messages that were missed." in ballast.output

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.stand_in import SlackStandIn
from tests.hand_clock import HandClock


def test_a_throttled_call_says_when_to_try_again(slack: SlackStandIn, web: WebClient) -> None:
    slack.throttle("auth.test", retry_after_seconds=7)
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        web.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert web.auth_test()["ok"] is True


def test_slacks_own_handler_waits_out_a_throttle(slack: SlackStandIn, web: WebClient) -> None:
    web.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.throttle("auth.test", retry_after_seconds=0)
    assert web.auth_test()["ok"] is True
    assert len(slack.calls("auth.test")) == 2


def test_a_failing_call_changes_nothing(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    slack.fail("chat.postMessage", times=2, error="internal_error", status=500)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="internal_error"):
            web.chat_postMessage(channel=feedback, text="hello")
    web.chat_postMessage(channel=feedback, text="hello")
    assert [message["text"] for message in slack.messages("#feedback") if "app_id" in message] == ["hello"]


def test_a_fault_for_one_method_leaves_the_others_alone(slack: SlackStandIn, web: WebClient) -> None:
    slack.fail("chat.postMessage", times=None)
    assert web.auth_test()["ok"] is True


def test_an_endless_fault_ends_when_cleared(slack: SlackStandIn, web: WebClient) -> None:
    slack.fail("*", times=None, error="service_unavailable", status=503)
    for _ in range(3):
        with pytest.raises(SlackApiError, match="service_unavailable"):
            web.auth_test()
    slack.faults.clear()
    assert web.auth_test()["ok"] is True


def test_a_lost_answer_leaves_the_message_behind(slack: SlackStandIn, feedback: str) -> None:
    hasty = WebClient(token=slack.identity.bot_token, base_url=slack.url, timeout=1)
    hasty.retry_handlers.clear()
    slack.lose_answer("chat.postMessage")
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=feedback, text="did it arrive?")
    assert slack.messages("#feedback")[-1]["text"] == "did it arrive?"


def test_a_slow_call_is_answered_in_the_end(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    slack.slow("chat.postMessage", seconds=0.2)
    assert web.chat_postMessage(channel=feedback, text="slow")["ok"] is True


def test_closing_does_not_wait_for_a_slow_call(slack_clock: HandClock) -> None:
    with SlackStandIn(clock=slack_clock) as slack:
        slack.slow("auth.test", seconds=600)
        web = WebClient(token=slack.identity.bot_token, base_url=slack.url, timeout=30)
        caller = threading.Thread(target=web.auth_test)
        caller.start()
        slack.until(lambda: not slack.faults.take("auth.test"))
    caller.join(10)
    assert not caller.is_alive()


def test_nothing_is_left_after_closing(slack_clock: HandClock) -> None:
    before = set(threading.enumerate())
    with SlackStandIn(clock=slack_clock) as slack:
        furnish(slack)
        address = urlsplit(slack.url)
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), timeout=5)


def test_two_stand_ins_do_not_meet(slack: SlackStandIn, workspace: SmallWorkspace, slack_clock: HandClock) -> None:
    with SlackStandIn(clock=slack_clock) as other:
        furnish(other)
        other.people.say("#feedback", "max", "over there")
        assert slack.url != other.url
    assert slack.messages("#feedback") == []

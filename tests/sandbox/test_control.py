from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot.sandbox.control import LOOKS, ORDERS, PEOPLE, PRESSES
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn


def ask(
    slack: SlackStandIn, path: str, body: object = None, *, kind: str = "application/json", host: str | None = None
) -> tuple[int, Any]:
    address = urlsplit(slack.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    headers = {"Content-Type": kind} | ({} if host is None else {"Host": host})
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, f"/control/{path}", None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if answer.headers["Content-Type"] == "application/json" else read
    finally:
        connection.close()


def test_people_act_over_http(slack: SlackStandIn, workspace: SmallWorkspace) -> None:
    status, answer = ask(slack, "say", {"channel": "#feedback", "user": "max", "text": "hello"})
    assert (status, answer["ok"]) == (200, True)
    assert slack.messages("#feedback")[0]["ts"] == answer["result"]
    _, seen = ask(slack, "messages", {"channel": "#feedback"})
    assert [message["text"] for message in seen["result"]] == ["hello"]


def test_a_command_over_http_waits_for_its_outcome(slack: SlackStandIn, workspace: SmallWorkspace) -> None:
    line = {"user": "max", "channel": "#feedback", "line": "/ballast help"}
    status, answer = ask(slack, "command", line)
    assert status == 200
    assert answer["result"]["outcome"] == "lost"
    assert answer["result"]["responses"] == []


def test_calls_and_faults_are_reached_over_http(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    web.chat_postMessage(channel=feedback, text="hello")
    _, calls = ask(slack, "calls", {"method": "chat.postMessage"})
    assert calls["result"] == [{"method": "chat.postMessage", "arguments": {"channel": feedback, "text": "hello"}}]
    assert ask(slack, "throttle", {"method": "auth.test"})[0] == 200
    assert slack.faults.take("auth.test") is not None


def test_the_state_shows_people_channels_and_messages(slack: SlackStandIn, workspace: SmallWorkspace) -> None:
    slack.people.say("#general", "olivia", "good morning")
    _, state = ask(slack, "state")
    assert [person["name"] for person in state["people"]] == ["ballast", "olivia", "max", "gina", "stan"]
    general = next(channel for channel in state["channels"] if channel["name"] == "general")
    assert [message["text"] for message in general["messages"]] == ["good morning"]


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("say", {"channel": "#nowhere", "user": "max", "text": "t"}, 400, "there is no channel #nowhere"),
        ("say", {"channel": "#feedback", "user": "nobody", "text": "t"}, 400, "nobody here is called nobody"),
        ("say", {"channel": "#sales-private", "user": "gina", "text": "t"}, 400, "Gina Rossi is not in #sales-private"),
        ("say", {"channel": "#feedback"}, 400, "missing"),
        ("dance", {}, 404, "there is no such action"),
    ],
)
def test_what_cannot_be_done_is_said(
    slack: SlackStandIn, workspace: SmallWorkspace, path: str, body: dict[str, str], status: int, sentence: str
) -> None:
    answered, answer = ask(slack, path, body)
    assert answered == status
    assert sentence in answer["error"]


def test_pages_of_other_sites_can_do_nothing(slack: SlackStandIn, workspace: SmallWorkspace) -> None:
    said = {"channel": "#feedback", "user": "max", "text": "t"}
    assert ask(slack, "say", said, kind="text/plain")[0] == 415
    assert ask(slack, "say", said, host="evil.example")[0] == 400
    assert slack.messages("#feedback") == []


def test_every_named_action_exists(slack: SlackStandIn) -> None:
    assert all(callable(getattr(slack.people, name)) for name in PEOPLE)
    assert all(callable(getattr(slack.presses, name)) for name in PRESSES)
    assert all(callable(getattr(slack, name)) for name in (*ORDERS, *LOOKS))

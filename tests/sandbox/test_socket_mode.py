from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn

Connect = Callable[..., SocketModeClient]


class Inbox:
    """Keep what a connection receives, and acknowledge from the ``acks_from``-th envelope on."""

    def __init__(self, client: SocketModeClient, *, acks_from: int = 1) -> None:
        self.requests: list[SocketModeRequest] = []
        self.acks_from = acks_from
        client.socket_mode_request_listeners.append(self.take)

    def take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if len(self.requests) >= self.acks_from:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    @property
    def texts(self) -> list[str]:
        return [request.payload["event"].get("text", "") for request in self.requests]


@contextmanager
def upgraded(address: str | None) -> Iterator[int]:
    """Ask for a WebSocket and tell the status."""
    there = urlsplit(str(address))
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c3RhbmQtaW4gZm9yIFNsYWNr",
    }
    connection = http.client.HTTPConnection(there.netloc, timeout=5)
    try:
        connection.request("GET", f"{there.path}?{there.query}", headers=headers)
        with closing(connection.getresponse()) as response:
            yield response.status
    finally:
        connection.close()


def message_delivery(slack: SlackStandIn, text: str) -> Delivery:
    return next(one for one in slack.deliveries() if one.payload["event"].get("text") == text)


def test_hello_tells_how_many_connections_there_are(slack: SlackStandIn, connect: Connect) -> None:
    hellos: list[dict[str, Any]] = []

    def keep(raw: str) -> None:
        message = json.loads(raw)
        if message.get("type") == "hello":
            hellos.append(message)

    connect()
    connect(on_message_listeners=[keep])
    slack.until(lambda: hellos)
    assert hellos[0]["num_connections"] == 2
    assert hellos[0]["connection_info"] == {"app_id": "A0BALLAST"}


def test_a_message_arrives_in_slacks_envelope(slack: SlackStandIn, connect: Connect, feedback: str) -> None:
    inbox = Inbox(connect())
    ts = slack.people.say("#feedback", "max", "slow &amp; steady")
    slack.until_settled()
    payload = next(one.payload for one in inbox.requests if one.payload["event"].get("ts") == ts)
    event = payload["event"]
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["team_id"] == "T0NORTHWIND"
    assert payload["is_ext_shared_channel"] is False
    assert event["channel"] == feedback
    assert (event["type"], event["user"], event["channel_type"]) == ("message", "U0MAX0000", "channel")
    assert event["text"] == "slow &amp; steady"
    assert event["blocks"][0]["elements"][0]["elements"][0]["text"] == "slow & steady"


def test_a_strangers_message_carries_the_strangers_team(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    inbox = Inbox(connect())
    slack.people.invite_bot("#acme-shared", "olivia")
    slack.people.say("#acme-shared", "stan", "from outside")
    slack.until_settled()
    payload = inbox.requests[inbox.texts.index("from outside")].payload
    assert payload["is_ext_shared_channel"] is True
    assert payload["team_id"] == payload["event"]["team"] == "T0ACMECORP"
    assert payload["authorizations"][0]["team_id"] == "T0NORTHWIND"


def test_edits_deletions_and_reactions_arrive_as_their_own_events(
    slack: SlackStandIn, connect: Connect, feedback: str
) -> None:
    ts = slack.people.say("#feedback", "max", "frist")
    inbox = Inbox(connect())
    slack.until_settled()
    inbox.requests.clear()
    slack.people.edit("#feedback", "max", ts, "first")
    slack.people.react("#feedback", "olivia", ts, "eyes")
    slack.people.delete("#feedback", "max", ts)
    slack.until_settled()
    events = {
        one.payload["event"].get("subtype", one.payload["event"]["type"]): one.payload["event"]
        for one in inbox.requests
    }
    assert events["message_changed"]["message"]["text"] == "first"
    assert events["message_changed"]["previous_message"]["text"] == "frist"
    assert events["message_changed"]["message"]["edited"]["user"] == "U0MAX0000"
    assert events["reaction_added"]["item"] == {"type": "message", "channel": feedback, "ts": ts}
    assert events["message_deleted"]["deleted_ts"] == ts


def test_a_deleted_root_with_replies_leaves_a_tombstone(slack: SlackStandIn, connect: Connect, feedback: str) -> None:
    root = slack.people.say("#feedback", "max", "root")
    slack.people.say("#feedback", "olivia", "reply", thread=root)
    slack.people.delete("#feedback", "max", root)
    assert [message.get("subtype") for message in slack.messages("#feedback")] == ["channel_join", "tombstone"]
    assert len(slack.thread("#feedback", root)) == 1


def test_the_app_hears_of_its_invitation_and_of_nothing_before(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    inbox = Inbox(connect())
    slack.people.say("#feedback", "max", "before")
    slack.people.invite_bot("#feedback", "olivia")
    slack.until_settled()
    assert "before" not in inbox.texts
    joined = inbox.requests[0].payload["event"]
    assert (joined["type"], joined["user"], joined["inviter"]) == ("member_joined_channel", "U0BALLAST", "U0OLIVIA0")


def test_a_mention_arrives_twice_as_message_and_as_mention(
    slack: SlackStandIn, connect: Connect, feedback: str
) -> None:
    inbox = Inbox(connect())
    ts = slack.people.say("#feedback", "max", "hello <@U0BALLAST>")
    slack.until_settled()
    assert sorted(one.payload["event"]["type"] for one in inbox.requests if one.payload["event"].get("ts") == ts) == [
        "app_mention",
        "message",
    ]


def test_an_event_without_acknowledgement_is_delivered_again(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    inbox = Inbox(connect(), acks_from=3)
    slack.people.say("#feedback", "max", "again and again")
    slack.until_settled(within_seconds=10)
    assert [(one.retry_attempt, one.retry_reason) for one in inbox.requests] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
    ]
    assert len({one.payload["event_id"] for one in inbox.requests}) == 1
    assert message_delivery(slack, "again and again").outcome is Outcome.ACKED


def test_an_event_is_lost_after_three_retries(slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace) -> None:
    workspace.feedback.members.append("U0BALLAST")
    Inbox(connect(), acks_from=99)
    slack.people.say("#feedback", "max", "unheard")
    slack.until_settled(within_seconds=10)
    delivery = message_delivery(slack, "unheard")
    assert (delivery.outcome, delivery.attempts) == (Outcome.LOST, 4)


def test_a_lost_acknowledgement_brings_the_event_twice(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    inbox = Inbox(connect())
    slack.lose_acks(1)
    slack.people.say("#feedback", "max", "twice")
    slack.until_settled()
    assert inbox.texts == ["twice", "twice"]


def test_the_same_event_can_be_delivered_twice(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    inbox = Inbox(connect())
    slack.people.say("#feedback", "max", "twice")
    slack.until_settled()
    slack.deliver_again(message_delivery(slack, "twice").envelope_id)
    slack.until_settled()
    assert len({one.envelope_id for one in inbox.requests}) == 2
    assert len({one.payload["event_id"] for one in inbox.requests}) == 1


def test_each_payload_goes_to_one_of_two_connections(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    first, second = Inbox(connect()), Inbox(connect())
    texts = [f"message {number}" for number in range(6)]
    for text in texts:
        slack.people.say("#feedback", "max", text)
    slack.until_settled()
    assert sorted(first.texts + second.texts) == texts
    assert len(first.texts) == len(second.texts) == 3


def test_the_client_comes_back_when_told_to_refresh(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    inbox = Inbox(connect())
    [before] = [one.number for one in slack.socket_mode.connections]
    slack.refresh_connections("warning")
    slack.until(lambda: [one.number for one in slack.socket_mode.connections] == [before + 1])
    slack.people.say("#feedback", "max", "after the refresh")
    slack.until_settled()
    assert inbox.texts == ["after the refresh"]


def test_what_is_said_while_a_connection_is_down_arrives_after_it(
    slack: SlackStandIn, connect: Connect, workspace: SmallWorkspace
) -> None:
    workspace.feedback.members.append("U0BALLAST")
    inbox = Inbox(connect())
    slack.drop_connections()
    slack.until(lambda: not slack.socket_mode.connections)
    slack.people.say("#feedback", "max", "while away")
    slack.until_settled(within_seconds=15)
    assert message_delivery(slack, "while away").outcome is Outcome.ACKED
    assert set(inbox.texts) == {"while away"}


def test_pings_of_the_client_are_answered(slack: SlackStandIn, connect: Connect) -> None:
    client = connect()
    session = client.current_session
    assert session is not None
    slack.until(lambda: session.last_ping_pong_time is not None)


def test_a_ticket_opens_one_connection(slack: SlackStandIn, connect: Connect) -> None:
    with upgraded(connect().wss_uri) as status:
        assert status == 403


def test_an_eleventh_connection_is_refused(slack: SlackStandIn, web: WebClient) -> None:
    with ExitStack() as connections:
        for number in range(1, 11):
            address = web.apps_connections_open(app_token=slack.identity.app_token)["url"]
            assert connections.enter_context(upgraded(address)) == 101
            slack.until_connected(number)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            web.apps_connections_open(app_token=slack.identity.app_token)


def test_an_uninstalled_app_is_told_and_refused(slack: SlackStandIn, connect: Connect, web: WebClient) -> None:
    inbox = Inbox(connect())
    slack.uninstall()
    slack.until_settled()
    assert {one.payload["event"]["type"] for one in inbox.requests} == {"tokens_revoked", "app_uninstalled"}
    with pytest.raises(SlackApiError, match="token_revoked"):
        web.auth_test()

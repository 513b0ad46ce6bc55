"""The listening side connected to the stand-in for Slack over Socket Mode, with a database of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.connection import Connection
from bot.sandbox.channels import Channel
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.socket_mode import Pace
from bot.sandbox.stand_in import SlackStandIn
from bot.slack import SlackPort
from bot.slack_client import build_client
from bot.views.card import build_card
from storage.database import Database
from storage.records import Feedback
from storage.vocabulary import ChannelKind
from tests.bot.listening import TAXONOMY, Listening, make_listening, make_store, problem
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack_clock, workspace
from tests.storage_fixtures import sqlite_database, sqlite_template

__all__ = ["slack_clock", "sqlite_database", "sqlite_template", "workspace"]

TEXT = "Auditors want to see who changed a figure, and the approve button takes five clicks."


@dataclass
class Office:
    """Hold a furnished Slack and a bot that listens to it."""

    slack: SlackStandIn
    people: SmallWorkspace
    bot: Listening
    database: Database

    def ask(self, user: Any, line: str, channel: Channel | None = None) -> str:
        """Type a command; return what the person sees."""
        exchange = self.slack.presses.command(user, channel or self.people.feedback, line)
        assert exchange.is_acked, "Slack would show that the command failed"
        responses = self.slack.until(lambda: [one for one in exchange.responses if one["text"] != "One moment …"])
        return str(responses[-1]["text"])

    def read(self, channel: Channel | None = None, kind: ChannelKind = ChannelKind.PUBLIC) -> Feedback:
        """Have a message in Slack that was kept and read: two problems."""
        where = channel or self.people.feedback
        if kind is not ChannelKind.PUBLIC:
            self.bot.watch(where.channel_id, kind=kind)
        ts = self.slack.people.say(where, self.people.max, TEXT)
        audit = problem(TEXT, "Auditors want to see who changed a figure", "compliance", "technical_gatekeeper")
        clicks = problem(TEXT, "the approve button takes five clicks", "fewer_steps", confidence=0.4)
        return self.bot.read(where.channel_id, ts, TEXT, audit, clicks, kind=kind)

    def card_of(self, feedback: Feedback) -> str:
        """Have the card of a message in its thread; return its ts."""
        assert feedback.channel_id is not None
        text, blocks = build_card(feedback, TAXONOMY)
        return self.bot.parts.slack.post(feedback.channel_id, text=text, blocks=blocks, thread=feedback.ts)

    def told(self, user: Any) -> str:
        """Return the last thing that only this person was shown."""
        return str(self.slack.until(lambda: self.slack.ephemerals(user))[-1]["text"])

    def modal_of(self, user: Any) -> dict[str, Any]:
        """Return the modal that this person sees."""
        return self.slack.until(lambda: self.slack.modals(user))[-1]


@pytest.fixture
def slack(slack_clock: HandClock) -> Iterator[SlackStandIn]:
    """Be as patient as Slack is: a command may take three seconds."""
    with SlackStandIn(clock=slack_clock, pace=Pace(ack_seconds=3.0)) as stand_in:
        yield stand_in


@pytest.fixture
def office(
    slack: SlackStandIn, workspace: SmallWorkspace, slack_clock: HandClock, sqlite_database: Database
) -> Iterator[Office]:
    client = build_client(slack.identity.bot_token, slack.url)
    port = SlackPort(client)
    bot = make_listening(make_store(sqlite_database), port, port.identify(), slack_clock, client=client)
    app_token, keep = slack.identity.app_token, bot.capture.keep_unreadable
    connection = Connection(bot.app, client, app_token, keep_unreadable=keep, on_hello=lambda: None)
    slack.people.invite_bot(workspace.feedback, by=workspace.olivia)
    connection.connect()
    slack.until_connected()
    slack.until_settled()
    bot.woken.clear()
    yield Office(slack, workspace, bot, sqlite_database)
    hang_up(connection._handler)


def hang_up(handler: SocketModeHandler) -> None:
    """Close the connection; the SDK's ``close`` would wait for a read that lasts three seconds, so end that first."""
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.current_session_state.terminated = True
    if client.current_session is not None and client.current_session.sock is not None:
        client.current_session.sock.shutdown(socket.SHUT_RDWR)
    client.message_queue.put(None)  # else its thread waits a second for the next message
    client.close()

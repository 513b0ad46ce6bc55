"""The stand-in for Slack as pytest fixtures: ``slack`` serves, ``workspace`` furnishes it, ``slack_clock`` tells time.

A test module imports what it uses: ``from tests.slack_stand_in import slack, slack_clock, workspace``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from slack_sdk.socket_mode import SocketModeClient

from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.socket_mode import Pace
from bot.sandbox.stand_in import SlackStandIn
from tests.hand_clock import HandClock


@contextmanager
def connected(slack: SlackStandIn, client: SocketModeClient) -> Iterator[SocketModeClient]:
    """Connect Slack's own client, which ignores NO_PROXY, and close it without its wait for a last word."""
    client.proxy = None
    before = len(slack.socket_mode.connections)
    client.connect()
    slack.until_connected(before + 1)
    try:
        yield client
    finally:
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        slack.drop_connections(client.wss_uri)
        slack.until(lambda: not client.is_connected())
        client.closed = True
        client.message_queue.put(None)  # else its thread waits a second for the next message
        client.close()


@pytest.fixture
def slack_clock() -> HandClock:
    """Stand still at a Monday morning; ``advance`` moves time."""
    return HandClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))


@pytest.fixture
def slack(slack_clock: HandClock) -> Iterator[SlackStandIn]:
    """Serve an empty workspace that is as impatient as tests are."""
    with SlackStandIn(clock=slack_clock, pace=Pace(ack_seconds=1.0, grace_seconds=0.1)) as stand_in:
        yield stand_in


@pytest.fixture
def workspace(slack: SlackStandIn) -> SmallWorkspace:
    """Furnish the served workspace with four people and five channels."""
    return furnish(slack)

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from tests.slack_stand_in import connected, slack, slack_clock, workspace

__all__ = ["slack", "slack_clock", "workspace"]


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    """Call the stand-in with Slack's own client, which tries nothing twice."""
    client = WebClient(token=slack.identity.bot_token, base_url=slack.url, timeout=5)
    client.retry_handlers.clear()
    return client


@pytest.fixture
def feedback(slack: SlackStandIn, workspace: SmallWorkspace) -> str:
    """Tell the id of a channel that the app is in."""
    slack.people.invite_bot(workspace.feedback, workspace.olivia)
    return workspace.feedback.channel_id


@pytest.fixture
def connect(slack: SlackStandIn) -> Iterator[Callable[..., SocketModeClient]]:
    """Open connections with Slack's own client, acknowledging nothing by itself."""
    with ExitStack() as open_clients:

        def connect_one(**options: Any) -> SocketModeClient:
            web = WebClient(base_url=slack.url)
            client = SocketModeClient(slack.identity.app_token, web_client=web, ping_interval=0.2, **options)
            return open_clients.enter_context(connected(slack, client))

        yield connect_one

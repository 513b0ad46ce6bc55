"""Our own message is found among whatever a server gives, and nothing that has no time is taken for one."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.port import Page
from bot.slack import SlackPort
from bot.slack_reading import carries_key
from storage.ids import ChannelId

OURS = {"blocks": [{"type": "section", "block_id": "card:7"}]}


def test_a_message_without_a_time_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(messages=[OURS, {**OURS, "ts": ""}, {**OURS, "ts": "5.000100"}], cursor=None)
    monkeypatch.setattr(SlackPort, "_read", lambda *_asked, **_given: page)

    assert SlackPort(WebClient()).find_own(ChannelId("C1"), "card:7") == "5.000100"


@pytest.mark.parametrize(
    "blocks", [None, "card:7", {"block_id": "card:7"}, [None, "card:7", 7], [{"block_id": "card:8"}]]
)
def test_odd_blocks_are_nobody_s_message(blocks: Any) -> None:
    assert not carries_key({"ts": "5.000100", "blocks": blocks}, "card:7")

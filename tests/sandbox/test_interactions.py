"""Commands, presses and the home tab reach a real Bolt app as Slack sends them, and its answers show as at Slack."""

from __future__ import annotations

import http.client
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sandbox.deliveries import Outcome
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.stand_in import SlackStandIn
from tests.hand_clock import HandClock
from tests.sandbox.tiny_bot import TinyBot, bot, posted

__all__ = ["bot"]


def test_a_command_is_answered_with_its_acknowledgement(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast owner @olivia in #product")
    assert exchange.responses[0]["text"] == "you said owner <@U0OLIVIA0|olivia> in <#C0PRODUCT0|product>"
    assert [message["text"] for message in slack.ephemerals("max")] == [exchange.responses[0]["text"]]
    body = bot.bodies[0]
    assert (body["command"], body["channel_name"], body["user_id"]) == ("/ballast", "feedback", "U0MAX0000")


def test_an_answer_in_channel_is_seen_by_all(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.command("max", "#feedback", "/ballast loud")
    assert slack.messages("#feedback")[-1]["text"] == "for all"
    assert slack.ephemerals("max") == []


def test_a_command_without_acknowledgement_is_not_sent_again(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast mute")
    assert exchange.is_acked is False
    assert exchange.delivery.outcome is Outcome.LOST
    assert exchange.delivery.attempts == 1


def test_a_response_url_takes_five_answers(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast often")
    slack.until(lambda: len(exchange.responses) == 5)
    assert post_to(bot.bodies[0]["response_url"], {"text": "once more"}) == 404
    assert len(slack.ephemerals("max")) == 5


def test_a_response_url_ends_after_half_an_hour(slack: SlackStandIn, bot: TinyBot, slack_clock: HandClock) -> None:
    slack.presses.command("max", "#feedback", "/ballast hello")
    slack_clock.advance(timedelta(minutes=31))
    assert post_to(bot.bodies[0]["response_url"], {"text": "late"}) == 404


def test_a_press_tells_what_where_and_by_whom(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = posted(slack, bot)
    slack.presses.click("max", "#feedback", ts, "open")
    slack.until(lambda: slack.modals("max"))
    body = bot.bodies[0]
    assert body["type"] == "block_actions"
    assert body["user"]["id"] == "U0MAX0000"
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0FEEDBACK",
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "value of open"
    assert body["actions"][0]["block_id"] == "row"
    assert body["message"]["text"] == "press"


def test_a_press_can_replace_delete_and_whisper(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = posted(slack, bot)
    slack.presses.click("max", "#feedback", ts, "whisper")
    slack.until(lambda: slack.ephemerals("max"))
    slack.presses.click("max", "#feedback", ts, "replace")
    slack.until(lambda: slack.messages("#feedback")[-1]["text"] == "replaced")
    other = posted(slack, bot)
    slack.presses.click("max", "#feedback", other, "delete")
    slack.until(lambda: other not in [message["ts"] for message in slack.messages("#feedback")])


def test_an_ephemeral_message_can_be_pressed_and_replaced(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.command("max", "#feedback", "/ballast hello")
    [shown] = slack.ephemerals("max")
    slack.presses.click("max", "#feedback", shown["ts"], "replace")
    slack.until(lambda: [message["text"] for message in slack.ephemerals("max")] == ["replaced"])
    assert bot.bodies[-1]["container"]["is_ephemeral"] is True


def test_a_button_that_is_not_there_cannot_be_pressed(slack: SlackStandIn, bot: TinyBot) -> None:
    with pytest.raises(ImpossibleError, match="there are: open, replace, delete, whisper"):
        slack.presses.click("max", "#feedback", posted(slack, bot), "explode")


def test_a_shortcut_works_where_the_app_is_not(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = slack.people.say("#product", "max", "something")
    slack.presses.shortcut("max", "#product", ts, "reading.open")
    slack.until(lambda: slack.modals("max"))
    body = bot.bodies[-1]
    assert (body["type"], body["message_ts"], body["message"]["text"]) == ("message_action", ts, "something")
    assert body["channel"] == {"id": "C0PRODUCT0", "name": "product"}


def test_the_home_tab_is_published_when_it_is_opened(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.people.open_home("max")
    home = slack.until(lambda: slack.home("max"))
    assert home["blocks"][0]["text"]["text"] == "Hello <@U0MAX0000>"


def post_to(url: str, body: dict[str, Any]) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    try:
        connection.request("POST", address.path, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()

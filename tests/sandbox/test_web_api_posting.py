"""What the app posts, changes and publishes stands where Slack would show it, or is refused as Slack refuses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from tests.hand_clock import HandClock
from tests.sandbox.refused import SECTION, refusal


def test_a_posted_message_stands_in_the_channel(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    ts = web.chat_postMessage(channel=feedback, text="hello")["ts"]
    posted = slack.messages("#feedback")[-1]
    assert (posted["ts"], posted["text"], posted["bot_id"]) == (ts, "hello", "B0BALLAST")
    assert "subtype" not in posted


def test_a_reply_stands_in_the_thread_and_not_in_the_channel(
    slack: SlackStandIn, web: WebClient, feedback: str
) -> None:
    root = slack.people.say("#feedback", "max", "hello")
    web.chat_postMessage(channel=feedback, thread_ts=root, text="a reply")
    assert [reply["text"] for reply in slack.thread("#feedback", root)] == ["a reply"]
    assert "a reply" not in [message["text"] for message in slack.messages("#feedback")]
    assert slack.messages("#feedback")[-1]["reply_count"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C0NOWHERE", "text": "t"}, "channel_not_found"),
        ({"channel": "C0PRODUCT0", "text": "t"}, "not_in_channel"),
        ({"channel": "C0SALESPRIVATE", "text": "t"}, "channel_not_found"),
        ({"channel": "C0FEEDBACK", "text": ""}, "no_text"),
        ({"channel": "C0FEEDBACK", "text": "t", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0FEEDBACK", "text": "t", "blocks": [{"type": "hologram"}]}, "invalid_blocks"),
    ],
)
def test_a_post_that_slack_would_refuse_is_refused(
    web: WebClient, feedback: str, arguments: dict[str, Any], code: str
) -> None:
    assert refusal(web.api_call, api_method="chat.postMessage", json=arguments)["error"] == code


def test_refused_blocks_say_why(web: WebClient, feedback: str) -> None:
    answer = refusal(web.chat_postMessage, channel=feedback, text="t", blocks=[SECTION, {"type": "hologram"}])
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: hologram [json-pointer:/blocks/1/type]"
    ]


def test_blocks_that_are_too_long_together_are_refused(web: WebClient, feedback: str) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}} for _ in range(5)]
    assert refusal(web.chat_postMessage, channel=feedback, text="t", blocks=blocks)["error"] == "msg_blocks_too_long"


def test_an_archived_channel_takes_no_message(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    slack.people.archive("#feedback")
    assert refusal(web.chat_postMessage, channel=feedback, text="t")["error"] == "is_archived"


def test_text_is_cut_at_forty_thousand_characters(web: WebClient, feedback: str) -> None:
    posted = web.chat_postMessage(channel=feedback, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000


def test_a_message_to_a_person_goes_to_their_direct_channel(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    opened = web.conversations_open(users="U0MAX0000")["channel"]["id"]
    assert web.chat_postMessage(channel="U0MAX0000", text="hi")["channel"] == opened
    assert [message["text"] for message in slack.messages(opened)] == ["hi"]


def test_an_update_replaces_text_and_takes_blocks_away(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    ts = web.chat_postMessage(channel=feedback, text="old", blocks=[SECTION])["ts"]
    web.chat_update(channel=feedback, ts=ts, text="new")
    updated = slack.messages("#feedback")[-1]
    assert updated["text"] == "new"
    assert "blocks" not in updated


def test_only_the_apps_own_messages_can_be_changed_or_deleted(
    slack: SlackStandIn, web: WebClient, feedback: str
) -> None:
    theirs = slack.people.say("#feedback", "max", "mine")
    assert refusal(web.chat_update, channel=feedback, ts=theirs, text="x")["error"] == "cant_update_message"
    assert refusal(web.chat_delete, channel=feedback, ts=theirs)["error"] == "cant_delete_message"
    assert refusal(web.chat_update, channel=feedback, ts="1.000001", text="x")["error"] == "message_not_found"


def test_an_update_is_shorter_than_a_message(web: WebClient, feedback: str) -> None:
    ts = web.chat_postMessage(channel=feedback, text="old")["ts"]
    assert refusal(web.chat_update, channel=feedback, ts=ts, text="x" * 4001)["error"] == "msg_too_long"


def test_a_deleted_message_is_gone(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    ts = web.chat_postMessage(channel=feedback, text="oops")["ts"]
    web.chat_delete(channel=feedback, ts=ts)
    assert ts not in [message["ts"] for message in slack.messages("#feedback")]


def test_an_ephemeral_message_is_seen_by_one_person(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    web.chat_postEphemeral(channel=feedback, user="U0MAX0000", text="for you")
    assert [message["text"] for message in slack.ephemerals("max")] == ["for you"]
    assert slack.ephemerals("olivia") == []
    assert "for you" not in [message.get("text") for message in slack.messages("#feedback")]


def test_an_ephemeral_message_needs_somebody_in_the_channel(web: WebClient, feedback: str) -> None:
    outside = {"channel": feedback, "user": "U0STAN000", "text": "t"}
    assert refusal(web.chat_postEphemeral, **outside)["error"] == "user_not_in_channel"
    assert refusal(web.chat_postEphemeral, **outside | {"user": "U0NOBODY0"})["error"] == "user_not_found"


def test_a_reaction_is_added_once(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    ts = slack.people.say("#feedback", "max", "hello")
    web.reactions_add(channel=feedback, timestamp=ts, name="inbox_tray")
    again = refusal(web.reactions_add, channel=feedback, timestamp=ts, name="inbox_tray")
    assert again["error"] == "already_reacted"
    message = web.reactions_get(channel=feedback, timestamp=ts)["message"]
    assert message["reactions"] == [{"name": "inbox_tray", "users": ["U0BALLAST"], "count": 1}]


def test_a_reaction_is_taken_away_once(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    ts = slack.people.say("#feedback", "max", "hello")
    web.reactions_add(channel=feedback, timestamp=ts, name="eyes")
    web.reactions_remove(channel=feedback, timestamp=ts, name="eyes")
    assert refusal(web.reactions_remove, channel=feedback, timestamp=ts, name="eyes")["error"] == "no_reaction"
    assert slack.messages("#feedback")[-1]["reactions"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"timestamp": "1.000001", "name": "eyes"}, "message_not_found"),
        ({"timestamp": "1.000001", "name": "not an emoji"}, "invalid_name"),
        ({"channel": "C0PRODUCT0", "timestamp": "1.000001", "name": "eyes"}, "not_in_channel"),
    ],
)
def test_a_reaction_that_slack_would_refuse_is_refused(
    web: WebClient, feedback: str, arguments: dict[str, str], code: str
) -> None:
    assert refusal(web.reactions_add, **{"channel": feedback, **arguments})["error"] == code


def test_home_is_published_for_one_person_and_old_hashes_conflict(
    slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace
) -> None:
    first = web.views_publish(user_id="U0MAX0000", view={"type": "home", "blocks": [SECTION]})["view"]
    web.views_publish(user_id="U0MAX0000", view={"type": "home", "blocks": []}, hash=first["hash"])
    late = refusal(web.views_publish, user_id="U0MAX0000", view={"type": "home", "blocks": []}, hash=first["hash"])
    assert late["error"] == "hash_conflict"
    home = slack.home("max")
    assert home is not None
    assert home["blocks"] == []
    assert slack.home("olivia") is None


def test_timestamps_follow_the_clock_and_never_repeat(
    slack: SlackStandIn, slack_clock: HandClock, workspace: SmallWorkspace
) -> None:
    first, second = (slack.people.say("#feedback", "max", "hello") for _ in range(2))
    slack_clock.advance(timedelta(minutes=1))
    third = slack.people.say("#feedback", "max", "hello")
    assert first < second < third
    assert float(third) - float(first) == pytest.approx(60, abs=0.001)

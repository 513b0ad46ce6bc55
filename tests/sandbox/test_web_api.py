from __future__ import annotations

import http.client
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.clock import HandClock
from bot.sandbox.identity import Identity
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.stand_in import SlackStandIn

SECTION = {"type": "section", "block_id": "only", "text": {"type": "plain_text", "text": "hello"}}


def refusal(call: Any, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response


def raw(url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    try:
        connection.request("POST", address.path, body, headers)
        answer: dict[str, Any] = json.load(connection.getresponse())
    finally:
        connection.close()
    return answer


def test_auth_test_tells_who_the_bot_is_and_its_scopes(web: WebClient) -> None:
    answer = web.auth_test()
    assert answer["user_id"] == "U0BALLAST"
    assert answer["team_id"] == "T0NORTHWIND"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_a_wrong_token_is_invalid_auth(slack: SlackStandIn) -> None:
    client = WebClient(token="xoxb-of-somebody-else", base_url=slack.url)
    assert refusal(client.auth_test)["error"] == "invalid_auth"


def test_no_token_is_not_authed(slack: SlackStandIn) -> None:
    assert refusal(WebClient(base_url=slack.url).auth_test)["error"] == "not_authed"


def test_a_token_may_stand_in_the_form(slack: SlackStandIn) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = raw(slack.url + "auth.test", b"token=" + slack.identity.bot_token.encode(), headers)
    assert answer["ok"] is True


def test_a_json_body_is_read(slack: SlackStandIn, feedback: str) -> None:
    body = json.dumps({"channel": feedback, "blocks": [SECTION], "text": "t"}).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {slack.identity.bot_token}"}
    answer = raw(slack.url + "chat.postMessage", body, headers)
    assert answer["message"]["blocks"] == [SECTION]


def test_blocks_may_be_json_within_a_form(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    answer = web.api_call("chat.postMessage", data={"channel": feedback, "text": "t", "blocks": json.dumps([SECTION])})
    assert answer["message"]["blocks"] == [SECTION]


def test_broken_json_in_a_form_is_an_error(web: WebClient, feedback: str) -> None:
    broken = {"channel": feedback, "text": "t", "blocks": "[{"}
    assert refusal(web.api_call, api_method="chat.postMessage", data=broken)["error"] == "invalid_blocks_format"


def test_a_revoked_token_is_refused(slack: SlackStandIn, web: WebClient) -> None:
    slack.revoke_token()
    assert refusal(web.auth_test)["error"] == "token_revoked"


def test_an_unknown_method_is_named(web: WebClient) -> None:
    assert refusal(web.api_call, api_method="chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_is_named() -> None:
    with SlackStandIn(identity=Identity(scopes=frozenset({"commands"}))) as slack:
        furnish(slack)
        client = WebClient(token=slack.identity.bot_token, base_url=slack.url)
        answer = refusal(client.users_info, user="U0OLIVIA0")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "commands")


def test_the_app_token_opens_connections_and_nothing_else(slack: SlackStandIn, web: WebClient) -> None:
    assert web.apps_connections_open(app_token=slack.identity.app_token)["url"].startswith("ws://127.0.0.1:")
    assert refusal(web.apps_connections_open, app_token=slack.identity.bot_token)["error"] == "not_allowed_token_type"


def test_calls_are_kept_without_their_tokens(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    web.chat_postMessage(channel=feedback, text="hello", token=slack.identity.bot_token)
    [call] = slack.calls("chat.postMessage")
    assert call.arguments["text"] == "hello"
    assert slack.identity.bot_token not in str(call.arguments)


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


def test_a_permalink_leads_to_the_reply_in_its_thread(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    root = slack.people.say("#feedback", "max", "root")
    reply = slack.people.say("#feedback", "max", "reply", thread=root)
    link = web.chat_getPermalink(channel=feedback, message_ts=reply)["permalink"]
    assert link == (
        f"https://northwind.slack.com/archives/{feedback}/p{reply.replace('.', '')}?thread_ts={root}&cid={feedback}"
    )
    assert refusal(web.chat_getPermalink, channel=feedback, message_ts="1.000001")["error"] == "message_not_found"


def test_people_are_told_with_their_roles_and_zones(web: WebClient, workspace: SmallWorkspace) -> None:
    people = {name: web.users_info(user=name)["user"] for name in ("U0OLIVIA0", "U0MAX0000", "U0GINA000", "U0STAN000")}
    assert people["U0OLIVIA0"]["is_owner"] is True
    assert people["U0OLIVIA0"]["tz"] == "Europe/Berlin"
    assert people["U0OLIVIA0"]["tz_offset"] == 3600
    assert people["U0MAX0000"]["is_admin"] is False
    assert people["U0GINA000"]["is_restricted"] is True
    assert people["U0STAN000"]["is_stranger"] is True
    assert people["U0STAN000"]["team_id"] != "T0NORTHWIND"
    assert refusal(web.users_info, user="U0NOBODY0")["error"] == "user_not_found"


def test_strangers_are_not_listed_among_the_people(web: WebClient, workspace: SmallWorkspace) -> None:
    pages = [page["members"] for page in web.users_list(limit=2)]
    assert [len(page) for page in pages] == [2, 2]
    assert [person["name"] for page in pages for person in page] == ["ballast", "olivia", "max", "gina"]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0FEEDBACK", {"is_private": False, "is_ext_shared": False, "is_member": True}),
        ("C0PRODUCT0", {"is_private": False, "is_ext_shared": False, "is_member": False}),
        ("C0ACMESHARED", {"is_private": False, "is_ext_shared": True, "is_member": False}),
    ],
)
def test_a_channel_is_told_with_its_kind(
    web: WebClient, feedback: str, channel: str, expected: dict[str, bool]
) -> None:
    told = web.conversations_info(channel=channel)["channel"]
    assert {name: told[name] for name in expected} == expected


def test_a_private_channel_is_known_to_its_members_only(
    slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace
) -> None:
    private = workspace.sales_private.channel_id
    assert refusal(web.conversations_info, channel=private)["error"] == "channel_not_found"
    slack.people.invite_bot(workspace.sales_private, workspace.olivia)
    assert web.conversations_info(channel=private)["channel"]["is_private"] is True


def test_channels_are_listed_by_type(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    slack.people.invite_bot("#sales-private", "olivia")
    slack.people.archive("#general")
    public = web.conversations_list(exclude_archived=True)["channels"]
    assert [channel["name"] for channel in public] == ["feedback", "product", "acme-shared"]
    private = web.conversations_list(types="private_channel")["channels"]
    assert [channel["name"] for channel in private] == ["sales-private"]
    joined = web.users_conversations(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in joined] == ["feedback", "sales-private"]


def test_members_of_a_channel_are_listed(web: WebClient, feedback: str) -> None:
    assert web.conversations_members(channel=feedback)["members"] == [
        "U0OLIVIA0",
        "U0MAX0000",
        "U0GINA000",
        "U0BALLAST",
    ]


def test_history_pages_backwards_without_a_gap(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    said = [slack.people.say("#feedback", "max", f"message {number}") for number in range(5)]
    oldest = said[0]
    answers = web.conversations_history(channel=feedback, limit=2, oldest=oldest, inclusive=True)
    pages = [(page["has_more"], [message["ts"] for message in page["messages"]]) for page in answers]
    assert [has_more for has_more, _ in pages] == [True, True, False]
    assert [len(page) for _, page in pages] == [2, 2, 1]
    assert [ts for _, page in pages for ts in page] == said[::-1]


@pytest.mark.parametrize(("inclusive", "expected"), [("false", [1]), ("true", [0, 1, 2])])
def test_bounds_of_history_count_only_when_inclusive(
    slack: SlackStandIn, web: WebClient, feedback: str, inclusive: str, expected: list[int]
) -> None:
    said = [slack.people.say("#feedback", "max", f"message {number}") for number in range(3)]
    bounds = {"channel": feedback, "oldest": said[0], "latest": said[2], "inclusive": inclusive}
    page = web.api_call("conversations.history", data=bounds)
    assert [said.index(message["ts"]) for message in page["messages"]][::-1] == expected


def test_history_needs_membership_and_a_known_cursor(web: WebClient, feedback: str) -> None:
    assert refusal(web.conversations_history, channel="C0PRODUCT0")["error"] == "not_in_channel"
    assert refusal(web.conversations_history, channel=feedback, cursor="page two")["error"] == "invalid_cursor"
    assert refusal(web.conversations_history, channel=feedback, limit="many")["error"] == "invalid_arguments"


def test_replies_begin_with_the_root(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    root = slack.people.say("#feedback", "max", "root")
    replies = [slack.people.say("#feedback", "olivia", f"reply {number}", thread=root) for number in range(3)]
    answers = web.conversations_replies(channel=feedback, ts=root, limit=3)
    assert [message["ts"] for page in answers for message in page["messages"]] == [root, *replies]
    assert refusal(web.conversations_replies, channel=feedback, ts="1.000001")["error"] == "thread_not_found"


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


def test_a_file_is_told_by_its_id(slack: SlackStandIn, web: WebClient) -> None:
    slack.world.files["F0MAIL"] = {"id": "F0MAIL", "filetype": "email", "plain_text": "the words"}
    assert web.files_info(file="F0MAIL")["file"]["plain_text"] == "the words"
    assert refusal(web.files_info, file="F0GONE")["error"] == "file_not_found"


def test_blocks_can_be_validated_without_a_token(slack: SlackStandIn) -> None:
    client = WebClient(base_url=slack.url)
    assert client.blocks_validate(blocks=[SECTION])["ok"] is True
    answer = refusal(client.blocks_validate, blocks=[{"type": "section"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/blocks/0"


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

"""Whoever calls the Web API is known by a token of the right kind and scopes, however the call is written."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.sandbox.identity import Identity
from bot.sandbox.presets import furnish
from bot.sandbox.stand_in import SlackStandIn
from tests.sandbox.refused import SECTION, refusal


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


def test_blocks_can_be_validated_without_a_token(slack: SlackStandIn) -> None:
    client = WebClient(base_url=slack.url)
    assert client.blocks_validate(blocks=[SECTION])["ok"] is True
    answer = refusal(client.blocks_validate, blocks=[{"type": "section"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/blocks/0"


def raw(url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    try:
        connection.request("POST", address.path, body, headers)
        answer: dict[str, Any] = json.load(connection.getresponse())
    finally:
        connection.close()
    return answer

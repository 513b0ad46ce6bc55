"""The manifest keeps Slack's rules, asks only for what the code uses, and asks for all of it."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from slack_sdk import WebClient

from bot.cli.manifest import manifest
from bot.errors import InputError
from bot.payloads import parse_event
from bot.setting_rules import TAKEN
from bot.shapes.meanings import Ignored
from bot.views import ids
from storage.ids import TeamId, UserId
from storage.records import Workspace

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/manifest_schema.json").read_text(encoding="utf-8"))

METHOD = re.compile(r"(apps|auth|bots|chat|conversations|files|reactions|team|users|views)\.[a-zA-Z._]+")

SCOPES_OF_CALL: dict[str, set[str]] = {
    "auth_test": set(),
    "apps_connections_open": set(),
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "files_getUploadURLExternal": {"files:write"},
    "reactions_add": {"reactions:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
}
"""Every Web API method that the bot may call, as the client names it, and the scopes it needs."""

SCOPES_OF_EVENT: dict[str, set[str]] = {
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_deleted": {"channels:read"},
    "channel_rename": {"channels:read"},
    "group_deleted": {"groups:read"},
    "group_rename": {"groups:read"},
    "reaction_added": {"reactions:read"},
    "tokens_revoked": set(),
}
"""Every event that such a bot could ask for, and the scopes it needs."""


@pytest.fixture
def shipped() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    return made


def scopes_of(made: dict[str, Any]) -> set[str]:
    scopes = made["oauth_config"]["scopes"]
    return {*scopes["bot"], *scopes["bot_optional"]}


def nodes_of(folder: str) -> Iterator[ast.AST]:
    """Give the syntax of every module in a folder, but for the stand-in's."""
    for module in (ROOT / folder).rglob("*.py"):
        if "sandbox" not in module.parts:
            yield from ast.walk(ast.parse(module.read_text(encoding="utf-8")))


def calls_in_code() -> set[str]:
    """Find every Web API method that the bot names, as the client's attribute or as Slack writes it."""
    attributes = {node.attr for node in nodes_of("bot") if isinstance(node, ast.Attribute)}
    texts = {node.value for node in nodes_of("bot") if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = attributes | {text.replace(".", "_") for text in texts if METHOD.fullmatch(text)}
    return {name for name in named if METHOD.fullmatch(name.replace("_", ".", 1)) and hasattr(WebClient, name)}


def delivered(event: str) -> dict[str, Any]:
    """Make a delivery of a subscribed event, of which the recorded payloads show the public kind."""
    kind, _, place = event.partition(".")
    recorded = ROOT / f"tests/payloads/{kind}.json"
    if not recorded.exists():
        return {"type": "event_callback", "team_id": "T100", "event_id": "Ev1", "event": {"type": kind, "user": "U1"}}
    body: dict[str, Any] = json.loads(recorded.read_text(encoding="utf-8"))
    if place in {"groups", "im"}:
        body["event"]["channel_type"] = place.removesuffix("s")
    return body


def taken_in(event: str) -> bool:
    """Tell whether Ballast does something with an event."""
    workspace = Workspace(team_id=TeamId("T100"), name="Acme", bot_id="B900", bot_user_id=UserId("U900"))
    return not isinstance(parse_event(delivered(event), workspace), Ignored)


def test_the_manifest_keeps_the_published_rules(shipped: dict[str, Any]) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(shipped)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("display_information.name", "n" * 36),
        ("display_information.description", "d" * 141),
        ("features.slash_commands.0.command", "ballast"),
        ("features.slash_commands.0.command", "/Ballast"),
        ("features.slash_commands.0.command", "/" + "b" * 32),
        ("features.slash_commands.0.command", "/remind"),
        ("features.slash_commands.0.usage_hint", "u" * 1001),
        ("features.shortcuts.0.name", "n" * 25),
        ("features.shortcuts.0.callback_id", "c" * 256),
        ("features.shortcuts.0.type", "channel"),
        ("settings.socket_mode_enabled", "yes"),
        ("oauth_config.scopes.bot.0", "everything"),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_found(shipped: dict[str, Any], path: str, value: object) -> None:
    place: Any = shipped
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        place = place[step]
    place[last] = value

    assert list(Draft202012Validator(SCHEMA).iter_errors(shipped))


def test_the_schema_refuses_the_commands_that_the_printer_refuses() -> None:
    refused = SCHEMA["properties"]["features"]["properties"]["slash_commands"]["items"]["properties"]["command"]["not"]

    assert set(refused["enum"]) == {f"/{name}" for name in TAKEN}


def test_every_method_that_is_called_has_its_scopes(shipped: dict[str, Any]) -> None:
    called = calls_in_code()

    assert called - SCOPES_OF_CALL.keys() == set()
    assert set().union(*(SCOPES_OF_CALL[call] for call in called)) - scopes_of(shipped) == set()


def test_every_scope_is_used_by_a_call_an_event_or_a_surface(shipped: dict[str, Any]) -> None:
    subscribed = shipped["settings"]["event_subscriptions"]["bot_events"]
    used = set().union(*(SCOPES_OF_CALL[call] for call in calls_in_code()), *(SCOPES_OF_EVENT[e] for e in subscribed))
    used.add("commands")  # the slash command and the shortcut, which the next tests look at

    assert scopes_of(shipped) - used == set()


def test_the_events_subscribed_to_are_those_taken_in(shipped: dict[str, Any]) -> None:
    subscribed = shipped["settings"]["event_subscriptions"]["bot_events"]

    assert sorted(subscribed) == sorted(event for event in SCOPES_OF_EVENT if taken_in(event))


def test_the_shortcuts_are_those_that_the_bot_answers(shipped: dict[str, Any]) -> None:
    assert [each["callback_id"] for each in shipped["features"]["shortcuts"]] == [ids.READING_OPEN, ids.SAVE_OPEN]


def test_each_scope_event_and_surface_has_its_reason() -> None:
    lines = (ROOT / "manifest.yaml").read_text(encoding="utf-8").splitlines()
    asked = re.compile(r"\s+- (?!name:|command:)[a-z_.:]+$|\s+- (name|command): ")

    asked_for = [(before, line) for before, line in pairwise(lines) if asked.match(line)]

    assert [line.strip() for before, line in asked_for if "#" not in before] == []


@pytest.mark.parametrize("name", ["Voice: the bot", "On", "No", "Null"])
def test_own_names_are_printed_and_the_reasons_kept(name: str) -> None:
    printed = manifest(command="/voice", name=name)
    made = yaml.safe_load(printed)

    assert made["display_information"]["name"] == name
    assert made["features"]["bot_user"]["display_name"] == name
    assert made["features"]["slash_commands"][0]["command"] == "/voice"
    assert printed.count("#") == (ROOT / "manifest.yaml").read_text(encoding="utf-8").count("#")


def test_with_no_names_the_shipped_manifest_is_printed() -> None:
    assert manifest() == (ROOT / "manifest.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["voice", "/two words", "/" + "v" * 32, "/remind", "/Voice", "/"])
def test_a_command_that_slack_would_refuse_is_refused_here(command: str) -> None:
    with pytest.raises(InputError):
        manifest(command=command)


@pytest.mark.parametrize("name", ["", "  ", "n" * 36])
def test_a_name_that_slack_would_refuse_is_refused_here(name: str) -> None:
    with pytest.raises(InputError):
        manifest(name=name)

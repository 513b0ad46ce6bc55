"""Payloads of interactions: slash commands, clicks, modals, shortcuts, as Slack sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.blocks.rules import items
from bot.sandbox.blocks.surfaces import elements_of
from bot.sandbox.channels import Channel, Kind
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.identity import Identity
from bot.sandbox.people import Person

_TOKEN = "verification-token-of-the-stand-in"  # noqa: S105 - no one checks it, and real apps should not either
_CHOICES = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_MANY = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
_PLACES = {f"{kind}s_select": f"selected_{kind}" for kind in ("user", "conversation", "channel")}
_MANY_PLACES = {f"multi_{kind}s_select": f"selected_{kind}s" for kind in ("user", "conversation", "channel")}
_DATES = {"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time"}


def interaction(kind: str, identity: Identity, person: Person) -> dict[str, Any]:
    """Make what every interactive payload has."""
    return {
        "type": kind,
        "token": _TOKEN,
        "api_app_id": identity.app_id,
        "team": {"id": identity.team_id, "domain": identity.team_domain},
        "user": {
            "id": person.user_id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team_id,
        },
        "enterprise": None,
        "is_enterprise_install": False,
    }


def slash_command(identity: Identity, person: Person, channel: Channel, *, command: str, text: str) -> dict[str, Any]:
    """Make the body of a slash command."""
    names = {Kind.PRIVATE: "privategroup", Kind.DIRECT: "directmessage"}
    return {
        "token": _TOKEN,
        "team_id": identity.team_id,
        "team_domain": identity.team_domain,
        "channel_id": channel.channel_id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": person.user_id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": identity.app_id,
        "is_enterprise_install": "false",
    }


def channel_reference(channel: Channel) -> dict[str, Any]:
    """Make the short form of a channel in an interaction."""
    return {"id": channel.channel_id, "name": channel.name if not channel.is_hidden else "privategroup"}


def find_element(
    surface: Mapping[str, Any], action_id: str, *, block_id: str | None = None
) -> tuple[str, Mapping[str, Any]]:
    """Find what a person would press or fill in; return its block's id and itself."""
    there: list[str] = []
    for block in _blocks_within(surface):
        for element in elements_of(block):
            if element.get("action_id") == action_id and block_id in {None, block.get("block_id")}:
                return str(block["block_id"]), element
            there.append(str(element.get("action_id")))
    message = f"nothing here has the action id {action_id}; there are: {', '.join(there) or 'none'}"
    raise ImpossibleError(message)


def action_of(element: Mapping[str, Any], block_id: str, *, value: Any, ts: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Make the entry of ``actions`` for one element; ``value`` is the option's value where there are options."""
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": ts}
    if element["type"] == "button":
        known = {name: element[name] for name in ("text", "value", "style") if name in element}
        return action | known
    return action | filled_in(element, value)


def filled_in(element: Mapping[str, Any], value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Make what ``state.values`` says about an element that holds ``value``."""
    kind = str(element["type"])
    if kind in _CHOICES:
        return {"type": kind, "selected_option": None if value is None else _option(element, value)}
    if kind in _MANY:
        return {"type": kind, "selected_options": [_option(element, one) for one in value or []]}
    for names, nothing in ((_PLACES, None), (_MANY_PLACES, []), (_DATES, None)):
        if kind in names:
            return {"type": kind, names[kind]: nothing if value is None else value}
    return {"type": kind, "value": value}


def initially(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Tell what an element holds before anyone touches it."""
    if element.get("initial_option"):
        return element["initial_option"]["value"]
    if element.get("initial_options"):
        return [option["value"] for option in element["initial_options"]]
    return next((value for name, value in element.items() if name.startswith("initial_")), None)


def state_of(surface: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Make ``state.values``: what was filled in by action id or block id, else what stood there from the start."""
    state: dict[str, dict[str, Any]] = {}
    for block in _blocks_within(surface):
        for element in elements_of(block):
            if element["type"] in {"button", "overflow", "image"} or "action_id" not in element:
                continue
            block_id, action_id = str(block["block_id"]), str(element["action_id"])
            value = values.get(action_id, values.get(block_id, initially(element)))
            state.setdefault(block_id, {})[action_id] = filled_in(element, value)
    return state


def _option(element: Mapping[str, Any], value: object) -> Mapping[str, Any]:
    grouped = [option for group in items(element, "option_groups") for option in items(group, "options")]
    options = [*items(element, "options"), *grouped]
    for option in options:
        if option["value"] == value:
            return option
    if element["type"].endswith("external_select") and isinstance(value, Mapping):
        return value
    message = f"{value} is no option here; there are: {', '.join(str(option['value']) for option in options)}"
    raise ImpossibleError(message)


def _blocks_within(surface: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    blocks = items(surface, "blocks")
    return [*blocks, *(child for block in blocks for child in items(block, "child_blocks"))]

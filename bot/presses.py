"""What a person pressed, typed or submitted, read from Slack's payloads. Pure; one typed error for every odd shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.shapes.fields import UnreadablePayloadError
from bot.views.ids import Note, parse_note
from storage.ids import ChannelId, TeamId, Ts, UserId


@dataclass(frozen=True, slots=True)
class Typed:
    """Know what somebody typed after the slash command, and where."""

    team_id: TeamId
    user_id: UserId
    channel_id: ChannelId
    words: str
    trigger: str = ""
    """Opens a modal; empty where a server gives none."""
    channel_name: str = ""
    """As Slack names the channel in a command: of closed ones it tells the kind alone."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Know what somebody pressed: a button of ours, or our shortcut on a message."""

    team_id: TeamId
    user_id: UserId
    channel_id: ChannelId
    message_ts: Ts
    """Of the message that carries the button, or that the shortcut was used on."""
    action: str
    block: str
    """The id of the block that holds the button; empty for a shortcut."""
    value: str
    """Of the button, or of the option that was chosen."""
    trigger: str
    """Opens a modal; empty where a server gives none, and then only a modal cannot be opened."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Know the message on which somebody used a shortcut, as Slack handed it over."""

    pressed: Pressed
    channel_name: str
    """As in ``Typed``."""
    message: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Submitted:
    """Know what somebody submitted in a modal: the modal's note, and the input of each block."""

    team_id: TeamId
    user_id: UserId
    note: Note
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Know what somebody types into a list that is searched."""

    team_id: TeamId
    user_id: UserId
    words: str


def parse_typed(body: Mapping[str, object]) -> Typed:
    """Read a slash command. Raises UnreadablePayloadError."""
    words, trigger, name = body.get("text") or "", body.get("trigger_id"), body.get("channel_name")
    return Typed(
        team_id=TeamId(_text(body, "team_id")),
        user_id=UserId(_text(body, "user_id")),
        channel_id=ChannelId(_text(body, "channel_id")),
        words=words if isinstance(words, str) else "",
        trigger=trigger if isinstance(trigger, str) else "",
        channel_name=name if isinstance(name, str) else "",
    )


def parse_pressed(body: Mapping[str, object]) -> Pressed:
    """Read a pressed button of a message or a message shortcut. Raises UnreadablePayloadError."""
    pressed = body.get("actions")
    action = pressed[0] if isinstance(pressed, list) and pressed and isinstance(pressed[0], Mapping) else {}
    value = action.get("value") or _part(action, "selected_option").get("value")
    block, trigger = action.get("block_id"), body.get("trigger_id")
    message_ts = (
        _part(body, "message").get("ts") or body.get("message_ts") or _part(body, "container").get("message_ts")
    )
    return Pressed(
        team_id=_team(body),
        user_id=UserId(_text(_part(body, "user"), "id")),
        channel_id=_channel(body),
        message_ts=Ts(_text({"message_ts": message_ts}, "message_ts")),
        action=_text(action, "action_id") if action else _text(body, "callback_id"),
        block=block if isinstance(block, str) else "",
        value=value if isinstance(value, str) else "",
        trigger=trigger if isinstance(trigger, str) else "",
    )


def parse_looked_up(body: Mapping[str, object]) -> LookedUp:
    """Read what is typed into a list. Raises UnreadablePayloadError."""
    words = body.get("value")
    return LookedUp(_team(body), UserId(_text(_part(body, "user"), "id")), words if isinstance(words, str) else "")


def parse_picked(body: Mapping[str, object]) -> Picked:
    """Read a message shortcut with its message. Raises UnreadablePayloadError."""
    name = _part(body, "channel").get("name")
    return Picked(parse_pressed(body), name if isinstance(name, str) else "", _part(body, "message"))


def parse_submitted(body: Mapping[str, object]) -> Submitted:
    """Read a submitted modal. Raises UnreadablePayloadError."""
    view = _part(body, "view")
    values = _part(_part(view, "state"), "values")
    inputs = {name: _input(fields) for name, fields in values.items()}
    note = parse_note(_text(view, "private_metadata"))
    return Submitted(_team(body), UserId(_text(_part(body, "user"), "id")), note, inputs)


def _channel(body: Mapping[str, object]) -> ChannelId:
    """Name the channel of a press; some servers tell it in the container alone."""
    told = _part(body, "channel").get("id") or _part(body, "container").get("channel_id")
    return ChannelId(_text({"channel": told}, "channel"))


def _team(body: Mapping[str, object]) -> TeamId:
    """Name the workspace that the app is installed in; a modal opened from another one says so itself."""
    installed = _part(body, "view").get("app_installed_team_id")
    if isinstance(installed, str):
        return TeamId(installed)
    team = _part(body, "team") or _part(body, "user")
    return TeamId(_text(team, "id" if body.get("team") else "team_id"))


def _input(fields: object) -> str:
    """Give the chosen or typed value of an input block; empty when nothing was."""
    for element in fields.values() if isinstance(fields, Mapping) else ():
        chosen = _part(element, "selected_option").get("value") if isinstance(element, Mapping) else None
        value = chosen if chosen is not None else element.get("value") if isinstance(element, Mapping) else None
        if isinstance(value, str):
            return value
    return ""


def _part(values: Mapping[str, object], field: str) -> Mapping[str, object]:
    value = values.get(field)
    return value if isinstance(value, Mapping) else {}


def _text(values: Mapping[str, object], field: str) -> str:
    value = values.get(field)
    if not isinstance(value, str) or not value:
        message = f"Slack sent something without “{field}”, which Ballast cannot use. Try again."
        raise UnreadablePayloadError(message)
    return value

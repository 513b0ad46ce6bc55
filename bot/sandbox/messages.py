"""How messages look in Slack's JSON: those of people, of the app, of other apps, and the events about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.channels import CHANNEL_TYPES, Channel, Message
from bot.sandbox.identity import Identity
from bot.sandbox.people import Person

UNESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def person_message(person: Person, *, ts: str, text: str, number: str) -> Message:
    """Make what a person typed; ``text`` is as Slack sends it, with ``&``, ``<`` and ``>`` escaped."""
    return {
        "client_msg_id": f"00000000-0000-4000-8000-{number:0>12}",
        "type": "message",
        "user": person.user_id,
        "text": text,
        "ts": ts,
        "team": person.team_id,
        "blocks": [rich_text(text, block_id=f"b{number}")],
    }


def rich_text(text: str, *, block_id: str) -> dict[str, Any]:
    """Make the rich text block that Slack's own clients send beside the text."""
    shown = text
    for escaped, plain in UNESCAPED:
        shown = shown.replace(escaped, plain)
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": shown}]}
    return {"type": "rich_text", "block_id": block_id, "elements": [line]}


def app_message(identity: Identity, *, ts: str, fields: Mapping[str, Any]) -> Message:
    """Make what the app posted, in today's form: no subtype, but the ids of the bot and the app."""
    profile = {
        "id": identity.bot_id,
        "app_id": identity.app_id,
        "user_id": identity.bot_user_id,
        "name": identity.bot_name.capitalize(),
        "deleted": False,
        "team_id": identity.team_id,
    }
    return {
        "type": "message",
        "user": identity.bot_user_id,
        "ts": ts,
        "bot_id": identity.bot_id,
        "app_id": identity.app_id,
        "team": identity.team_id,
        "bot_profile": profile,
        **fields,
    }


def join_message(person: Person, *, ts: str, inviter: str | None) -> Message:
    """Make the line that a channel shows when somebody joins."""
    message = {
        "type": "message",
        "subtype": "channel_join",
        "user": person.user_id,
        "text": f"<@{person.user_id}> has joined the channel",
        "ts": ts,
    }
    return message if inviter is None else message | {"inviter": inviter}


def as_event(message: Message, channel: Channel) -> dict[str, Any]:
    """Make the event that tells of a new message."""
    return message | {
        "channel": channel.channel_id,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "event_ts": message["ts"],
    }


def changed_event(message: Message, previous: Message, channel: Channel, *, ts: str) -> dict[str, Any]:
    """Make the event that tells of an edit, an unfurl or an app's update."""
    return _hidden_event("message_changed", channel, ts) | {"message": dict(message), "previous_message": previous}


def deleted_event(previous: Message, channel: Channel, *, ts: str) -> dict[str, Any]:
    """Make the event that tells of a deletion."""
    body = {"deleted_ts": previous["ts"], "previous_message": previous}
    return _hidden_event("message_deleted", channel, ts) | body


def _hidden_event(subtype: str, channel: Channel, ts: str) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.channel_id,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "ts": ts,
        "event_ts": ts,
    }

"""Emoji on messages: ``reactions.*``."""

from __future__ import annotations

import re

from bot.sandbox.channels import Channel
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace

_EMOJI = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")
_WRITE = frozenset({"reactions:write"})


def add(workspace: Workspace, call: Call) -> Answer:
    """Add the bot's reaction."""
    channel, ts, emoji = _target(workspace, call)
    bot = workspace.world.person(workspace.world.identity.bot_user_id)
    if not workspace.happenings.react(channel, ts, bot, emoji):
        code = "already_reacted"
        raise RefusedCallError(code)
    return {}


def remove(workspace: Workspace, call: Call) -> Answer:
    """Take the bot's reaction away."""
    channel, ts, emoji = _target(workspace, call)
    bot = workspace.world.person(workspace.world.identity.bot_user_id)
    if not workspace.happenings.unreact(channel, ts, bot, emoji):
        code = "no_reaction"
        raise RefusedCallError(code)
    return {}


def get(workspace: Workspace, call: Call) -> Answer:
    """Tell a message with its reactions."""
    channel = workspace.world.known_channel(call.text("channel"))
    ts = call.text("timestamp")
    _find(channel, ts)
    return {"type": "message", "channel": channel.channel_id, "message": channel.messages[ts]}


def _target(workspace: Workspace, call: Call) -> tuple[Channel, str, str]:
    emoji = call.text("name").strip(":")
    if not _EMOJI.fullmatch(emoji):
        code = "invalid_name"
        raise RefusedCallError(code)
    channel = workspace.world.joined_channel(call.text("channel"))
    if channel.is_archived:
        code = "is_archived"
        raise RefusedCallError(code)
    ts = call.text("timestamp")
    _find(channel, ts)
    return channel, ts, emoji


def _find(channel: Channel, ts: str) -> None:
    if ts not in channel.messages:
        code = "message_not_found"
        raise RefusedCallError(code)


METHODS = (
    Method("reactions.add", add, _WRITE),
    Method("reactions.remove", remove, _WRITE),
    Method("reactions.get", get, frozenset({"reactions:read"})),
)

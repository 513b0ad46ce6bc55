"""Who posted a message: a person of ours, one from outside, an app, or Slack itself."""

from __future__ import annotations

from bot.port import Message
from bot.shapes.fields import id_or_none, mapping_at, text_or_none
from storage.records import Workspace
from storage.vocabulary import ChannelKind

SLACK_ITSELF = "USLACKBOT"
UNNAMED_APP = "unnamed"
"""Stands for an app that posts without an id, so that it too must be allowed."""

_FROM_AN_APP = ("bot_id", "app_id", "bot_profile")
_TEAMS = ("user_team", "source_team", "team")
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")


def app_of(message: Message) -> str | None:
    """Name the app or bot that posted a message, by its bot id where it has one; None for a person."""
    if message.get("subtype") != "bot_message" and not any(message.get(field) for field in _FROM_AN_APP):
        return None
    profile = mapping_at(message, "bot_profile")
    named = (id_or_none(message, "bot_id"), id_or_none(profile, "id"), id_or_none(message, "app_id"))
    return next(filter(None, named), UNNAMED_APP)


def app_name(message: Message) -> str | None:
    """Return the name that an app posts under."""
    return text_or_none(message, "username") or text_or_none(mapping_at(message, "bot_profile"), "name")


def is_ours(message: Message, workspace: Workspace) -> bool:
    """Tell whether the bot itself posted a message."""
    by_user = workspace.bot_user_id and message.get("user") == workspace.bot_user_id
    return bool(by_user or (workspace.bot_id and message.get("bot_id") == workspace.bot_id))


def is_outside(message: Message, workspace: Workspace, kind: ChannelKind) -> bool | None:
    """Tell whether a guest or a member of another organisation wrote; None where the message does not tell.

    In an organisation of several workspaces a channel that is shared with nobody else has only its own people.
    """
    profile = mapping_at(message, "user_profile")
    if any(profile.get(name) is True for name in _GUEST):
        return True
    told = {id_or_none(message, field) for field in _TEAMS} | {id_or_none(profile, "team")}
    others = told - {None, workspace.team_id, workspace.enterprise_id}
    if others and workspace.enterprise_id and kind is not ChannelKind.SHARED:
        return False
    return bool(others) if told - {None} else None

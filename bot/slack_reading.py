"""Reading what Slack answers, leniently: another server may leave out whatever we can do without. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bot.port import ChannelFacts, Message, Page, PersonFacts
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind

EVENT_TYPE: Final = "ballast_post"
"""The metadata type that our messages carry, a second way beside the ``block_id`` to know them."""

BEFORE: Final = "before:"
"""Begins a cursor of our own making: the time before which the next page stands."""

_OUTSIDE: Final = ("is_restricted", "is_ultra_restricted", "is_stranger")


def workspace_of(reply: Mapping[str, Any]) -> Workspace | None:
    """Read who the bot is; None when the reply names no workspace."""
    if not reply.get("team_id"):
        return None
    return Workspace(
        team_id=TeamId(str(reply["team_id"])),
        name=str(reply.get("team") or reply["team_id"]),
        url=reply.get("url"),
        bot_id=reply.get("bot_id"),
        bot_user_id=reply.get("user_id"),
        enterprise_id=reply.get("enterprise_id"),
    )


def channel_facts(channel: ChannelId, reply: Mapping[str, Any]) -> ChannelFacts:
    """Read a channel; of one that a server tells nothing about, the form of its id is believed."""
    facts = mapping(reply.get("channel"))
    return ChannelFacts(
        channel_id=channel,
        name=facts.get("name"),
        kind=_kind_of(channel, facts),
        is_member=facts.get("is_member"),
        is_archived=bool(facts.get("is_archived")),
    )


def person_facts(person: UserId, reply: Mapping[str, Any], ours: Workspace | None = None) -> PersonFacts:
    """Read a person; one of whom a server tells nothing governs nothing and is named by their id.

    Who belongs to another organisation than ``ours`` is an outsider, whatever the flags say: Slack calls nobody a
    stranger who is in a shared channel with the bot.
    """
    facts = mapping(reply.get("user"))
    profile = mapping(facts.get("profile"))
    names = (profile.get("display_name"), profile.get("real_name"), facts.get("real_name"), facts.get("name"))
    return PersonFacts(
        user_id=person,
        team_id=facts.get("team_id"),
        name=next((str(name) for name in names if name), person),
        governs=any(facts.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner")),
        is_outsider=any(facts.get(flag) for flag in _OUTSIDE) or (ours is not None and _is_elsewhere(facts, ours)),
        is_bot=bool(facts.get("is_bot")),
        zone=facts.get("tz"),
    )


def time_named(date: str) -> datetime | None:
    """Read the time of an HTTP ``Date`` header; None when it is none."""
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def mapping(value: object) -> Mapping[str, Any]:
    """Take an object for what it is, and anything else for an empty one."""
    return value if isinstance(value, dict) else {}


def carries_key(message: Message, key: str) -> bool:
    """Tell whether a message is ours by that key, in its metadata or as the id of a block."""
    metadata = mapping(message.get("metadata"))
    if metadata.get("event_type") == EVENT_TYPE and mapping(metadata.get("event_payload")).get("key") == key:
        return True
    blocks = message.get("blocks")
    return any(mapping(block).get("block_id") == key for block in blocks) if isinstance(blocks, list) else False


def standing_at(ts: Ts, page: Page) -> Message | None:
    """Find the message of that very time in a page; a server may answer with the one before it."""
    return next((message for message in page.messages if message.get("ts") == ts), None)


def _kind_of(channel: ChannelId, facts: Mapping[str, Any]) -> ChannelKind:
    if facts.get("is_im") or facts.get("is_mpim") or channel.startswith("D"):
        return ChannelKind.DIRECT
    if any(facts.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared")):
        return ChannelKind.SHARED
    if facts.get("is_private") or facts.get("is_group") or channel.startswith("G"):
        return ChannelKind.PRIVATE
    return ChannelKind.PUBLIC


def _is_elsewhere(facts: Mapping[str, Any], ours: Workspace) -> bool:
    """Tell whether a person is of another organisation; the workspaces of an Enterprise Grid are one."""
    if not facts.get("team_id"):
        return False
    in_grid = mapping(facts.get("enterprise_user"))
    teams = in_grid.get("teams")
    told = (facts["team_id"], in_grid.get("enterprise_id"), *(teams if isinstance(teams, list) else ()))
    return not any(one and one in (ours.team_id, ours.enterprise_id) for one in told)


def next_cursor(reply: Mapping[str, Any], messages: Sequence[Message], latest: Ts | None) -> str | None:
    """Give Slack's cursor, or, from a server that says ``has_more`` without one, the oldest time of the page."""
    cursor = mapping(reply.get("response_metadata")).get("next_cursor")
    if cursor:
        return str(cursor)
    times = [str(message["ts"]) for message in messages if message.get("ts")]
    if not reply.get("has_more") or not times or min(times) == latest:
        return None
    return f"{BEFORE}{min(times)}"

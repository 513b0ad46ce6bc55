"""What an event of Slack means to us. Pure: a delivery in, a typed value out, or one typed error.

Nothing here trusts a shape: whatever is missing or of another type makes ``UnreadablePayloadError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.port import Message
from bot.shapes.feedback import parse_message
from bot.shapes.fields import (
    UnreadablePayloadError,
    id_or_none,
    mapping_at,
    message_ts_or_none,
    read_id,
    read_message_ts,
    unreadable,
)
from bot.shapes.handing import is_to_the_bot, parse_direct, parse_mention, parse_reaction
from bot.shapes.meanings import Arrival, BotInvited, Deleted, Edited, Ignored, Meaning
from bot.shapes.message import ASKS_ONLY, WORDLESS, reason_to_ignore
from bot.shapes.places import parse_move
from bot.shapes.posters import app_of, is_ours
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind

_KINDS = {
    "channel": ChannelKind.PUBLIC,
    "C": ChannelKind.PUBLIC,
    "group": ChannelKind.PRIVATE,
    "G": ChannelKind.PRIVATE,
    "im": ChannelKind.DIRECT,
    "mpim": ChannelKind.DIRECT,
    "app_home": ChannelKind.DIRECT,
}


def parse_team(body: Mapping[str, object]) -> TeamId:
    """Name the workspace that a delivery is for: its first authorization, which holds in shared channels too."""
    authorizations = body.get("authorizations")
    if isinstance(authorizations, list) and authorizations and isinstance(authorizations[0], Mapping):
        first = id_or_none(authorizations[0], "team_id")
        if first:
            return TeamId(first)
    return TeamId(read_id(body, "team_id"))


def parse_channel(body: Mapping[str, object]) -> ChannelId | None:
    """Name the channel of a delivery that could not be read otherwise; None when not even that can be told."""
    channel = id_or_none(mapping_at(body, "event"), "channel")
    return ChannelId(channel) if channel else None


def parse_event(body: Mapping[str, object], workspace: Workspace) -> Meaning:
    """Say what a delivery of the Events API means. Raises UnreadablePayloadError."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        raise unreadable(field="event")
    move = parse_move(event, workspace.team_id)
    if move is not None:
        return move
    match event.get("type"):
        case "message":
            return _parse_posted(body, event, workspace)
        case "member_joined_channel":
            return _parse_joined(body, event, workspace)
        case "reaction_added":
            return parse_reaction(event, workspace)
        case "app_mention":
            return parse_mention(event, workspace)
        case str() as kind:
            return Ignored(f"{kind} is not taken in")
    raise unreadable(field="event.type")


def is_tombstone(message: Message) -> bool:
    """Tell whether a message, of a history page too, is what a deleted root of a thread leaves behind."""
    return message.get("subtype") == "tombstone"


def _parse_posted(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    match event.get("subtype"):
        case "message_changed":
            return _parse_changed(body, event, workspace)
        case "message_deleted":
            return _deleted(body, event, workspace, _gone_ts(event))
        case "tombstone":
            return _deleted(body, event, workspace, read_message_ts(event, "ts"))
    if is_to_the_bot(event):
        return _parse_direct(body, event, workspace)
    return _parse_said(body, event, event, workspace)


def _parse_direct(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    """Have whoever writes to the bot answered, also where there is nothing to keep or to read."""
    try:
        said = _parse_said(body, event, event, workspace)
    except UnreadablePayloadError:
        return parse_direct(event, workspace)
    if isinstance(said, Ignored) and said.why not in (ASKS_ONLY, WORDLESS):
        return said
    return parse_direct(event, workspace)


def _parse_changed(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    message = event.get("message")
    if not isinstance(message, Mapping):
        raise unreadable(field="event.message")
    ts = read_message_ts(message, "ts")
    if is_tombstone(message):
        return _deleted(body, event, workspace, ts)
    author, reason = id_or_none(message, "user"), reason_to_ignore(message, workspace)
    if reason and reason != ASKS_ONLY:  # else what it said before is no feedback any more
        return Ignored(reason)
    return Edited(
        team_id=workspace.team_id,
        channel_id=ChannelId(read_id(event, "channel")),
        ts=ts,
        now=_parse_said(body, event, message, workspace),
        edited_ts=message_ts_or_none(mapping_at(message, "edited"), "ts"),
        event_ts=_event_ts(event),
        author=UserId(author) if author and app_of(message) is None else None,
        is_to_the_bot=is_to_the_bot(event),
    )


def _parse_said(
    body: Mapping[str, object], event: Mapping[str, object], message: Message, workspace: Workspace
) -> Arrival | Ignored:
    event_id = body.get("event_id")
    meaning = parse_message(
        message,
        workspace,
        channel_id=ChannelId(read_id(event, "channel")),
        channel_kind=_kind(body, event),
        event_id=event_id if isinstance(event_id, str) else None,
    )
    told = _kind_is_told(body, event)
    return replace(meaning, kind_is_told=told) if isinstance(meaning, Arrival) else meaning


def _deleted(
    body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace, ts: Ts
) -> Deleted | Ignored:
    if is_ours(mapping_at(event, "previous_message"), workspace):
        return Ignored("a message of this bot is gone")
    return Deleted(
        team_id=workspace.team_id,
        channel_id=ChannelId(read_id(event, "channel")),
        channel_kind=_kind(body, event),
        ts=ts,
        event_ts=_event_ts(event),
        kind_is_told=_kind_is_told(body, event),
    )


def _gone_ts(event: Mapping[str, object]) -> Ts:
    before = message_ts_or_none(mapping_at(event, "previous_message"), "ts")
    return message_ts_or_none(event, "deleted_ts") or before or read_message_ts(event, "deleted_ts")


def _event_ts(event: Mapping[str, object]) -> Ts:
    return message_ts_or_none(event, "event_ts") or read_message_ts(event, "ts")


def _kind_is_told(body: Mapping[str, object], event: Mapping[str, object]) -> bool:
    return "channel_type" in event or body.get("is_ext_shared_channel") is True


def _parse_joined(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    if read_id(event, "user") != workspace.bot_user_id:
        return Ignored("somebody else joined")
    field = "event_ts" if "event_ts" in event else "ts"
    channel = ChannelId(read_id(event, "channel"))
    return BotInvited(workspace.team_id, channel, _kind(body, event), read_message_ts(event, field))


def _kind(body: Mapping[str, object], event: Mapping[str, object]) -> ChannelKind:
    if body.get("is_ext_shared_channel") is True:
        return ChannelKind.SHARED
    named = event.get("channel_type")
    # Without a type that we know, the channel counts as private: its words stay where they are.
    return _KINDS.get(named, ChannelKind.PRIVATE) if isinstance(named, str) else ChannelKind.PRIVATE

"""What an event of Slack means to us. Pure: a delivery in, a typed value out, or one typed error.

Nothing here trusts a shape: whatever is missing or of another type makes ``UnreadablePayloadError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.errors import BallastError
from bot.port import Message
from storage.ids import ChannelId, TeamId, Ts, UserId, slack_origin
from storage.records import NewFeedback, Workspace
from storage.vocabulary import ChannelKind, Source, Voice

_TS = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KINDS = {
    "channel": ChannelKind.PUBLIC,
    "C": ChannelKind.PUBLIC,
    "group": ChannelKind.PRIVATE,
    "G": ChannelKind.PRIVATE,
    "im": ChannelKind.DIRECT,
    "mpim": ChannelKind.DIRECT,
    "app_home": ChannelKind.DIRECT,
}
_FROM_AN_APP = ("bot_id", "app_id", "bot_profile")


class UnreadablePayloadError(BallastError):
    """A delivery lacks what its kind must have; the message names the field and never its content."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Know that a message came that may be feedback: a plain root message with text in it."""

    feedback: NewFeedback
    kind_is_told: bool = True
    """False when a server left out what kind of channel it is; Slack itself always tells."""


@dataclass(frozen=True, slots=True)
class BotInvited:
    """Know that the bot itself was added to a channel."""

    team_id: TeamId
    channel_id: ChannelId
    channel_kind: ChannelKind
    ts: Ts
    """When, by Slack's clock: the same for each delivery of the event."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Know that a delivery is nothing that we take in, and why, for the log."""

    why: str


Meaning = Arrival | BotInvited | Ignored


def parse_team(body: Mapping[str, object]) -> TeamId:
    """Name the workspace that a delivery is for: its first authorization, which holds in shared channels too."""
    authorizations = body.get("authorizations")
    if isinstance(authorizations, list) and authorizations and isinstance(authorizations[0], Mapping):
        first = authorizations[0].get("team_id")
        if isinstance(first, str) and _ID.fullmatch(first):
            return TeamId(first)
    return TeamId(_id(body, "team_id"))


def parse_channel(body: Mapping[str, object]) -> ChannelId | None:
    """Name the channel of a delivery that could not be read otherwise; None when not even that can be told."""
    event = body.get("event")
    channel = event.get("channel") if isinstance(event, Mapping) else None
    return ChannelId(channel) if isinstance(channel, str) and _ID.fullmatch(channel) else None


def parse_event(body: Mapping[str, object], workspace: Workspace) -> Meaning:
    """Say what a delivery of the Events API means. Raises UnreadablePayloadError."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        raise _unreadable(field="event")
    match event.get("type"):
        case "message":
            return _parse_posted(body, event, workspace)
        case "member_joined_channel":
            return _parse_joined(body, event, workspace)
        case str() as kind:
            return Ignored(f"{kind} is not taken in")
    raise _unreadable(field="event.type")


def parse_message(
    message: Message,
    workspace: Workspace,
    *,
    channel_id: ChannelId,
    channel_kind: ChannelKind,
    event_id: str | None = None,
) -> Arrival | Ignored:
    """Say whether a message, of an event or of a history page, is taken in. Raises UnreadablePayloadError.

    Taken in is a root message that a person typed, with or without files, its text verbatim.
    """
    reason = _reason_to_ignore(message, workspace)
    if reason:
        return Ignored(reason)
    ts, text, reporter = _ts(message, "ts"), _text(message), UserId(_id(message, "user"))
    if not text.strip():
        return Ignored("a message without text")
    feedback = NewFeedback(
        team_id=workspace.team_id,
        origin=slack_origin(channel_id, ts),
        text=text,
        said_at=read_ts(ts),
        source=Source.CHANNEL,
        voice=Voice.RELAYED,
        channel_id=channel_id,
        channel_kind=channel_kind,
        ts=ts,
        reporter=reporter,
        permalink=permalink(workspace, channel_id, ts),
        event_id=event_id,
    )
    return Arrival(feedback)


def read_ts(ts: Ts) -> datetime:
    """Read Slack's message time as an aware datetime, exact to the microsecond."""
    seconds, fraction = ts.split(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction[:6].ljust(6, "0")))


def write_ts(at: datetime) -> Ts:
    """Write an aware datetime as Slack's message time."""
    return Ts(f"{int(at.replace(microsecond=0).timestamp())}.{at.microsecond:06d}")


def permalink(workspace: Workspace, channel_id: ChannelId, ts: Ts) -> str | None:
    """Make a message's link from the workspace's address, so that none needs a call; None without one."""
    return f"{workspace.url.rstrip('/')}/archives/{channel_id}/p{ts.replace('.', '')}" if workspace.url else None


def _parse_posted(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    event_id = body.get("event_id")
    meaning = parse_message(
        event,
        workspace,
        channel_id=ChannelId(_id(event, "channel")),
        channel_kind=_kind(body, event),
        event_id=event_id if isinstance(event_id, str) else None,
    )
    is_told = "channel_type" in event or body.get("is_ext_shared_channel") is True
    return replace(meaning, kind_is_told=is_told) if isinstance(meaning, Arrival) else meaning


def _parse_joined(body: Mapping[str, object], event: Mapping[str, object], workspace: Workspace) -> Meaning:
    if _id(event, "user") != workspace.bot_user_id:
        return Ignored("somebody else joined")
    field = "event_ts" if "event_ts" in event else "ts"
    channel = ChannelId(_id(event, "channel"))
    return BotInvited(workspace.team_id, channel, _kind(body, event), _ts(event, field))


def _reason_to_ignore(message: Message, workspace: Workspace) -> str | None:
    # Tuples, not sets: an unhashable value must be read as "another one", not raise.
    if message.get("subtype") not in (None, "file_share") or message.get("is_ephemeral") is True:
        return "not a plain message"
    if any(message.get(name) for name in _FROM_AN_APP) or message.get("user") in ("USLACKBOT", workspace.bot_user_id):
        return "posted by an app"
    thread = message.get("thread_ts")
    return "a reply in a thread" if thread is not None and thread != message.get("ts") else None


def _kind(body: Mapping[str, object], event: Mapping[str, object]) -> ChannelKind:
    if body.get("is_ext_shared_channel") is True:
        return ChannelKind.SHARED
    named = event.get("channel_type")
    # Without a type that we know, the channel counts as private: its words stay where they are.
    return _KINDS.get(named, ChannelKind.PRIVATE) if isinstance(named, str) else ChannelKind.PRIVATE


def _id(values: Mapping[str, object], field: str) -> str:
    value = values.get(field)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _unreadable(field=field)
    return value


def _ts(values: Mapping[str, object], field: str) -> Ts:
    value = values.get(field)
    if not isinstance(value, str) or not _TS.fullmatch(value):
        raise _unreadable(field=field)
    return Ts(value)


def _text(message: Message) -> str:
    text = message.get("text")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise _unreadable(field="text")
    return text


def _unreadable(*, field: str) -> UnreadablePayloadError:
    return UnreadablePayloadError(f"the delivery has no readable “{field}”; it is kept until a newer version reads it")

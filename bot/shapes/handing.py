"""How people hand a message over, as Slack tells it: a reaction, a mention, a direct message to the bot. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.shapes.fields import id_or_none, mapping_at, message_ts_or_none, read_id, read_message_ts, text_or_none
from bot.shapes.meanings import HandedOver, Ignored
from bot.shapes.mentions import greets, is_request
from bot.shapes.posters import app_of, is_ours
from storage.ids import ChannelId, Ts, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind, Source

_TO_THE_BOT = ("im", "app_home")


def parse_reaction(event: Mapping[str, object], workspace: Workspace) -> HandedOver | Ignored:
    """Read who put which emoji on which message. Raises UnreadablePayloadError."""
    item, emoji = mapping_at(event, "item"), text_or_none(event, "reaction")
    if item.get("type") != "message" or emoji is None:
        return Ignored("a reaction on something else than a message")
    if event.get("user") == workspace.bot_user_id:
        return Ignored("a reaction of this bot")
    ts = read_message_ts(item, "ts")
    return HandedOver(
        team_id=workspace.team_id,
        channel_id=ChannelId(read_id(item, "channel")),
        ts=ts,
        by=UserId(read_id(event, "user")),
        source=Source.REACTION,
        event_ts=message_ts_or_none(event, "event_ts") or ts,
        emoji=emoji,
    )


def parse_mention(event: Mapping[str, object], workspace: Workspace) -> HandedOver | Ignored:
    """Read a mention of the bot: in a thread it hands the root over, unless it asks for help; else the very message.

    Raises UnreadablePayloadError.
    """
    if id_or_none(event, "bot_id") or id_or_none(event, "user") is None:
        return Ignored("a mention by an app")
    ts = read_message_ts(event, "ts")
    root = _root_of(event, ts)
    wanted = None if is_request(event, workspace) and greets(str(event["text"])) else root
    return HandedOver(
        team_id=workspace.team_id,
        channel_id=ChannelId(read_id(event, "channel")),
        ts=wanted or ts,
        by=UserId(read_id(event, "user")),
        source=Source.COMMAND,
        event_ts=ts,
        thread_ts=root,
        message=None if wanted else dict(event),
    )


def is_to_the_bot(event: Mapping[str, object]) -> bool:
    """Tell whether a message was sent to the bot directly."""
    return event.get("channel_type") in _TO_THE_BOT


def parse_direct(event: Mapping[str, object], workspace: Workspace) -> HandedOver | Ignored:
    """Read a direct message: it hands itself over, whatever its words are. Raises UnreadablePayloadError."""
    if app_of(event) is not None or is_ours(event, workspace):
        return Ignored("a direct message by an app")
    ts = read_message_ts(event, "ts")
    return HandedOver(
        team_id=workspace.team_id,
        channel_id=ChannelId(read_id(event, "channel")),
        ts=ts,
        by=UserId(read_id(event, "user")),
        source=Source.COMMAND,
        event_ts=ts,
        thread_ts=_root_of(event, ts),
        channel_kind=ChannelKind.DIRECT,
        message=dict(event),
    )


def _root_of(event: Mapping[str, object], ts: Ts) -> Ts | None:
    root = message_ts_or_none(event, "thread_ts")
    return root if root != ts else None

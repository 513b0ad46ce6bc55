"""What becomes of a channel, or of the workspace itself, as Slack tells it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.shapes.fields import mapping_at, read_id, text_or_none
from storage.ids import ChannelId, TeamId
from storage.vocabulary import ChannelKind


@dataclass(frozen=True, slots=True)
class Left:
    """Know that the workspace uninstalled Ballast, or revoked its token: it is to hold nothing of it any more."""

    team_id: TeamId


@dataclass(frozen=True, slots=True)
class Renamed:
    """Know that a channel has another name."""

    team_id: TeamId
    channel_id: ChannelId
    name: str | None
    """None when Slack did not say which."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Know that a public channel was made private, or a private one public."""

    team_id: TeamId
    channel_id: ChannelId
    kind: ChannelKind


@dataclass(frozen=True, slots=True)
class Gone:
    """Know that a channel was deleted. One that is archived is not gone: it may come back, and keeps its choices."""

    team_id: TeamId
    channel_id: ChannelId


Move = Left | Renamed | Converted | Gone

_CONVERTED = {
    "channel_convert_to_private": ChannelKind.PRIVATE,
    "channel_convert_to_public": ChannelKind.PUBLIC,
}


def parse_move(event: Mapping[str, object], team_id: TeamId) -> Move | None:
    """Say what an event tells of a channel or of the workspace; None for any other event.

    A revoked token of a person is none of ours; the bot's own is. Raises UnreadablePayloadError.
    """
    match event.get("type"):
        case "app_uninstalled":
            return Left(team_id)
        case "tokens_revoked":
            return Left(team_id) if mapping_at(event, "tokens").get("bot") else None
        case "channel_rename" | "group_rename":
            channel = mapping_at(event, "channel")
            return Renamed(team_id, ChannelId(read_id(channel, "id")), text_or_none(channel, "name"))
        case "channel_deleted" | "group_deleted":
            return Gone(team_id, ChannelId(read_id(event, "channel")))
    kind = _CONVERTED.get(str(event.get("subtype")))
    return Converted(team_id, ChannelId(read_id(event, "channel")), kind) if kind else None

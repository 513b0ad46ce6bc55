"""What a delivery can mean to us: frozen values, one for each thing that capture does."""

from __future__ import annotations

from dataclasses import dataclass

from bot.port import Message
from bot.shapes.places import Move
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import NewFeedback
from storage.vocabulary import ChannelKind, Source


@dataclass(frozen=True, slots=True)
class Arrival:
    """Know that a message came that may be feedback. Whether it is wanted, capture decides.

    It may be a reply (``feedback.thread_ts``) or an app's post (``feedback.app``), which a team allows or not.
    """

    feedback: NewFeedback
    kind_is_told: bool = True
    """False when a server left out what kind of channel it is; Slack itself always tells."""
    comment: NewFeedback | None = None
    """What the sharer wrote on top of a forward, where that may hold a problem of its own: taken in only when
    the forward itself is new (``Intake.take_in``). It stands in the forward's context as well."""
    is_broadcast: bool = False
    """Whether it is a reply that was sent to the channel as well."""


@dataclass(frozen=True, slots=True)
class Edited:
    """Know that a message was changed: by a person, by its app, or only by what Slack unfurled in it."""

    team_id: TeamId
    channel_id: ChannelId
    ts: Ts
    """Of the message, not of the event."""
    now: Arrival | Ignored
    """What the message is in its changed form; ``Ignored`` when no words are left in it."""
    edited_ts: Ts | None
    """When a person last edited it; None when nobody ever did: then nobody meant its words to change."""
    event_ts: Ts
    author: UserId | None = None
    """Who wrote it; None for an app."""
    is_to_the_bot: bool = False
    """Whether it was sent to the bot directly."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Know that a message is gone, a thread's root that leaves a tombstone among them."""

    team_id: TeamId
    channel_id: ChannelId
    channel_kind: ChannelKind
    ts: Ts
    """Of the message, not of the event."""
    event_ts: Ts
    kind_is_told: bool = True
    """As in ``Arrival``."""


@dataclass(frozen=True, slots=True)
class BotInvited:
    """Know that the bot itself was added to a channel."""

    team_id: TeamId
    channel_id: ChannelId
    channel_kind: ChannelKind
    ts: Ts
    """When, by Slack's clock: the same for each delivery of the event."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Know that somebody hands a message over to be saved: by a reaction, a mention or a direct message."""

    team_id: TeamId
    channel_id: ChannelId
    ts: Ts
    """Of the message that is to be saved; of a mention in a thread that is the root."""
    by: UserId
    source: Source
    event_ts: Ts
    thread_ts: Ts | None = None
    emoji: str | None = None
    """The reaction; whether it is the one that saves, the team chose. None for a mention or direct message."""
    channel_kind: ChannelKind | None = None
    """Where the delivery tells it."""
    message: Message | None = None
    """The message itself, where the delivery holds it."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Know that a delivery is nothing that we take in, and why, for the log."""

    why: str


Meaning = Arrival | Edited | Deleted | BotInvited | HandedOver | Ignored | Move

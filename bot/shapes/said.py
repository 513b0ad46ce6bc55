"""What a message says, whatever its shape, before it becomes a feedback."""

from __future__ import annotations

from dataclasses import dataclass

from storage.ids import ChannelId, Origin, Ts, UserId
from storage.vocabulary import Source, Voice


@dataclass(frozen=True, slots=True)
class Original:
    """Know the message that was forwarded, as far as Slack tells."""

    channel_id: ChannelId | None = None
    ts: Ts | None = None
    permalink: str | None = None


NOT_FORWARDED = Original()


@dataclass(frozen=True, slots=True)
class Said:
    """Hold the words of a message, those set aside, and who wrote them."""

    text: str
    source: Source = Source.CHANNEL
    voice: Voice = Voice.RELAYED
    asides: tuple[str, ...] = ()
    """Parts of the context, each a paragraph; blank ones count for nothing."""
    comment: str = ""
    """What the one who passed it on wrote on top; it stands among the asides as well."""
    author: UserId | None = None
    author_name: str | None = None
    original: Original = NOT_FORWARDED
    counts_as: Origin | None = None

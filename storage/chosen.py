"""What a team chose, as it is known: the choices of a workspace, its apps, and each change of a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.ids import ChannelId, UserId

SAVE_EMOJI = "inbox_tray"
"""The reaction that saves a message where nobody chose another."""

KEPT_MONTHS = 12
"""How long words are kept where nobody chose otherwise."""


@dataclass(frozen=True, slots=True)
class WorkspaceChoices:
    """Hold what an owner chose for the whole workspace; as it stands here where nobody chose anything."""

    ignored_words: tuple[str, ...] = ()
    least_length: int = 0
    save_emoji: str = SAVE_EMOJI
    kept_months: int = KEPT_MONTHS


@dataclass(frozen=True, slots=True)
class KnownApp:
    """Know an app or bot that posted in a watched channel."""

    app: str
    name: str | None
    allowed: bool
    first_seen_at: datetime
    decided_by: UserId | None
    """Who allowed or ignored it; None as long as nobody did, and then its posts are not taken in."""


@dataclass(frozen=True, slots=True)
class Change:
    """Know one change of a choice. ``before`` and ``after`` are written as people set them; never customers' words."""

    change_id: int
    channel_id: ChannelId | None
    """None for what holds in the whole workspace."""
    name: str
    """A word of ``Chosen``; of an app also its id, as ``app:B…``."""
    before: str | None
    """None where nobody had chosen anything."""
    after: str | None
    changed_by: UserId
    changed_at: datetime

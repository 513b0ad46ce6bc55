"""The frozen value of a reading of a channel's past, apart from its store: views are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.ids import BackfillId, ChannelId, TeamId, Token, Ts, UserId
from storage.vocabulary import BackfillState


@dataclass(frozen=True, slots=True)
class Backfill:
    """Know a reading of a channel's past and how far it has come."""

    backfill_id: BackfillId
    team_id: TeamId
    channel_id: ChannelId
    oldest: Ts
    latest: Ts
    down_to: Ts | None
    """Everything from here to ``latest`` has been read; None before the first page."""
    state: BackfillState
    seen: int
    new: int
    asked_by: UserId
    asked_at: datetime
    ended_at: datetime | None
    told_ts: Ts | None
    """Of the message in the channel that tells how far it is."""
    token: Token | None
    reason: str | None
    is_taken_over: bool = False
    """Whether somebody held it before, and may have done more than is written down."""

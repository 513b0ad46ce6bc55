"""The frozen values of scheduled digests, apart from their store: what is due is told, and views are made, of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.ids import ChannelId, DigestId, ScheduleId, TeamId, Token, Ts, UserId
from storage.vocabulary import DigestState


@dataclass(frozen=True, slots=True)
class Schedule:
    """Know when and where a digest is posted."""

    schedule_id: ScheduleId
    team_id: TeamId
    channel_id: ChannelId
    owner: UserId
    weekday: int
    """0 is Monday."""
    hour: int
    minute: int
    zone: str
    paused: bool
    active_since: datetime


@dataclass(frozen=True, slots=True)
class DigestClaim:
    """Know the claim of one period by one schedule."""

    digest_id: DigestId
    team_id: TeamId
    schedule_id: ScheduleId
    period_start: datetime
    period_end: datetime
    due_at: datetime
    state: DigestState
    token: Token
    channel_id: ChannelId
    ts: Ts | None
    reason: str | None
    posted_at: datetime | None = None
    lease_until: datetime | None = None
    """Until when nobody else may take it."""
    retaken: bool = False
    """Whether an earlier claim ran out: look in the channel for our own message before posting."""

    def is_held(self, now: datetime) -> bool:
        """Tell whether it is still to be posted and its lease holds: nobody can take it yet."""
        return self.state is DigestState.CLAIMED and self.lease_until is not None and now < self.lease_until

    @property
    def is_asked_for(self) -> bool:
        """Tell whether somebody asked for it in its channel, after its owner was shown it, and it is not there yet."""
        return self.state is DigestState.CLAIMED and self.ts is not None

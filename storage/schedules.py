"""Schedules of digests, and the claims that make each period's digest one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Database
from storage.ids import ChannelId, ScheduleId, TeamId, Ts, UserId
from storage.records import DigestClaim, Schedule


class Schedules:
    """Keep when digests are due and what became of each."""

    def __init__(self, database: Database) -> None: ...

    def set(
        self,
        team_id: TeamId,
        channel_id: ChannelId,
        *,
        owner: UserId,
        weekday: int,
        hour: int,
        minute: int,
        zone: str,
        at: datetime,
    ) -> Schedule:
        """Set a channel's schedule, or change it; setting it again resumes it."""

    def of_channel(self, team_id: TeamId, channel_id: ChannelId) -> Schedule | None: ...

    def of_team(self, team_id: TeamId, *, limit: int = 100) -> Sequence[Schedule]: ...

    def pause(self, team_id: TeamId, channel_id: ChannelId, *, paused: bool, at: datetime) -> Schedule | None:
        """Pause or resume; resuming sets ``active_since``, so that what was due meanwhile is not made up."""

    def remove(self, team_id: TeamId, channel_id: ChannelId) -> bool: ...

    def digests(self, team_id: TeamId, schedule_id: ScheduleId, *, limit: int = 60) -> Sequence[DigestClaim]:
        """List the newest claims of a schedule, newest period first."""

    def claim(
        self,
        schedule: Schedule,
        *,
        period: tuple[datetime, datetime],
        due_at: datetime,
        channel_id: ChannelId,
        lease: timedelta,
        at: datetime,
    ) -> DigestClaim | None:
        """Claim a period: insert the unique row, or retake one whose lease ran out. None when another holds it
        or it is posted or skipped."""

    def posted(self, claim: DigestClaim, ts: Ts, *, at: datetime) -> bool: ...

    def skipped(self, claim: DigestClaim, *, reason: str) -> bool: ...

    def put_off(self, claim: DigestClaim, *, until: datetime) -> bool:
        """Let the lease end then, so that a failed posting is tried again."""

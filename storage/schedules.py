"""Schedules of digests, and the claims that make each period's digest one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from storage.choice_log import Choosing
from storage.database import Database
from storage.ids import ChannelId, DigestId, ScheduleId, TeamId, Ts, UserId
from storage.mapping import digest_of, schedule_of
from storage.rows import DigestRow, ScheduleRow
from storage.scheduled import DigestClaim, Schedule
from storage.statements import changed, insert_once, upsert
from storage.vocabulary import Chosen, DigestState

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Schedules:
    """Keep when digests are due and what became of each."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        """Set a channel's schedule, or change it, and log that; setting it again resumes it."""
        values = {
            "team_id": team_id,
            "channel_id": channel_id,
            "owner": owner,
            "weekday": weekday,
            "hour": hour,
            "minute": minute,
            "zone": zone,
            "paused": False,
            "active_since": at,
        }
        with self._database.writing() as session, _logged(session, Choosing(team_id, channel_id, owner, at)):
            upsert(session, ScheduleRow, values, keys=("team_id", "channel_id"))
            return schedule_of(session.scalars(_of_channel(team_id, channel_id)).one())

    def of_channel(self, team_id: TeamId, channel_id: ChannelId) -> Schedule | None:
        """Find a channel's schedule, paused or not."""
        with self._database.reading() as session:
            row = session.scalars(_of_channel(team_id, channel_id)).one_or_none()
            return None if row is None else schedule_of(row)

    def of_team(self, team_id: TeamId, *, after: ScheduleId | None = None, limit: int = 100) -> Sequence[Schedule]:
        """List a team's schedules, the oldest first; the next page begins after the last id."""
        wanted = select(ScheduleRow).where(ScheduleRow.team_id == team_id)
        if after is not None:
            wanted = wanted.where(ScheduleRow.schedule_id > after)
        with self._database.reading() as session:
            return [schedule_of(row) for row in session.scalars(wanted.order_by(ScheduleRow.schedule_id).limit(limit))]

    def pause(
        self, team_id: TeamId, channel_id: ChannelId, *, paused: bool, by: UserId, at: datetime
    ) -> Schedule | None:
        """Pause or resume and log it; resuming sets ``active_since``, so that what was due meanwhile is not made up."""
        with self._database.writing() as session, _logged(session, Choosing(team_id, channel_id, by, at)):
            row = session.scalars(_of_channel(team_id, channel_id).with_for_update()).one_or_none()
            if row is None:
                return None
            if row.paused and not paused:
                row.active_since = at
            row.paused = paused
            return schedule_of(row)

    def remove(self, team_id: TeamId, channel_id: ChannelId, *, by: UserId, at: datetime) -> bool:
        """Remove a channel's schedule and the claims that it made, and log it; False when there was none."""
        gone = delete(ScheduleRow).where(ScheduleRow.team_id == team_id, ScheduleRow.channel_id == channel_id)
        with self._database.writing() as session, _logged(session, Choosing(team_id, channel_id, by, at)):
            return session.scalar(gone.returning(ScheduleRow.schedule_id)) is not None

    def digests(
        self,
        team_id: TeamId,
        schedule_id: ScheduleId,
        *,
        before: datetime | None = None,
        limit: int = 60,
    ) -> Sequence[DigestClaim]:
        """List the newest claims of a schedule, newest period first; the next page is ``before`` the last start."""
        wanted = select(DigestRow).where(DigestRow.team_id == team_id, DigestRow.schedule_id == schedule_id)
        if before is not None:
            wanted = wanted.where(DigestRow.period_start < before)
        newest = wanted.order_by(DigestRow.period_start.desc(), DigestRow.digest_id.desc()).limit(limit)
        with self._database.reading() as session:
            return [digest_of(row) for row in session.scalars(newest)]

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
        """Claim a period: insert the unique row, or retake one whose lease ran out.

        None when another holds it, it is posted or skipped, or the schedule was removed. A retaken claim keeps
        the channel that the first one named, for its digest may stand there already.
        """
        key = {
            "team_id": schedule.team_id,
            "schedule_id": schedule.schedule_id,
            "period_start": period[0],
            "period_end": period[1],
        }
        drawn = {"token": secrets.token_hex(16), "lease_until": at + lease}
        first = {"due_at": due_at, "state": DigestState.CLAIMED, "channel_id": channel_id}
        with self._database.writing() as session:
            if not _stands(session, schedule):
                return None
            if insert_once(session, DigestRow, key | drawn | first, returning=DigestRow.digest_id) is not None:
                return digest_of(session.scalars(select(DigestRow).filter_by(**key)).one())
            ran_out = (DigestRow.state == DigestState.CLAIMED, DigestRow.lease_until <= at)
            if not changed(session, update(DigestRow).filter_by(**key).where(*ran_out).values(**drawn)):
                return None
            return digest_of(session.scalars(select(DigestRow).filter_by(**key)).one(), retaken=True)

    def claim_shown(
        self, schedule: Schedule, digest_id: DigestId, *, lease: timedelta, at: datetime
    ) -> DigestClaim | None:
        """Claim once more, for the schedule's own channel, a digest that its owner was shown first.

        None when it stands there already, or somebody is posting it there this moment. A claim that runs out is
        retaken as any other is, by ``claim`` or here.
        """
        shown = (DigestRow.state == DigestState.POSTED) & (DigestRow.channel_id != schedule.channel_id)
        ran_out = (DigestRow.state == DigestState.CLAIMED) & (DigestRow.lease_until <= at)
        this = (
            DigestRow.team_id == schedule.team_id,
            DigestRow.schedule_id == schedule.schedule_id,
            DigestRow.digest_id == digest_id,
        )
        taken = update(DigestRow).where(*this, or_(shown, ran_out & (DigestRow.channel_id == schedule.channel_id)))
        drawn = {"token": secrets.token_hex(16), "lease_until": at + lease}
        with self._database.writing() as session:
            if not _stands(session, schedule):
                return None
            if not changed(session, taken.values(state=DigestState.CLAIMED, channel_id=schedule.channel_id, **drawn)):
                return None
            return digest_of(session.scalars(select(DigestRow).where(*this)).one(), retaken=True)

    def shown_again(self, claim: DigestClaim, shown: DigestClaim) -> bool:
        """Give such a claim back as it was found: most often the digest stands where it was shown, and there alone."""
        return self._change(claim, state=shown.state, channel_id=shown.channel_id, ts=shown.ts)

    def posted(self, claim: DigestClaim, ts: Ts, *, at: datetime) -> bool:
        """Note that the digest stands in its channel; False when the claim no longer holds."""
        return self._change(claim, state=DigestState.POSTED, ts=ts, posted_at=at)

    def skipped(self, claim: DigestClaim, *, reason: str) -> bool:
        """Note that this period gets no digest, and why."""
        return self._change(claim, state=DigestState.SKIPPED, reason=reason)

    def put_off(self, claim: DigestClaim, *, until: datetime) -> bool:
        """Let the lease end then, so that a failed posting is tried again."""
        return self._change(claim, lease_until=until)

    def _change(self, claim: DigestClaim, **values: Any) -> bool:  # noqa: ANN401 - columns differ in type
        held = [
            DigestRow.team_id == claim.team_id,
            DigestRow.digest_id == claim.digest_id,
            DigestRow.token == claim.token,
            DigestRow.state == DigestState.CLAIMED,
        ]
        with self._database.writing() as session:
            return changed(session, update(DigestRow).where(*held).values(**values))


@contextmanager
def _logged(session: Session, choosing: Choosing) -> Iterator[None]:
    """Lock a channel's schedule, and write down what became of it."""
    before = _said(session, choosing)
    yield
    session.flush()
    choosing.append(session, Chosen.DIGEST, before, _said(session, choosing))


def _said(session: Session, choosing: Choosing) -> str | None:
    """Say when the digest of a channel comes, as people type it; None where none is set."""
    one = select(ScheduleRow.weekday, ScheduleRow.hour, ScheduleRow.minute, ScheduleRow.zone, ScheduleRow.paused)
    here = ScheduleRow.team_id == choosing.team_id, ScheduleRow.channel_id == choosing.channel_id
    row = session.execute(one.where(*here).with_for_update()).one_or_none()
    if row is None:
        return None
    return f"{_DAYS[row.weekday]} {row.hour}:{row.minute:02} {row.zone}{', paused' if row.paused else ''}"


def _of_channel(team_id: TeamId, channel_id: ChannelId) -> Select[ScheduleRow]:
    return select(ScheduleRow).where(ScheduleRow.team_id == team_id, ScheduleRow.channel_id == channel_id)


def _stands(session: Session, schedule: Schedule) -> bool:
    """Tell whether the schedule is still there, and keep it there until this transaction ends."""
    wanted = select(ScheduleRow.schedule_id).where(
        ScheduleRow.team_id == schedule.team_id, ScheduleRow.schedule_id == schedule.schedule_id
    )
    return session.scalar(wanted.with_for_update(read=True, key_share=True)) is not None

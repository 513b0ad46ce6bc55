"""Readings of a channel's past that an owner asked for: one at a time a channel, under a lease, newest first."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import BackfillId, ChannelId, TeamId, Token, Ts, UserId
from storage.leases import seconds_until
from storage.past import Backfill
from storage.rows import BackfillRow
from storage.statements import changed, insert_once
from storage.vocabulary import BackfillState


class Backfills:
    """Keep what is asked for and how far it is. A claim whose lease ran out is taken over where it was cut off."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self, team_id: TeamId, channel_id: ChannelId, *, oldest: Ts, latest: Ts, by: UserId, at: datetime
    ) -> Backfill | None:
        """Write down that a channel's past is to be read; None while one of that channel runs already.

        Raises NotFoundError when nobody remembered the workspace.
        """
        values = {
            "team_id": team_id,
            "channel_id": channel_id,
            "oldest": oldest,
            "latest": latest,
            "state": BackfillState.RUNNING,
            "seen": 0,
            "new": 0,
            "asked_by": by,
            "asked_at": at,
        }
        with self._database.writing() as session:
            asked = insert_once(session, BackfillRow, values, returning=BackfillRow.backfill_id)
            known = select(BackfillRow).where(BackfillRow.team_id == team_id, BackfillRow.backfill_id == asked)
            return None if asked is None else _backfill(session.scalars(known).one())

    def of_channel(self, team_id: TeamId, channel_id: ChannelId) -> Backfill | None:
        """Find the newest back-fill of a channel, whatever became of it."""
        newest = _of_channel(team_id, channel_id).order_by(BackfillRow.backfill_id.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalar(newest)
            return None if row is None else _backfill(row)

    def claim(
        self, team_id: TeamId, *, lease: timedelta, at: datetime, channel_id: ChannelId | None = None
    ) -> Backfill | None:
        """Claim the back-fill that waits longest, of one channel where it is named; None when none can be claimed."""
        free = select(BackfillRow).where(BackfillRow.team_id == team_id, *_claimable(at))
        if channel_id is not None:
            free = free.where(BackfillRow.channel_id == channel_id)
        with self._database.writing() as session:
            row = session.scalar(free.order_by(BackfillRow.backfill_id).limit(1).with_for_update(skip_locked=True))
            if row is None:
                return None
            was_held = row.lease_until is not None  # also one that was given back: its message may stand unnoted
            row.token, row.lease_until = Token(secrets.token_hex(16)), at + lease
            return replace(_backfill(row), is_taken_over=was_held)

    def come_down(
        self, claimed: Backfill, *, down_to: Ts, seen: int, new: int, lease: timedelta, at: datetime
    ) -> Backfill | None:
        """Note a page that was read whole and lengthen the lease; None when it was cancelled or another took over."""
        seen, new = claimed.seen + seen, claimed.new + new
        held = self._change(claimed, down_to=down_to, lease_until=at + lease, seen=seen, new=new)
        return replace(claimed, down_to=down_to, seen=seen, new=new) if held else None

    def hold(self, claimed: Backfill, *, until: datetime, new: int = 0) -> bool:
        """Lengthen the lease, and note how many came in with the page in hand; False when the claim no longer holds.

        Of the page nothing else is noted: whoever takes over reads it again, and finds these known.
        """
        return self._change(claimed, lease_until=until, new=claimed.new + new)

    def note_told(self, claimed: Backfill, told_ts: Ts) -> None:
        """Note the message that tells how far it is."""
        self._change(claimed, told_ts=told_ts)

    def release(self, claimed: Backfill, *, at: datetime) -> bool:
        """Give the claim back, so that whoever comes next need not wait for the lease."""
        return self._change(claimed, token=None, lease_until=at)

    def finish(self, claimed: Backfill, *, at: datetime) -> bool:
        """Note that everything was read; False when it was cancelled meanwhile or another took over."""
        return self._change(claimed, state=BackfillState.DONE, ended_at=at, token=None)

    def give_up(self, claimed: Backfill, *, reason: str, at: datetime) -> bool:
        """Note that it cannot be read, and why."""
        return self._change(claimed, state=BackfillState.FAILED, reason=reason, ended_at=at, token=None)

    def cancel(self, team_id: TeamId, backfill_id: BackfillId, *, at: datetime) -> Backfill | None:
        """Cancel one that runs, whoever holds it; None when it has ended already. What was read stays."""
        this = (BackfillRow.team_id == team_id, BackfillRow.backfill_id == backfill_id, _RUNS)
        ended = update(BackfillRow).where(*this).values(_cancelled(at))
        with self._database.writing() as session:
            row = session.scalar(ended.returning(BackfillRow))
            return None if row is None else _backfill(row)

    def seconds_until_next(self, team_id: TeamId, at: datetime) -> float | None:
        """Tell when the next one can be claimed; None when none runs."""
        earliest = func.min(func.coalesce(BackfillRow.lease_until, BackfillRow.asked_at))
        with self._database.reading() as session:
            return seconds_until(session.scalar(select(earliest).where(BackfillRow.team_id == team_id, _RUNS)), at)

    def _change(self, claimed: Backfill, **values: Any) -> bool:  # noqa: ANN401 - columns differ in type
        """Change a row, but only for the very claim that holds it; what was read unclaimed has no token."""
        if claimed.token is None:
            return False
        this = (BackfillRow.team_id == claimed.team_id, BackfillRow.backfill_id == claimed.backfill_id, _RUNS)
        held = update(BackfillRow).where(*this, BackfillRow.token == claimed.token)
        with self._database.writing() as session:
            return changed(session, held.values(**values))


def cancel_running(session: Session, team_id: TeamId, channel_id: ChannelId, at: datetime) -> None:
    """Cancel the back-fill of a channel that nothing is to be kept of any more, whoever holds it."""
    this = (BackfillRow.team_id == team_id, BackfillRow.channel_id == channel_id, _RUNS)
    changed(session, update(BackfillRow).where(*this).values(_cancelled(at)))


_RUNS = BackfillRow.state == BackfillState.RUNNING


def _cancelled(at: datetime) -> dict[str, Any]:
    return {"state": BackfillState.CANCELLED, "ended_at": at, "token": None}


def _claimable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_RUNS, or_(BackfillRow.lease_until.is_(None), BackfillRow.lease_until <= at))


def _of_channel(team_id: TeamId, channel_id: ChannelId) -> Select[BackfillRow]:
    return select(BackfillRow).where(BackfillRow.team_id == team_id, BackfillRow.channel_id == channel_id)


def _backfill(row: BackfillRow) -> Backfill:
    return Backfill(
        backfill_id=row.backfill_id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        oldest=row.oldest,
        latest=row.latest,
        down_to=row.down_to,
        state=row.state,
        seen=row.seen,
        new=row.new,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        told_ts=row.told_ts,
        token=row.token,
        reason=row.reason,
    )

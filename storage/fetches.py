"""Messages that somebody asked to save and whose words Slack has yet to give: asked once, fetched under a lease."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from storage.database import Database
from storage.ids import ChannelId, FetchId, TeamId, Token, Ts, UserId
from storage.leases import due_claims, earliest_a_team, seconds_until
from storage.rows import FetchRow
from storage.statements import changed, insert_once
from storage.vocabulary import FetchState, Source

_DUE = FetchRow.state == FetchState.DUE


@dataclass(frozen=True, slots=True)
class NewFetch:
    """Hold that somebody asked to save a message: which one, and when by Slack's clock."""

    team_id: TeamId
    channel_id: ChannelId
    ts: Ts
    thread_ts: Ts | None
    """Of the thread it stands in, where that is known."""
    source: Source
    asked_by: UserId
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Fetch:
    """Hold one message to fetch, under a lease."""

    fetch_id: FetchId
    team_id: TeamId
    channel_id: ChannelId
    ts: Ts
    thread_ts: Ts | None
    source: Source
    asked_by: UserId
    asked_at: datetime
    """When it was asked for last, by Slack's clock."""
    attempts: int
    """Of this claim, from 1."""
    token: Token | None


class Fetches:
    """Hand out messages to fetch and note what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, wanted: NewFetch, at: datetime) -> bool:
        """Write down what somebody asked for, once a message and person; tell whether that leaves something to do.

        A second delivery of the same asking changes nothing. Asked again later, a message that was settled is
        due again: the bot may have been invited since.
        """
        with self._database.writing() as session:
            if insert_once(session, FetchRow, _values(wanted, at), returning=FetchRow.fetch_id) is not None:
                return True
            again = update(FetchRow).where(
                FetchRow.team_id == wanted.team_id,
                FetchRow.channel_id == wanted.channel_id,
                FetchRow.ts == wanted.ts,
                FetchRow.asked_by == wanted.asked_by,
                FetchRow.state != FetchState.DUE,
                FetchRow.asked_at < wanted.asked_at,
            )
            return changed(session, again.values(**_values(wanted, at)))

    def is_due(self, team_id: TeamId, channel_id: ChannelId, ts: Ts) -> bool:
        """Tell whether a message is still to be fetched."""
        due = select(FetchRow.fetch_id).where(
            FetchRow.team_id == team_id, FetchRow.channel_id == channel_id, FetchRow.ts == ts, _DUE
        )
        with self._database.reading() as session:
            return session.scalar(due.limit(1)) is not None

    def teams_due(self, at: datetime) -> Sequence[TeamId]:
        """List the workspaces with messages that may be fetched now, longest due first."""
        earliest = earliest_a_team(FetchRow.team_id, FetchRow.next_attempt_at, _DUE)
        wanted = select(earliest.c.team_id).where(earliest.c.earliest <= at)
        with self._database.reading() as session:
            return session.scalars(wanted.order_by(earliest.c.earliest, earliest.c.team_id)).all()

    def claim(self, team_id: TeamId, *, limit: int, lease: timedelta, at: datetime) -> Sequence[Fetch]:
        """Claim messages to fetch, longest due first, as the queue claims feedback."""
        due = due_claims(
            FetchRow.fetch_id, FetchRow.next_attempt_at, FetchRow.team_id == team_id, _DUE, at=at, limit=limit
        )
        statement = (
            update(FetchRow)
            .where(FetchRow.fetch_id.in_(select(due.c[0])))
            .values(token=secrets.token_hex(16), next_attempt_at=at + lease, attempts=FetchRow.attempts + 1)
            .returning(FetchRow)
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            claimed = [_fetch_of(row) for row in session.scalars(statement)]
        return sorted(claimed, key=lambda fetch: fetch.fetch_id)

    def holds(self, fetch: Fetch) -> bool:
        """Tell whether a claim is still its own: nobody has taken the message over since its lease ran out."""
        mine = FetchRow.team_id == fetch.team_id, FetchRow.fetch_id == fetch.fetch_id, FetchRow.token == fetch.token
        with self._database.reading() as session:
            return session.scalar(select(FetchRow.fetch_id).where(*mine, FetchRow.token.is_not(None), _DUE)) is not None

    def done(self, fetch: Fetch) -> bool:
        """Note that the message is in the history; False when the claim no longer holds."""
        return self._change(fetch, state=FetchState.DONE, token=None, reason=None)

    def give_up(self, fetch: Fetch, *, reason: str) -> bool:
        """Note that it is not taken in, with the reason; False when the claim no longer holds."""
        return self._change(fetch, state=FetchState.GIVEN_UP, token=None, reason=reason)

    def put_off(self, fetch: Fetch, *, reason: str, until: datetime) -> bool:
        """Keep it due, but not before then, with the reason of the last failure."""
        return self._change(fetch, token=None, next_attempt_at=until, reason=reason)

    def release(self, fetch: Fetch, *, at: datetime) -> bool:
        """Give a claim back untried; the attempt is uncounted."""
        return self._change(fetch, token=None, next_attempt_at=at, attempts=FetchRow.attempts - 1)

    def pause(self, team_id: TeamId, *, until: datetime) -> None:
        """Keep everything of a workspace back until then: Slack asks the whole app to wait, not one message."""
        sooner = update(FetchRow).where(FetchRow.team_id == team_id, _DUE, FetchRow.next_attempt_at < until)
        with self._database.writing() as session:
            changed(session, sooner.values(next_attempt_at=until))

    def seconds_until_next(self, at: datetime) -> float | None:
        """Tell when the next message may be fetched; None when none is due, 0 when one is already."""
        earliest = earliest_a_team(FetchRow.team_id, FetchRow.next_attempt_at, _DUE)
        with self._database.reading() as session:
            return seconds_until(session.scalar(select(func.min(earliest.c.earliest))), at)

    def counts(self, team_id: TeamId) -> dict[str, int]:
        """Count what was asked for a state; every state is named, with 0 where there is none."""
        counted = select(FetchRow.state, func.count()).where(FetchRow.team_id == team_id)
        with self._database.reading() as session:
            found = {state.value: count for state, count in session.execute(counted.group_by(FetchRow.state))}
        return {state.value: found.get(state.value, 0) for state in FetchState}

    def _change(self, fetch: Fetch, **values: Any) -> bool:  # noqa: ANN401 - columns differ in type
        """Change a row, but only for the very claim that holds it; no claim has no token."""
        if fetch.token is None:
            return False
        this = (FetchRow.team_id == fetch.team_id, FetchRow.fetch_id == fetch.fetch_id, _DUE)
        held = update(FetchRow).where(*this, FetchRow.token == fetch.token)
        with self._database.writing() as session:
            return changed(session, held.values(**values))


def _values(wanted: NewFetch, at: datetime) -> dict[str, Any]:
    return {
        "team_id": wanted.team_id,
        "channel_id": wanted.channel_id,
        "ts": wanted.ts,
        "thread_ts": wanted.thread_ts,
        "source": wanted.source,
        "asked_by": wanted.asked_by,
        "asked_at": wanted.asked_at,
        "state": FetchState.DUE,
        "attempts": 0,
        "next_attempt_at": at,
        "token": None,
        "reason": None,
    }


def _fetch_of(row: FetchRow) -> Fetch:
    return Fetch(
        fetch_id=row.fetch_id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        ts=row.ts,
        thread_ts=row.thread_ts,
        source=row.source,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        attempts=row.attempts,
        token=row.token,
    )

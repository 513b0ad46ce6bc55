"""Compose the digest of a team's period from its history, for the channel that will see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.composing import Captured, compose, listening_start
from bot.digest import Digest
from bot.period import Period
from storage.history import History, Query
from storage.ids import ChannelId, TeamId
from storage.vocabulary import Standing

_EVER = datetime(1900, 1, 1, tzinfo=UTC)
"""Before everything that anybody shares."""


def compose_from_history(
    history: History, team_id: TeamId, period: Period, audience: ChannelId | None, now: datetime
) -> Digest:
    """Read what this audience may see and compose the digest of a period from it.

    Rule: words from a channel that is not public enter only where that very channel is the audience; so do its
    counts, unless an owner lets them count elsewhere.
    """
    query = Query(
        team_id,
        since=listening_start(period),
        until=period.end,
        audience=audience,
        standings=frozenset({Standing.SURE, Standing.UNSURE}),
    )
    backlog = history.backlog(replace(query, since=period.start))
    captured = Captured(
        messages=backlog.messages,
        waiting=backlog.waiting,
        failed=backlog.failed,
        over_budget=backlog.over_budget,
        began_at=history.first_said_at(replace(query, since=_EVER)),
    )
    return compose(history.each_heard(query), period, captured, now=now)

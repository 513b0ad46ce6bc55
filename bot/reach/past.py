"""Reading one channel's past from start to end, for a program that does nothing else: ``ballast backfill``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.errors import SlackUnavailableError
from bot.parts import Parts
from bot.reach.backfill import Backfilling
from bot.reach.patience import Patience
from bot.reach.reader import PACE
from bot.reach.taking import Taking
from bot.reach.telling import Telling
from storage.ids import ChannelId, TeamId
from storage.past import Backfill
from storage.vocabulary import BackfillState

Wait = Callable[[float], None]
"""Sleeps so many seconds."""
_BESIDE_SECONDS = 2.0
"""Between two looks at what another process reads."""


def read_past(
    parts: Parts, team_id: TeamId, channel_id: ChannelId, *, told: Callable[[Backfill], None], wait: Wait
) -> Backfill | None:
    """Read on until the back-fill of the channel has ended, and return it; None where none was asked for.

    While another process holds it, that one reads; should it be gone, what it left is taken over once its lease has
    run out. ``told`` hears after each page how far it is. Raises TokenRefusedError. However it is left, the claim is
    given back, so that the running bot or the next start goes on at once.
    """
    backfilling = Backfilling(parts, Taking(parts, is_past=True), Telling(parts), only=channel_id)
    patience = Patience(lambda: 1.0)
    try:
        while True:
            wait_seconds = _step(parts, team_id, backfilling, patience)
            newest = parts.store.backfills.of_channel(team_id, channel_id)
            if newest is None or newest.state is not BackfillState.RUNNING:
                return newest
            told(newest)
            wait(wait_seconds)
    finally:
        backfilling.give_back()


def _step(parts: Parts, team_id: TeamId, backfilling: Backfilling, patience: Patience) -> float:
    """Do a step, should this process hold the back-fill; return the seconds to wait before the next."""
    asked = backfilling.asked
    try:
        has_done = backfilling.step(team_id)
    except SlackUnavailableError as error:
        wait: timedelta = patience.failed(asked, error, parts.clock())
        backfilling.hold(wait)
        return wait.total_seconds()
    patience.was_answered(asked)
    return PACE.total_seconds() if has_done else _BESIDE_SECONDS

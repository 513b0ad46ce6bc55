"""Retention: words are kept as long as people were told, then erased; what was counted of them stays."""

from __future__ import annotations

import logging
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.logs import said
from bot.parts import Clock
from storage.choices import Choices
from storage.erasing import Erasing
from storage.ids import TeamId

log = logging.getLogger(__name__)

_BATCH = 500
"""Feedback erased in one transaction: short enough that a capture waits for none."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Retention:
    """Erase what is older than people were promised. Call it as seldom or as often as you like."""

    erasing: Erasing
    choices: Choices
    clock: Clock
    is_stopping: Callable[[], bool]

    def run(self, team_id: TeamId) -> int:
        """Erase, batch by batch, the words of everything that was said before the promise's beginning."""
        now = self.clock()
        months = self.choices.of_workspace(team_id).kept_months
        said_before, erased = kept_since(now, months), 0
        while not self.is_stopping():
            batch = self.erasing.erase_words(team_id, said_before, at=now, limit=_BATCH)
            erased += batch
            if batch < _BATCH:
                break
        if erased:
            log.info("Old words were erased.", extra=said("retention.erased", team=team_id, feedback=erased))
        return erased


def kept_since(now: datetime, months: int) -> datetime:
    """Return the moment whose words are the oldest still kept: the same day and time so many months ago.

    Where that month is too short for the day, its last day.
    """
    year, month = divmod(now.year * _MONTHS + now.month - 1 - months, _MONTHS)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))

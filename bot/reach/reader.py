"""The reader: one thread that reads what Slack shows, the most urgent first, a page a turn, as Slack's limits allow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import SlackUnavailableError, TokenRefusedError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.reach.again import ReadingAgain
from bot.reach.backfill import Backfilling
from bot.reach.catch_up import CatchUp
from bot.reach.doubts import Doubts
from bot.reach.patience import Asked, Patience
from bot.reach.taking import Taking
from bot.reach.telling import Telling
from bot.reach.threads import Following
from storage.errors import StorageError
from storage.ids import TeamId

log = logging.getLogger(__name__)

PACE = timedelta(seconds=1.2)
"""Between two pages that nobody waits for: Slack takes some fifty a minute, and leaves others their share."""
_ONCE_A_DAY = timedelta(days=1)
_LEFT_WAITING_AT_MOST = timedelta(minutes=3)
"""How long the urgent goes first: where Slack allows one page a minute, it would leave nothing to the others."""
_CALLED_AT_MOST_EVERY = timedelta(hours=1)
"""How often a new connection makes the last days due again: one that flickers must not keep us reading."""


class Task(Protocol):
    """Read one kind of thing."""

    @property
    def asked(self) -> Asked:
        """Name what the next step asks Slack for."""

    def step(self, team_id: TeamId) -> bool:
        """Do one call's worth; False when nothing is due. Raises SlackError when Slack is out of reach."""

    def seconds_until_due(self, team_id: TeamId) -> float | None:
        """Tell when there is work; None when nobody can tell."""


class SlackReader:
    """Do turns of reading for one workspace; ``team_id`` is known when Slack has told who we are."""

    def __init__(self, parts: Parts, chance: Callable[[], float], is_stopping: Callable[[], bool]) -> None:
        """Make the tasks over one history and one Slack."""
        self.team_id: TeamId | None = None
        self._parts = parts
        self._is_stopping = is_stopping
        self._patience = Patience(chance)
        self._called_at: datetime | None = None
        self._paced_until: datetime | None = None
        self._tried_at: dict[Asked, datetime] = {}
        taking, doubts = Taking(parts), Doubts(parts)
        self.catch_up = CatchUp(parts, taking, doubts)
        self.backfilling = Backfilling(parts, Taking(parts, is_past=True), Telling(parts))
        following = Following(parts, taking, doubts, self._due_before)
        again = ReadingAgain(parts, taking, doubts, self._due_before)
        self._urgent: Sequence[Task] = (self.catch_up, doubts)
        self._paced: list[Task] = [self.backfilling, following, again]
        """The one that waits longest first."""

    def call(self) -> None:
        """Have everything be read that may have been missed: Slack says hello. May be called from any thread."""
        now = self._parts.clock()
        if self._called_at is None or now - self._called_at >= _CALLED_AT_MOST_EVERY:
            self._called_at = now
        self.catch_up.call()
        self._parts.wake_reader()

    def turn(self) -> float | None:
        """Read one page of what is due; return the seconds until there is more."""
        team_id, now = self.team_id, self._parts.clock()
        if team_id is None or self._is_stopping():
            return None
        pause = self._seconds_of_pause(now)
        self.backfilling.hold()
        for task in self._in_turn(now, pause):
            if not self._patience.seconds(task.asked, now) and self._has_done(task, team_id):
                return 0.0
        seconds = self._seconds_until_due(team_id, pause)
        self.backfilling.hold(timedelta(seconds=seconds or 0.0))
        return seconds

    def give_back(self) -> None:
        """Let go of the back-fill in hand, at the end."""
        try:
            self.backfilling.give_back()
        except StorageError as error:
            log.warning("A back-fill waits for its lease: %s", describe(error), extra=said("backfill.not_released"))

    def _in_turn(self, now: datetime, pause: float) -> Sequence[Task]:
        """Put the tasks in order: the urgent first, unless it has kept Slack from the others for too long."""
        if pause:
            return self._urgent
        waited = {asked: now - self._tried_at.setdefault(asked, now) for asked in Asked}
        late = [task for task in self._paced if waited[task.asked] > _LEFT_WAITING_AT_MOST]
        rest = [task for task in self._paced if waited[task.asked] <= _LEFT_WAITING_AT_MOST]
        return (*late, *self._urgent, *rest)

    def _has_done(self, task: Task, team_id: TeamId) -> bool:
        asked = task.asked
        if not self._is_urgent(task):
            self._tried_at[asked] = self._parts.clock()
        try:
            has_done = task.step(team_id)
        except SlackUnavailableError as error:
            wait = self._patience.failed(asked, error, self._parts.clock())
            self._log_wait(error, wait)
            return False
        except TokenRefusedError as error:
            self._log_wait(error, self._patience.refused(error, self._parts.clock()))
            return False
        if has_done:
            self._patience.was_answered(asked)
            self._let_others_follow(task)
        return has_done

    def _let_others_follow(self, task: Task) -> None:
        if not self._is_urgent(task):
            self._paced_until = self._parts.clock() + PACE
            self._paced.sort(key=lambda other: other is task)

    def _is_urgent(self, task: Task) -> bool:
        return any(task is urgent for urgent in self._urgent)

    def _seconds_of_pause(self, now: datetime) -> float:
        return max(0.0, (self._paced_until - now).total_seconds()) if self._paced_until else 0.0

    def _seconds_until_due(self, team_id: TeamId, pause: float) -> float | None:
        waits = [self._wait_of(task, team_id, 0.0 if self._is_urgent(task) else pause) for task in self._tasks()]
        return min((wait for wait in waits if wait is not None), default=None)

    def _wait_of(self, task: Task, team_id: TeamId, pause: float) -> float | None:
        due = task.seconds_until_due(team_id)
        return None if due is None else max(due, pause, self._patience.seconds(task.asked, self._parts.clock()))

    def _tasks(self) -> Sequence[Task]:
        return (*self._urgent, *self._paced)

    def _due_before(self) -> datetime:
        a_day_ago = self._parts.clock() - _ONCE_A_DAY
        return a_day_ago if self._called_at is None else max(a_day_ago, self._called_at)

    def _log_wait(self, error: SlackUnavailableError | TokenRefusedError, wait: timedelta) -> None:
        ids = said("reader.waits", seconds=round(wait.total_seconds(), 1))
        log.warning("The reader goes on later: %s", describe(error), extra=ids)

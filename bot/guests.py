"""Who of those who report is a guest: events do not tell, so Slack is asked after the reading, once a person and day.

A loop of its own asks, so that no reading waits for Slack: that a message waits for the answer stands in its row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from bot.errors import SlackError, SlackUnavailableError
from bot.failure import describe
from bot.logs import said
from bot.parts import Clock
from bot.port import PersonFacts
from storage.ids import FeedbackId, TeamId, UserId
from storage.outsiders import Outsiders

log = logging.getLogger(__name__)

KNOWN_FOR = timedelta(days=1)
"""A guest may become a member."""
_RESTS_FOR = timedelta(minutes=1)
"""Nobody is asked about for so long after Slack did not answer."""
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """Know what Slack told of a person, and when."""

    at: datetime
    outside: bool | None
    """None where Slack does not show this person."""


@dataclass(slots=True)
class Guests:
    """Tell who is a guest or of another organisation, and mark what they wrote."""

    person: Callable[[UserId], PersonFacts]
    """Asks Slack about somebody."""
    outsiders: Outsiders
    clock: Clock
    is_stopping: Callable[[], bool]
    team_id: TeamId | None = None
    """The workspace that Slack can be asked about; nobody is asked about before it is known."""
    known: dict[tuple[TeamId, UserId], Known] = field(default_factory=dict)
    rests_until: datetime | None = None
    passed_over: set[UserId] = field(default_factory=set)
    """Of whom Slack could not tell: they come last, so that they hold up nobody else."""

    def is_guest(self, team_id: TeamId, user_id: UserId) -> bool | None:
        """Tell it of one person at once, as far as it is known."""
        known = self._known(team_id, user_id)
        return None if known is None else known.outside

    def turn(self) -> float | None:
        """Ask about those whose messages wait for it, and mark these; return the seconds until there is more to do."""
        now = self.clock()
        if self.team_id is None:
            return None
        if self.rests_until is not None and now < self.rests_until:
            return (self.rests_until - now).total_seconds()
        page = self.outsiders.due(self.team_id, but_not=self.passed_over)
        if not page:
            self.passed_over.clear()
            return None
        for user_id, of_one in groupby(sorted(page, key=_by), key=_by):
            if self.is_stopping():
                return None
            try:
                self._mark(self.team_id, UserId(user_id), [feedback_id for feedback_id, _ in of_one])
            except SlackUnavailableError as error:
                self.passed_over.add(UserId(user_id))
                return self._rest(error)
        return 0.0

    def _mark(self, team_id: TeamId, user_id: UserId, said_by_them: Sequence[FeedbackId]) -> None:
        if user_id and self._known(team_id, user_id) is None:
            self._ask(team_id, user_id)
        self.outsiders.tell(team_id, said_by_them, outside=self.is_guest(team_id, user_id))

    def _known(self, team_id: TeamId, user_id: UserId) -> Known | None:
        known = self.known.get((team_id, user_id))
        return known if known is not None and self.clock() - known.at < KNOWN_FOR else None

    def _ask(self, team_id: TeamId, user_id: UserId) -> None:
        try:
            told: bool | None = self.person(user_id).is_outsider
        except SlackUnavailableError:
            raise
        except SlackError:
            told = None  # Slack answered, but does not show this person
        if len(self.known) >= _MOST:
            self.known.clear()
        self.known[team_id, user_id] = Known(self.clock(), told)

    def _rest(self, error: SlackUnavailableError) -> float:
        wait = max(_RESTS_FOR, timedelta(seconds=error.retry_after_seconds or 0))
        self.rests_until = self.clock() + wait  # from now on: the call itself may have taken long
        log.info("Who is a guest is asked later: %s", describe(error), extra=said("guests.rest"))
        return wait.total_seconds()


def _by(due: tuple[FeedbackId, UserId | None]) -> str:
    return due[1] or ""

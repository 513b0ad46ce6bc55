"""Who of those who report is a guest: events do not tell, so Slack is asked after capture, once a person and day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import SlackError, SlackUnavailableError
from bot.parts import Clock
from bot.port import PersonFacts
from storage.ids import UserId

KNOWN_FOR = timedelta(days=1)
"""A guest may become a member."""
_RESTS_FOR = timedelta(minutes=1)
"""Nobody is asked about for so long after Slack did not answer: classifying must not wait for it again and again."""
_MOST = 10_000


@dataclass(slots=True)
class Guests:
    """Tell who is a guest or of another organisation; never raises, for nothing depends on it."""

    person: Callable[[UserId], PersonFacts]
    """Asks Slack about somebody."""
    clock: Clock
    known: dict[UserId, tuple[datetime, bool | None]] = field(default_factory=dict)
    rests_until: datetime | None = None

    def is_guest(self, user_id: UserId) -> bool | None:
        """Tell it of one person; None where Slack does not say or cannot be reached."""
        now = self.clock()
        asked_at, told = self.known.get(user_id, (None, None))
        if asked_at is not None and now - asked_at < KNOWN_FOR:
            return told
        if self.rests_until is not None and now < self.rests_until:
            return None
        return self._ask(user_id, now)

    def _ask(self, user_id: UserId, now: datetime) -> bool | None:
        try:
            told: bool | None = self.person(user_id).is_outsider
        except SlackUnavailableError as error:
            self.rests_until = now + max(_RESTS_FOR, timedelta(seconds=error.retry_after_seconds or 0))
            return None
        except SlackError:
            told = None  # Slack answered, but does not show this person
        if len(self.known) >= _MOST:
            self.known.clear()
        self.known[user_id] = now, told
        return told

"""Leaving Slack alone for as long as it asks, method by method."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.backoff import Backoff
from bot.errors import SlackError, SlackUnavailableError, TokenRefusedError

_TRYING = Backoff(first_seconds=5, ceiling_seconds=300, tries=1)
_TOKEN_REFUSED = timedelta(minutes=1)
"""Somebody is mending it: a new token should be seen at work soon, and asking once a minute harms nobody."""


_LACKS_SCOPE = "missing_scope"
"""Said of one kind of channels, the private ones, while the token is good for the others."""


class Asked(StrEnum):
    """Name what is asked for; Slack counts each against a limit of its own."""

    CHANNEL = "conversations.history"
    THREAD = "conversations.replies"


class Patience:
    """Know when each may be asked for again. Kept in memory: whoever starts anew may ask once and be told."""

    def __init__(self, chance: Callable[[], float]) -> None:
        """Draw the jitter of waits that Slack did not name."""
        self._chance = chance
        self._until: dict[Asked, datetime] = {}
        self._failures: dict[Asked, int] = {}

    def is_asked_to_wait(self, asked: Asked, at: datetime) -> bool:
        """Tell whether it may not be asked for yet."""
        return self.seconds(asked, at) > 0

    def seconds(self, asked: Asked, at: datetime) -> float:
        """Tell how long to wait still; 0 when it may be asked for."""
        until = self._until.get(asked)
        return 0.0 if until is None else max(0.0, (until - at).total_seconds())

    def was_answered(self, asked: Asked) -> None:
        """Forget earlier failures."""
        self._failures.pop(asked, None)
        self._until.pop(asked, None)

    def failed(self, asked: Asked, error: SlackUnavailableError, at: datetime) -> timedelta:
        """Wait as long as Slack asks, else longer after each failure; return how long."""
        self._failures[asked] = failures = self._failures.get(asked, 0) + 1
        if error.retry_after_seconds is not None:
            wait = timedelta(seconds=max(1.0, error.retry_after_seconds))
        else:
            wait = _TRYING.wait(failures, chance=self._chance())
        self._until[asked] = at + wait
        return wait

    def refused(self, _error: TokenRefusedError, at: datetime) -> timedelta:
        """Ask for nothing until somebody may have mended the token; return how long."""
        self._until.update(dict.fromkeys(Asked, at + _TOKEN_REFUSED))
        return _TOKEN_REFUSED


def is_for_all(error: SlackError) -> bool:
    """Tell whether Slack refuses whatever we ask now, and not only what it lacks or hides of one channel."""
    is_refused = isinstance(error, TokenRefusedError) and error.code != _LACKS_SCOPE
    return is_refused or isinstance(error, SlackUnavailableError)

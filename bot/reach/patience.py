"""Leaving Slack alone for as long as it asks, method by method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum

from bot.backoff import TOKEN_REFUSED, Backoff
from bot.errors import ScopeMissingError, SlackError, SlackUnavailableError, TokenRefusedError

_TRYING = Backoff(first_seconds=5, ceiling_seconds=300, tries=1)


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
        self._until.update(dict.fromkeys(Asked, at + TOKEN_REFUSED))
        return TOKEN_REFUSED


def is_for_all(error: SlackError) -> bool:
    """Tell whether Slack refuses whatever we ask now, and not only what it lacks or hides of one channel.

    A scope may be missing for one kind of channels, the private ones, while the token is good for the others.
    """
    is_refused = isinstance(error, TokenRefusedError) and not isinstance(error, ScopeMissingError)
    return is_refused or isinstance(error, SlackUnavailableError)


@contextmanager
def a_page(*, leave: Callable[[SlackError], None], drop: Callable[[], None]) -> Iterator[None]:
    """Read one page within, by the rule of all who read page by page.

    Where Slack is out of reach the error goes on and the walk stays as it is: the page is asked for again. What Slack
    refuses of this place alone is left. After any other error the page was not taken in: what is in hand is dropped,
    and the reading begins again from what is noted.
    """
    try:
        yield
    except SlackError as error:
        if is_for_all(error):
            raise
        leave(error)
    except Exception:
        drop()
        raise

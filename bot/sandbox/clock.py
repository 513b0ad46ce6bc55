"""Time in the stand-in: an argument, so that a day can be played in a second and a test is the same twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Tell the machine's time."""
    return datetime.now(UTC)


class RunningClock:
    """Run on from a moment of one's choice, and jump ahead when told to."""

    def __init__(self, at: datetime, *, beat: Clock = wall_clock) -> None:
        self._beat = beat
        self._ahead = at - beat()
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Tell the time."""
        with self._lock:
            return self._beat() + self._ahead

    def jump_to(self, at: datetime) -> None:
        """Go on from a later moment; time never runs backwards."""
        with self._lock:
            self._ahead = max(self._ahead, at - self._beat())

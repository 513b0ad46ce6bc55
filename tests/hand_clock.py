"""A clock that a test moves by hand."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta


class HandClock:
    """Stand still until it is moved: ``clock()`` tells the time, ``advance`` moves it."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Tell the time."""
        with self._lock:
            return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move forward and tell the new time."""
        with self._lock:
            self._at += by
            return self._at

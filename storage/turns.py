"""Turns: the threads of one process write to SQLite one after the other, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from storage.errors import DatabaseUnavailableError


class Turns:
    """Hand the right to write from one thread to the next.

    SQLite lets who waits look for the lock again after a pause, and whoever looks first has it: a thread that writes
    on and on, such as a back-fill, would keep a delivery waiting until Slack gives it up.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    @property
    def waiting(self) -> int:
        """Tell how many threads wait."""
        with self._lock:
            return len(self._waiting)

    @contextmanager
    def turn(self, within_seconds: float) -> Iterator[None]:
        """Wait for one's turn, and let the next one follow. Raises DatabaseUnavailableError when it does not come."""
        self._wait(within_seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self, within_seconds: float) -> None:
        mine = Lock()
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=within_seconds):
            return
        with self._lock:
            if mine not in self._waiting:
                return  # it came at this very moment
            self._waiting.remove(mine)
        message = "the database is busy with other work of this program: try again"
        raise DatabaseUnavailableError(message)

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

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
        self._writing: Lock | None = None
        self._waiting: deque[Lock] = deque()

    @property
    def waiting(self) -> int:
        """Tell how many threads wait."""
        with self._lock:
            return len(self._waiting)

    @contextmanager
    def turn(self, within_seconds: float) -> Iterator[None]:
        """Wait for one's turn, and let the next one follow. Raises DatabaseUnavailableError when it does not come."""
        mine = Lock()
        try:
            self._wait(mine, within_seconds)
            yield
        finally:
            # Also of who was interrupted while it waited: a turn handed to nobody would stop all others.
            self._leave(mine)

    def _wait(self, mine: Lock, within_seconds: float) -> None:
        with self._lock:
            if self._writing is None:
                self._writing = mine
                return
            mine.acquire()
            self._waiting.append(mine)
        if not mine.acquire(timeout=within_seconds) and self._writing is not mine:
            message = "the database is busy with other work of this program: try again"
            raise DatabaseUnavailableError(message)

    def _leave(self, mine: Lock) -> None:
        with self._lock:
            if self._writing is mine:
                self._writing = self._waiting.popleft() if self._waiting else None
                if self._writing is not None:
                    self._writing.release()
            elif mine in self._waiting:
                self._waiting.remove(mine)

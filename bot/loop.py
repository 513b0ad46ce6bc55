"""A thread that does its turn again and again: at once when woken, else when its turn says that there is work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from bot.backoff import Backoff
from bot.failure import describe
from bot.logs import said
from storage.errors import StorageError

log = logging.getLogger(__name__)

_LONGEST_SLEEP_SECONDS = 15.0
"""Another process may write work that nobody wakes us for."""
_SHORTEST_SLEEP_SECONDS = 0.02
_AFTER_FAILURE = Backoff(first_seconds=1, ceiling_seconds=30, tries=1)


class Bell:
    """Wake whoever listens. Made before them, so that those who ring need not know them."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def add(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called at each ring."""
        self._listeners.append(listener)

    def ring(self) -> None:
        """Call every listener."""
        for listener in self._listeners:
            listener()


class Loop:
    """Run ``turn`` until ``stopping`` is set. It returns the seconds until there is work, None when none is known.

    A turn that raises is logged and tried again after a growing wait: the thread never ends by itself.
    """

    def __init__(self, name: str, turn: Callable[[], float | None], stopping: Event) -> None:
        self._turn = turn
        self._woken = Event()
        self._stopping = stopping
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Have the next turn begin at once."""
        self._woken.set()

    def join(self, seconds: float) -> bool:
        """Once ``stopping`` is set, wait for the running turn; False when it has not ended in time."""
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                seconds = self._turn()
                failures = 0
            except Exception as error:  # noqa: BLE001 - the loop must outlive every failure of a turn
                failures += 1
                seconds = _AFTER_FAILURE.wait(failures, chance=1.0).total_seconds()
                self._log(error, seconds)
            if not self._stopping.is_set():
                self._woken.wait(_slept(seconds))

    def _log(self, error: Exception, seconds: float) -> None:
        name = self._thread.name
        if isinstance(error, StorageError):
            log.warning(
                "The %s waits for the database: %s", name, describe(error), extra=said("loop.waits", seconds=seconds)
            )
        else:
            log.error("A turn of the %s failed.", name, exc_info=error, extra=said("loop.failed", seconds=seconds))


def _slept(seconds: float | None) -> float:
    if seconds is None:
        return _LONGEST_SLEEP_SECONDS
    return 0.0 if seconds <= 0 else min(max(seconds, _SHORTEST_SLEEP_SECONDS), _LONGEST_SLEEP_SECONDS)

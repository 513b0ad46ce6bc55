"""The one owner of APScheduler: calls what it is given at intervals, one run at a time, none dropped for being late."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # ships no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # ships no types

from bot.errors import BallastError
from bot.failure import describe
from bot.logs import said
from storage.errors import StorageError

log = logging.getLogger(__name__)

_THREADS = 3


class Scheduler:
    """Tick. What is due, and whether it was done already, the called function and the database decide."""

    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(_THREADS)},
            # Late ticks run once instead of being dropped, which APScheduler does after a second by default.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def every(self, seconds: float, name: str, call: Callable[[], object]) -> None:
        """Call at this interval, for the first time at the start."""
        self._scheduler.add_job(
            self._guarded,
            "interval",
            args=(name, call),
            id=name,
            name=name,
            seconds=seconds,
            next_run_time=datetime.now(UTC),
        )

    def soon(self, name: str) -> None:
        """Have the next call of that name be made now."""
        if self._scheduler.running and not self._stopping.is_set():
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self, *, wait: bool) -> None:
        """Tick no more; with ``wait``, return when what runs has ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=wait)

    def _guarded(self, name: str, call: Callable[[], object]) -> None:
        if self._stopping.is_set():
            return
        try:
            call()
        except (BallastError, StorageError) as error:
            log.warning("%s waits for its next turn: %s", name, describe(error), extra=said("tick.waits"))
        except Exception:
            log.exception("%s failed.", name, extra=said("tick.failed"))

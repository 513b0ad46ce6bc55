"""Keeping a lease alive while its holder works."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bot.logs import said
from storage.errors import StorageError

log = logging.getLogger(__name__)


@contextmanager
def renewing(renew: Callable[[], None], *, every_seconds: float) -> Iterator[None]:
    """Call ``renew`` at that interval while the block runs.

    A renewal that the database refuses is logged: at worst the lease runs out and the saved result is dropped.
    """
    done = Event()

    def keep() -> None:
        while not done.wait(every_seconds):
            try:
                renew()
            except StorageError as error:
                log.warning("A lease was not renewed: %s", error, extra=said("lease.kept_not"))

    thread = Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()

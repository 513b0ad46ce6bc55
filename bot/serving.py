"""Serving until a signal: the first one stops the bot in order, a second one ends the process at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bot.lifecycle import Announce, Ballast

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_KILLED_BY = 128
"""What shells add to a signal's number to make an exit status."""


def serve(build: Callable[[], Ballast], announce: Announce) -> bool:
    """Build, start and run a bot until SIGTERM or SIGINT; return whether everything ended in time.

    Raises what building raises and what starting refuses, after everything is closed again. For the main
    thread alone: only there do signals arrive.
    """
    asked = Event()
    failures: list[BaseException] = []
    with _stopping_on_signals(asked):
        ballast = build()

        def begin() -> None:
            try:
                ballast.start(announce)
            except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
                failures.append(error)
                asked.set()

        # Beside this thread, so that a call to Slack that hangs cannot keep a signal waiting.
        Thread(target=begin, name="starting", daemon=True).start()
        asked.wait()
        ended = ballast.stop()
    if failures:
        raise failures[0]
    return ended


@contextmanager
def _stopping_on_signals(asked: Event) -> Iterator[None]:
    """Set ``asked`` at the first signal and end the process at the second.

    The system may hand a signal to any thread, and Python runs its handlers in the main one alone, when that one
    wakes: it might never while it waits. So the signals are read from where Python notes them at once.
    """
    noted, notes = os.pipe()
    os.set_blocking(notes, False)
    before = {number: signal.signal(number, lambda _number, _frame: None) for number in _SIGNALS}
    read_before = signal.set_wakeup_fd(notes, warn_on_full_buffer=False)
    reader = Thread(target=_read_signals, args=(noted, asked), name="signals", daemon=True)
    reader.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(read_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(notes)
        reader.join()
        os.close(noted)


def _read_signals(noted: int, asked: Event) -> None:
    while note := os.read(noted, 1):
        if note[0] not in _SIGNALS:
            continue
        if asked.is_set():
            os._exit(_KILLED_BY + note[0])
        asked.set()

"""End a process with all that it started, for certain and within a bounded time."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence

import psutil

POLITELY = ((signal.SIGQUIT, 10.0), (signal.SIGINT, 30.0))
"""PostgreSQL's immediate and fast shutdown, and how many seconds each may take.

The fast one comes second: it writes all databases first, half a minute for what is thrown away.
"""
_KILLED_WITHIN_SECONDS = 10.0


def end_process(pid: int, *, politely: Sequence[tuple[signal.Signals, float]] = POLITELY) -> None:
    """Ask a process to end, in one way and then in another; kill it and its children when it will not.

    Raises TimeoutError when something outlives even that.
    """
    try:
        first = psutil.Process(pid)
        whole = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for how, seconds in politely:
        _tell(first, how)
        if _have_ended(whole, seconds):
            return
    for process in whole:
        _tell(process, signal.SIGKILL)
    if not _have_ended(whole, _KILLED_WITHIN_SECONDS):
        message = f"process {pid}, or one that it started, outlived a kill"
        raise TimeoutError(message)


def lives(process: psutil.Process) -> bool:
    """Tell whether a process still does anything; one that nobody has waited for does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _tell(process: psutil.Process, how: signal.Signals) -> None:
    if lives(process):
        process.send_signal(how)


def _have_ended(processes: Sequence[psutil.Process], within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while any(lives(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True

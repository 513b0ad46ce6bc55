"""Threads that write wait in the order in which they came, and not for ever."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import pytest

from storage.database import Database
from storage.errors import DatabaseUnavailableError
from storage.turns import Turns

PATIENCE_SECONDS = 10.0


def test_who_writes_on_and_on_lets_a_waiting_thread_write_next() -> None:
    turns, written = Turns(), list[str]()

    def write_once() -> None:
        with turns.turn(PATIENCE_SECONDS):
            written.append("the other")

    with turns.turn(PATIENCE_SECONDS):
        waiting = [begin(turns, write_once, after=number) for number in range(2)]
    with turns.turn(PATIENCE_SECONDS):
        written.append("on and on")
    for thread in waiting:
        thread.join(PATIENCE_SECONDS)

    assert written == ["the other", "the other", "on and on"]


def test_a_turn_that_does_not_come_is_refused_and_leaves_the_next_its_own() -> None:
    turns = Turns()
    with (
        turns.turn(PATIENCE_SECONDS),
        pytest.raises(DatabaseUnavailableError, match="busy with other work"),
        turns.turn(0.01),
    ):
        pass

    with turns.turn(0.01):
        pass


def test_a_write_that_failed_gives_its_turn_on(sqlite_database: Database) -> None:
    with pytest.raises(ZeroDivisionError), sqlite_database.writing():
        raise ZeroDivisionError

    done = Event()

    def write() -> None:
        with sqlite_database.writing():
            done.set()

    Thread(target=write).start()
    assert done.wait(PATIENCE_SECONDS)


def begin(turns: Turns, act: Callable[[], None], *, after: int) -> Thread:
    """Start a thread, and return once it waits behind the others."""
    thread = Thread(target=act)
    thread.start()
    deadline = monotonic() + PATIENCE_SECONDS
    while turns.waiting <= after:
        assert monotonic() < deadline
    return thread

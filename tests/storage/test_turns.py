"""Threads that write wait in the order in which they came, and not for ever."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Thread, main_thread
from time import monotonic

import pytest

import storage.database
from storage.database import Database, open_database
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


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt, also where whoever started the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_who_is_interrupted_while_it_waits_holds_nobody_up() -> None:
    turns, holding, ended, written = Turns(), Event(), Event(), Event()

    def hold() -> None:
        with turns.turn(PATIENCE_SECONDS):
            holding.set()
            wait_until(lambda: turns.waiting == 1)
            signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
            assert ended.wait(PATIENCE_SECONDS)

    def write() -> None:
        with turns.turn(PATIENCE_SECONDS):
            written.set()

    Thread(target=hold).start()
    assert holding.wait(PATIENCE_SECONDS)
    with pytest.raises(KeyboardInterrupt), turns.turn(PATIENCE_SECONDS):
        pass
    ended.set()
    Thread(target=write).start()

    assert written.wait(PATIENCE_SECONDS)


def test_waiting_for_the_turn_and_then_for_the_lock_has_one_bound(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database, "BEGIN_SECONDS", 0.6)
    path = sqlite_database.engine.url.database
    database = open_database(f"sqlite:///{path}?timeout=0.5")
    took: list[float] = []

    def write() -> None:
        asked_at = monotonic()
        with pytest.raises(DatabaseUnavailableError), database.writing():
            pass
        took.append(monotonic() - asked_at)

    with closing(sqlite3.connect(path or "", isolation_level=None)) as another_program:
        another_program.execute("BEGIN IMMEDIATE")
        threads = [Thread(target=write) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)

    assert len(took) == 2
    assert max(took) < 0.9, "the second waited for its turn and then as long again for the lock"
    database.close()


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
    wait_until(lambda: turns.waiting > after)
    return thread


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < deadline

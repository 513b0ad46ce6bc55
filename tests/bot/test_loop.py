import logging
from collections.abc import Iterator
from threading import Event

import pytest

from bot.lease import renewing
from bot.loop import Bell, Loop
from bot.scheduler import Scheduler
from storage.errors import DatabaseUnavailableError


def test_a_turn_that_says_there_is_more_is_followed_at_once(stopping: Event) -> None:
    turns, done = [], Event()

    def turn() -> float | None:
        turns.append(1)
        if len(turns) < 50:
            return 0.0
        done.set()
        return None

    Loop("worker", turn, stopping).start()

    assert done.wait(2)


def test_waking_begins_a_turn_at_once_though_nothing_was_expected(stopping: Event) -> None:
    asleep, woken = Event(), Event()

    def turn() -> float | None:
        (woken if asleep.is_set() else asleep).set()
        return None

    loop, bell = Loop("worker", turn, stopping), Bell()
    bell.add(loop.wake)
    loop.start()
    assert asleep.wait(2)

    bell.ring()

    assert woken.wait(2)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("no such column"), "loop.failed"),
        (DatabaseUnavailableError("the database is locked"), "loop.waits"),
    ],
)
def test_a_turn_that_fails_is_told_and_does_not_end_the_loop(
    stopping: Event, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    failed, again = Event(), Event()

    def turn() -> float | None:
        if failed.is_set():
            again.set()
            return None
        failed.set()
        raise error

    loop = Loop("worker", turn, stopping)
    with caplog.at_level(logging.INFO):
        loop.start()
        assert failed.wait(2)
        loop.wake()
        assert again.wait(3)

    assert [getattr(record, "action", "") for record in caplog.records] == [told]


def test_stopping_waits_for_the_running_turn_and_begins_no_other(stopping: Event) -> None:
    entered, let_go, turns = Event(), Event(), []

    def turn() -> float | None:
        turns.append(1)
        entered.set()
        let_go.wait(5)
        return 0.0

    loop = Loop("worker", turn, stopping)
    loop.start()
    assert entered.wait(2)
    stopping.set()
    assert not loop.join(0.05)

    let_go.set()

    assert loop.join(2)
    assert turns == [1]


def test_a_lease_is_renewed_while_its_holder_works_though_one_renewal_fails() -> None:
    renewed, twice = [], Event()

    def renew() -> None:
        renewed.append(1)
        if len(renewed) == 1:
            message = "the database is locked"
            raise DatabaseUnavailableError(message)
        twice.set()

    with renewing(renew, every_seconds=0.01):
        assert twice.wait(2)

    count = len(renewed)
    assert not Event().wait(0.05)
    assert len(renewed) == count, "it was renewed after its holder had finished"


def test_a_tick_that_fails_is_called_again_when_asked(stopping: Event) -> None:
    calls, first, second = [], Event(), Event()

    def call() -> None:
        calls.append(1)
        (first if len(calls) == 1 else second).set()
        message = "the database is locked"
        raise DatabaseUnavailableError(message)

    scheduler = Scheduler(stopping)
    scheduler.every(3600, "catching up", call)
    scheduler.start()
    assert first.wait(2)

    while not second.wait(0.05):
        scheduler.soon("catching up")

    scheduler.stop(wait=True)


@pytest.fixture
def stopping() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()

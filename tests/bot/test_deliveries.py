"""Hundreds of deliveries of every shape, shuffled and repeated, leave what a simple oracle computes.

``test_deliveries_killed.py`` does the same with a real process that is killed again and again.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from bot.parts import Store
from bot.worker import Worker
from classifiers.protocol import Context
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database
from storage.ids import UserId
from tests.bot.deliveries import ALLOWED_APP, CHANNEL, Body, Deliveries
from tests.bot.listening import ACME, TAXONOMY, Listening, make_listening
from tests.bot.oracle import differences
from tests.scripted_classifier import ScriptedClassifier

DELIVERIES = 300
MOST_TRIES = 20
"""Slack's own are four; here others deliver at the same moment, and none waits before it tries again."""


def test_shuffled_deliveries_leave_what_the_oracle_computes(
    bot: Listening, database: Database, worker: Worker, now: datetime
) -> None:
    bodies = Deliveries(ACME.team_id, "U900", seed=4, now=now).make(DELIVERIES)
    half = len(bodies) // 2

    deliver(bot, bodies[:half])
    work(worker)
    deliver(bot, bodies[half:])
    work(worker)

    found = differences(bodies, database, ACME.team_id)
    assert found == [], "\n".join(found)
    assert bot.store.intake.unreadable(ACME.team_id) == []
    assert bot.store.reviews.mismatches(ACME.team_id) == []


def deliver(bot: Listening, bodies: list[Body]) -> None:
    """Deliver several at once, each again until it is acknowledged, as Slack does."""

    def until_acknowledged(body: Body) -> None:
        assert any(bot.dispatch(body).status == 200 for _ in range(MOST_TRIES))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(until_acknowledged, bodies))


def work(worker: Worker) -> None:
    while worker.turn() == 0.0:
        pass


@pytest.fixture
def bot(store: Store, clock: Callable[[], datetime], now: datetime) -> Listening:
    listening = make_listening(store, None, ACME, clock)  # type: ignore[arg-type]  # asks Slack nothing
    listening.watch(CHANNEL)
    store.choices.note_app(ACME.team_id, ALLOWED_APP, None, now)
    choosing = Choosing(ACME.team_id, None, UserId("U1"), now)
    store.choices.choose(choosing, Wanted(apps={ALLOWED_APP: True}), tell=lambda _: ())
    return listening


@pytest.fixture
def worker(store: Store, clock: Callable[[], datetime]) -> Worker:
    return Worker(
        store=store,
        classifier=ScriptedClassifier(),
        context_of=lambda _: Context(TAXONOMY),
        clock=clock,
        chance=lambda: 1.0,
        is_stopping=lambda: False,
        wake_poster=lambda: None,
    )

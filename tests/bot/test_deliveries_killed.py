"""Deliveries of every shape to a process that is killed again and again leave what a simple oracle computes.

``pytest tests/bot/test_deliveries_killed.py --deliveries 10000`` kills it twenty times.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from random import Random

import pytest

from bot.build import build_store
from bot.sandbox.channels import Channel, Kind
from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.socket_mode import Pace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database, open_database
from storage.ids import ChannelId, TeamId, UserId
from storage.records import Workspace
from storage.schema import upgrade
from storage.vocabulary import ChannelKind, Watch
from tests.bot.ballast_process import PATIENCE_SECONDS, BallastProcess, ballast  # noqa: F401 - a fixture
from tests.bot.deliveries import ALLOWED_APP, CHANNEL, Body, Deliveries
from tests.bot.oracle import differences

SEED = 11
MOST_ON_THEIR_WAY = 40
"""How many deliveries Slack has sent that nobody acknowledged yet; those are what a kill interrupts."""
PACE = Pace(ack_seconds=3.0, retry_seconds=(0.05, 0.5, 3.0))


def test_process_killed_again_and_again_holds_what_the_oracle_computes(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    patient_slack: SlackStandIn,
    database: Database,
    request: pytest.FixtureRequest,
) -> None:
    number: int = request.config.getoption("--deliveries")
    identity, store = patient_slack.identity, build_store(database)
    team = TeamId(identity.team_id)
    bodies = Deliveries(team, identity.bot_user_id, seed=SEED, now=datetime.now(UTC)).make(number)
    kills = moments(number, max(2, number // 500))

    interrupted = deliver(ballast, patient_slack, bodies, kills)
    patient_slack.until(lambda: not store.queue.counts(team)["waiting"], within_seconds=PATIENCE_SECONDS)

    assert interrupted >= len(kills)
    found = differences(bodies, database, team)
    assert found == [], "\n".join(found)
    assert store.intake.unreadable(team) == []
    assert store.reviews.mismatches(team) == []


def moments(number: int, kills: int) -> set[int]:
    """Draw after which delivery each kill comes: one in each of as many parts."""
    chance, part = Random(SEED), number // kills  # noqa: S311 - a test that is the same twice
    return {part * kill + chance.randrange(part // 4, part) for kill in range(kills)}


def deliver(program: BallastProcess, slack: SlackStandIn, bodies: list[Body], kills: set[int]) -> int:
    """Deliver everything until it is acknowledged; return how many were on their way when the process was killed."""
    process, interrupted = program.start_scripted(slack), 0
    on_their_way: deque[Delivery] = deque()
    for number, body in enumerate(bodies):
        on_their_way.append(slack.socket_mode.deliver("events_api", body, is_retried=True))
        if number in kills:
            interrupted += sum(one.outcome is Outcome.WAITING for one in on_their_way)
            process = start_again(program, slack, process)
        settle(slack, on_their_way, leaving=MOST_ON_THEIR_WAY)
    settle(slack, on_their_way, leaving=0)
    return interrupted


def start_again(
    program: BallastProcess, slack: SlackStandIn, process: subprocess.Popen[bytes]
) -> subprocess.Popen[bytes]:
    process.kill()
    process.wait()
    with closing(sqlite3.connect(program.folder / "ballast.db")) as connection, connection:
        # As if the time had passed for which it held what it was reading.
        connection.execute("UPDATE feedback SET next_attempt_at = captured_at WHERE state = 'waiting'")
    return program.start_scripted(slack)


def settle(slack: SlackStandIn, on_their_way: deque[Delivery], *, leaving: int) -> None:
    """Wait until so few are on their way; what Slack gave up is delivered again, as with Delayed Events."""
    while len(on_their_way) > leaving:
        first = on_their_way.popleft()
        slack.until(lambda: first.outcome is not Outcome.WAITING, within_seconds=PATIENCE_SECONDS)  # noqa: B023 - awaited here
        if first.outcome is Outcome.LOST:
            on_their_way.append(slack.deliver_again(first.envelope_id))


@pytest.fixture
def patient_slack() -> Iterator[SlackStandIn]:
    """Slack with the channel that the deliveries tell of, and the bot in it."""
    with SlackStandIn(pace=PACE) as slack:
        owner = slack.add_person("Olivia Brandt")
        members = [owner.user_id, slack.identity.bot_user_id]
        channel = Channel(CHANNEL, "feedback", Kind.PUBLIC, owner.user_id, 1_700_000_000, members=members)
        with slack.world.changed:
            slack.world.channels[CHANNEL] = channel
        yield slack


@pytest.fixture
def database(ballast: BallastProcess, patient_slack: SlackStandIn) -> Iterator[Database]:  # noqa: F811 - the fixture
    """The process's own, with the channel watched and the app allowed, as an owner would have done before."""
    made = open_database(f"sqlite:///{ballast.folder / 'ballast.db'}")
    upgrade(made)
    store, now, owner = build_store(made), datetime.now(UTC), UserId("U1")
    team, channel = TeamId(patient_slack.identity.team_id), ChannelId(CHANNEL)
    bot_user = UserId(patient_slack.identity.bot_user_id)
    store.workspaces.remember(Workspace(team, "Northwind", bot_user_id=bot_user), now)
    store.workspaces.meet_channel(team, channel, "feedback", ChannelKind.PUBLIC)
    store.workspaces.set_watch(team, channel, Watch.ALL, owner, now, write_ts(now))
    store.choices.note_app(team, ALLOWED_APP, None, now)
    store.choices.choose(Choosing(team, None, owner, now), Wanted(apps={ALLOWED_APP: True}), tell=lambda _: ())
    yield made
    made.close()

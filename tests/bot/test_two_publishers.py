"""Two processes publish from one database and are killed at random moments, while clocks cross daylight saving."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.publish import LEASE
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import ChannelId, ScheduleId, TeamId, UserId
from storage.scheduled import DigestClaim
from storage.schedules import Schedules
from storage.vocabulary import DigestState
from tests.bot.publisher_processes import PublisherProcesses, move_clock
from tests.factories import make_workspace
from tests.hand_clock import HandClock
from tests.storage_fixtures import make_store

LONGEST_LIFE_SECONDS = 0.05
KILLS = 3
"""A week, before two are left alive."""
SUNDAY = 6
A_WEEK, A_SECOND = timedelta(weeks=1), timedelta(seconds=1)


def utc(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


CASES = [
    # 2:30 comes twice on 25 October.
    ("Europe/Berlin", (2, 30), [utc(2026, 10, 18, 0, 30), utc(2026, 10, 25, 0, 30), utc(2026, 11, 1, 1, 30)]),
    # 2:30 is skipped on 14 March.
    ("America/New_York", (2, 30), [utc(2027, 3, 7, 7, 30), utc(2027, 3, 14, 7, 0), utc(2027, 3, 21, 6, 30)]),
    # The clocks jump by half an hour: 2:15 is skipped on 4 October.
    ("Australia/Lord_Howe", (2, 15), [utc(2026, 9, 26, 15, 45), utc(2026, 10, 3, 15, 30), utc(2026, 10, 10, 15, 15)]),
]


@pytest.mark.parametrize(("zone", "at", "due"), CASES)
def test_two_processes_that_are_killed_post_each_week_once(
    rig: Callable[..., Rig], zone: str, at: tuple[int, int], due: list[datetime]
) -> None:
    desk = rig(zone, at, set_at=due[0] - A_SECOND)
    for number, moment in enumerate(due):
        desk.live_through(moment, posted_and_killed=number % 2 == 0)
    assert len({block_id for block_id, _ in desk.posts()}) == len(desk.posts()) == len(due)
    for (_, posted), moment in zip(desk.posts(), due, strict=True):
        assert moment <= posted < moment + timedelta(hours=1)
    desk.sleep_until(due[-1] + A_WEEK + timedelta(hours=26))
    assert [claim.state for claim in desk.claims()] == [DigestState.SKIPPED, *[DigestState.POSTED] * len(due)]
    assert len(desk.posts()) == len(due)


@dataclass
class Rig:
    """A schedule for #product on Sundays, and processes that keep it."""

    slack: SlackStandIn
    clock: HandClock
    clock_file: Path
    workspace: SmallWorkspace
    schedules: Schedules
    schedule_id: ScheduleId
    processes: PublisherProcesses
    random: Random

    def live_through(self, moment: datetime, *, posted_and_killed: bool) -> None:
        """Let processes run over a moment, be killed at any point of their work, and be followed by others.

        Random moments seldom meet the one between the post and the note of it, so that one can be made certain.
        """
        self.move_to(moment - A_SECOND)
        pair = [self.processes.start(), self.processes.start()]
        if posted_and_killed:
            self.slack.lose_answer("chat.postMessage")
        before = len(self.posts())
        self.move_to(moment)
        if posted_and_killed:
            self.slack.until(lambda: len(self.posts()) > before, within_seconds=20)
            for process_id in pair:
                self.processes.kill(process_id)
            pair = [self.processes.start(), self.processes.start()]
        for _ in range(KILLS):
            time.sleep(self.random.uniform(0, LONGEST_LIFE_SECONDS))
            self.processes.kill(pair.pop(self.random.randrange(2)))
            pair.append(self.processes.start())
            self.move_to(self.clock() + LEASE / 2)
        self.until_settled()
        for process_id in pair:
            self.processes.kill(process_id)

    def sleep_until(self, moment: datetime) -> None:
        """Let nobody run until a moment, then two."""
        self.move_to(moment)
        self.processes.start()
        self.processes.start()
        self.until_settled()

    def until_settled(self) -> None:
        """Let time pass until nothing is due or claimed any more."""
        deadline = time.monotonic() + 20
        while not self.is_settled():
            assert time.monotonic() < deadline, self.claims()
            time.sleep(0.05)
            self.move_to(self.clock() + timedelta(minutes=1))

    def is_settled(self) -> bool:
        newest = self.claims()[:1]
        recent = bool(newest) and self.clock() - newest[0].due_at < A_WEEK - timedelta(hours=1)
        return recent and newest[0].state is not DigestState.CLAIMED

    def move_to(self, moment: datetime) -> None:
        self.clock.advance(moment - self.clock())
        move_clock(self.clock_file, moment)

    def claims(self) -> list[DigestClaim]:
        return [*self.schedules.digests(TeamId(self.slack.identity.team_id), self.schedule_id, limit=50)]

    def posts(self) -> list[tuple[str, datetime]]:
        """List the digests that stand anywhere, each with its time: the owner's two, then the channel's."""
        product = self.workspace.product
        messages = [*self.slack.messages(self.slack.world.direct_channel(self.workspace.olivia.user_id))]
        messages += [one for one in self.slack.messages(product) if "subtype" not in one]
        return [(digest_name(one), datetime.fromtimestamp(float(one["ts"]), UTC)) for one in messages]


def digest_name(message: dict[str, Any]) -> str:
    """Name a digest by the id of its first block, which says of which period it is."""
    name: str = message["blocks"][0]["block_id"]
    return name


@pytest.fixture
def rig(database: Database, tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    ends: list[Callable[[], object]] = []

    def set_up(zone: str, at: tuple[int, int], *, set_at: datetime) -> Rig:
        clock, store = HandClock(set_at), make_store(database)
        slack = SlackStandIn(clock=clock).__enter__()
        ends.append(lambda: slack.__exit__(None, None, None))
        workspace, team = furnish(slack), TeamId(slack.identity.team_id)
        slack.people.invite_bot(workspace.product, workspace.olivia)
        store.workspaces.remember(make_workspace(team), set_at)
        channel, owner = ChannelId(workspace.product.channel_id), UserId(workspace.olivia.user_id)
        schedule = store.schedules.set(
            team, channel, owner=owner, weekday=SUNDAY, hour=at[0], minute=at[1], zone=zone, at=set_at
        )
        move_clock(tmp_path / "clock", set_at)
        processes = PublisherProcesses(
            slack_url=slack.url,
            token=slack.identity.bot_token,
            team=team,
            database=database.engine.url.render_as_string(hide_password=False),
            clock=tmp_path / "clock",
        )
        ends.append(processes.close)
        return Rig(
            slack,
            clock,
            tmp_path / "clock",
            workspace,
            store.schedules,
            schedule.schedule_id,
            processes,
            Random(zone),  # noqa: S311 - no secret
        )

    yield set_up
    for end in reversed(ends):
        end()

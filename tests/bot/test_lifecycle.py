"""What a running bot does as time passes, with nobody asking: words whose time is over go when people were told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.build import build_ballast
from bot.cli.sandbox import sandbox_settings
from bot.lifecycle import Ballast
from bot.retention import kept_since
from bot.sandbox.stand_in import SlackStandIn
from bot.scheduler import Scheduler
from storage.chosen import WorkspaceChoices
from storage.drafts import Draft
from storage.ids import TeamId
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, PERSON, make_feedback, make_ts
from tests.hand_clock import HandClock
from tests.scripted_classifier import ScriptedClassifier
from tests.slack_stand_in import slack, slack_clock  # noqa: F401 - fixtures

WORDS = "Qwertzuiop"
A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)


def test_words_that_grow_too_old_are_overwritten_within_the_hour(started: Started) -> None:
    said_at = kept_since(started.clock(), WorkspaceChoices().kept_months) + A_MINUTE / 2
    store, now = started.ballast.parts.store, started.clock()
    feedback_id = store.intake.take_in(make_feedback(WORDS, said_at=said_at, team_id=started.team), now).feedback_id
    assert started.files_hold_the_words()

    started.let_pass(AN_HOUR)

    assert store.history.feedback(started.team, feedback_id).text == ""
    assert not started.files_hold_the_words()


def test_what_nobody_saved_goes_within_an_hour_and_a_minute_and_from_the_log_a_minute_later(started: Started) -> None:
    drafts, ts = started.ballast.parts.store.drafts, make_ts(7)
    started.let_pass(10 * A_MINUTE)  # each hour old words are erased, and the log with them: not in these minutes
    made_at = started.clock() + A_MINUTE / 2
    drafts.keep(Draft(started.team, CHANNEL, ChannelKind.PUBLIC, ts, PERSON, {"text": WORDS}), made_at)
    started.let_pass(AN_HOUR)
    assert drafts.of_message(started.team, CHANNEL, ts) is not None

    started.let_pass(A_MINUTE)
    assert drafts.of_message(started.team, CHANNEL, ts) is None
    started.let_pass(A_MINUTE)
    assert not started.files_hold_the_words()


@dataclass
class HandScheduler(Scheduler):
    """Call what is due when a test says so: at most once, as APScheduler makes up for what it missed."""

    clock: HandClock
    jobs: list[Job] = field(default_factory=list)

    def every(self, seconds: float, name: str, call: Callable[[], object]) -> None:
        self.jobs.append(Job(timedelta(seconds=seconds), call, self.clock()))

    def start(self) -> None:
        for job in self.jobs:
            if job.due_at <= self.clock():
                job.due_at = self.clock() + job.interval
                job.call()

    def stop(self, *, wait: bool) -> None:
        self.jobs.clear()


@dataclass
class Job:
    interval: timedelta
    call: Callable[[], object]
    due_at: datetime


@dataclass
class Started:
    """Hold a bot that is connected and does what it does at intervals, when time passes, and nothing else."""

    ballast: Ballast
    clock: HandClock
    team: TeamId
    folder: Path

    def let_pass(self, time: timedelta) -> None:
        self.clock.advance(time)
        self.ballast.scheduler.start()

    def files_hold_the_words(self) -> bool:
        return any(WORDS.encode() in file.read_bytes() for file in self.folder.glob("ballast.db*"))


@pytest.fixture
def started(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_template: Path,
    tmp_path: Path,
) -> Iterator[Started]:
    shutil.copyfile(sqlite_template, tmp_path / "ballast.db")
    settings = sandbox_settings(slack, tmp_path)
    ballast = build_ballast(settings, clock=slack_clock, classifier=ScriptedClassifier())
    ballast.loops, ballast.scheduler = (), HandScheduler(slack_clock)
    ballast.start(lambda _line: None)
    yield Started(ballast, slack_clock, TeamId(slack.identity.team_id), tmp_path)
    ballast.stop()

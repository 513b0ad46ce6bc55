"""``ballast run`` as a process of its own, pointed at the stand-in; its output is kept in a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.build import build_store
from bot.parts import Store
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.socket_mode import Pace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from storage.database import Database, open_database
from storage.ids import ChannelId, TeamId, UserId
from storage.records import Workspace
from storage.schema import upgrade
from storage.vocabulary import AnswerMode, ChannelKind, Watch

ROOT = Path(__file__).parents[2]
CONNECTED = "Connected to Slack"
PATIENCE_SECONDS = 180.0
"""How long a test waits for what must come: far longer than two leases and a start on a busy machine take."""


class BallastProcess:
    """Start the program, read what it says, end it; every one is killed when its test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._opened: list[Database] = []
        self._output = folder / "output.txt"
        self._output.touch()

    @property
    def output(self) -> str:
        """Everything that any of them wrote, to either stream."""
        return self._output.read_text(encoding="utf-8")

    def start(self, *arguments: str, module: str = "bot", **variables: str) -> subprocess.Popen[bytes]:
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        env = {**surroundings, "PYTHONPATH": str(ROOT), "BALLAST_DATA_DIR": str(self.folder), **variables}
        with self._output.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *(arguments or ("run",))],
                env=env,
                cwd=self.folder,
                stdout=output,
                stderr=output,
            )
        self._running.append(process)
        return process

    def start_scripted(self, slack: SlackStandIn) -> subprocess.Popen[bytes]:
        """Start it with the scripted classifier, which finds a problem in every text and can be poisoned."""
        return self.start_for(slack, module="tests.bot.scripted_run")

    def start_for(
        self, slack: SlackStandIn, *arguments: str, module: str = "bot", **variables: str
    ) -> subprocess.Popen[bytes]:
        tokens = {"SLACK_BOT_TOKEN": slack.identity.bot_token, "SLACK_APP_TOKEN": slack.identity.app_token}
        return self.start(*arguments, module=module, SLACK_API_URL=slack.url, **tokens, **variables)

    def until_said(self, words: str, *, times: int = 1, within_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until a sentence stands in the output; fail at once when nothing runs that could say it."""
        deadline = time.monotonic() + within_seconds
        while True:
            ended = all(process.poll() is not None for process in self._running)
            if self.output.count(words) >= times:
                return
            if ended or time.monotonic() > deadline:
                pytest.fail(f"“{words}” was not said within {within_seconds:g} s; said was:\n{self.output}")
            time.sleep(0.02)

    def watch(self, slack: SlackStandIn, workspace: SmallWorkspace, answer: AnswerMode) -> Store:
        """Make the database, with #feedback watched and the bot in it, as an owner would have done before."""
        database = open_database(f"sqlite:///{self.folder / 'ballast.db'}")
        self._opened.append(database)
        upgrade(database)
        store, now = build_store(database), datetime.now(UTC)
        team, owner = TeamId(slack.identity.team_id), UserId(workspace.olivia.user_id)
        channel = ChannelId(workspace.feedback.channel_id)
        store.workspaces.remember(Workspace(team, "Northwind", bot_user_id=UserId(slack.identity.bot_user_id)), now)
        store.workspaces.meet_channel(team, channel, "feedback", ChannelKind.PUBLIC)
        store.workspaces.set_watch(team, channel, Watch.ALL, owner, now, write_ts(now))
        store.workspaces.set_answer(team, channel, answer, owner, now)
        slack.people.invite_bot(workspace.feedback, workspace.olivia)
        return store

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
        for database in self._opened:
            database.close()


@pytest.fixture
def ballast(tmp_path: Path) -> Iterator[BallastProcess]:
    folder = tmp_path / "ballast"
    folder.mkdir()
    process = BallastProcess(folder)
    yield process
    process.close()


@pytest.fixture
def live_slack() -> Iterator[SlackStandIn]:
    """The stand-in by the machine's own time, for a process that has no other; its retries come fast."""
    with SlackStandIn(pace=Pace(ack_seconds=1.5)) as stand_in:
        yield stand_in


@pytest.fixture
def live_workspace(live_slack: SlackStandIn) -> SmallWorkspace:
    return furnish(live_slack)

"""Processes that do nothing but publish what is due, over and over, until they are killed.

The program below loads everything once and forks a publisher for each line that it reads, so that one starts in
milliseconds. The time is what stands in a file: whoever writes it moves the clocks of all.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.build import build_store
from bot.publish import Publisher
from bot.slack import SlackPort
from bot.slack_client import build_client
from storage.database import open_database
from storage.errors import StorageError
from storage.ids import TeamId
from tests.bot.made_parts import make_parts

ROOT = Path(__file__).parents[2]


class PublisherProcesses:
    """Start publishers and kill them; ``close`` ends whatever still runs."""

    def __init__(self, *, slack_url: str, token: str, team: TeamId, database: str, clock: Path) -> None:
        self._running: list[int] = []
        arguments = [slack_url, token, team, database, str(clock)]
        env = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.publisher_processes", *arguments],
            env=env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self) -> int:
        """Start one more publisher and return its process id."""
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        self._running.append(int(self._nursery.stdout.readline()))
        return self._running[-1]

    def kill(self, process_id: int) -> None:
        """Kill one with SIGKILL: it gets no chance to give anything back."""
        self._running.remove(process_id)
        os.kill(process_id, signal.SIGKILL)

    def close(self) -> None:
        for process_id in tuple(self._running):
            self.kill(process_id)
        self._nursery.kill()
        self._nursery.communicate()


def move_clock(clock: Path, at: datetime) -> None:
    """Let all processes see another time, never half of it."""
    draft = clock.with_suffix(".next")
    draft.write_text(at.isoformat())
    draft.replace(clock)


def publish_until_killed(slack_url: str, token: str, team: TeamId, database: str, clock: Path) -> None:
    parts = make_parts(
        build_store(open_database(database)),
        SlackPort(build_client(token, slack_url)),
        lambda: datetime.fromisoformat(clock.read_text()),
    )
    publisher = Publisher(parts, is_stopping=lambda: False)
    while True:
        with suppress(StorageError):  # as the scheduler of a real bot, which ticks again
            publisher.tick(team)
        time.sleep(0.002)


def main() -> None:
    slack_url, token, team, database, clock = sys.argv[1:]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for _ in sys.stdin:
        process_id = os.fork()
        if process_id == 0:
            publish_until_killed(slack_url, token, TeamId(team), database, Path(clock))
        print(process_id, flush=True)  # noqa: T201 - how the test learns whom to kill


if __name__ == "__main__":
    main()

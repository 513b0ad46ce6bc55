"""The life of a running bot: start, serve until a signal, stop within ten seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import TypeVar

from bot.announcing import announce_model
from bot.backoff import Backoff
from bot.connection import Connection
from bot.errors import SlackUnavailableError
from bot.failure import describe
from bot.guests import Guests
from bot.leaving import Deleter
from bot.logs import said
from bot.loop import Loop
from bot.parts import Parts
from bot.publish import Publisher
from bot.reach.reader import SlackReader
from bot.retention import Retention
from bot.scheduler import Scheduler
from bot.worker import Worker
from storage.database import Database
from storage.errors import StorageError
from storage.ids import TeamId
from storage.records import Channel, Workspace
from storage.vocabulary import Watch

log = logging.getLogger(__name__)

WATCHED_EVERY = timedelta(seconds=2)
DIGESTS_EVERY = timedelta(seconds=30)
ERASED_EVERY = timedelta(hours=1)
LOG_EMPTIED_EVERY = timedelta(minutes=1)
FORMS_LET_GO_EVERY = timedelta(minutes=1)
STOP_WITHIN_SECONDS = 7.0
"""Under the ten that a person or an orchestrator waits before it kills."""
_RETRYING = Backoff(first_seconds=1, ceiling_seconds=60, tries=1)

_T = TypeVar("_T")
Announce = Callable[[str], None]
"""Shows one line to whoever started the bot."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold what the start tells besides what the history and Slack know."""

    database: str
    classifier: str
    key_is_unused: bool
    """A model's key is configured, but the classifier is local."""


@dataclass(slots=True)
class Ballast:
    """Hold a whole bot: ``start`` it, ``stop`` it; made by ``bot.build``."""

    parts: Parts
    facts: Facts
    database: Database
    connection: Connection
    worker: Worker
    loops: tuple[Loop, ...]
    scheduler: Scheduler
    slack_reader: SlackReader
    guests: Guests
    deleter: Deleter
    publisher: Publisher
    retention: Retention
    executor: ThreadPoolExecutor
    stopping: Event

    def start(self, announce: Announce) -> None:
        """Connect and begin to work; returns when connected, or early when asked to stop meanwhile.

        An unreachable Slack is tried again without end, and said each time. Raises TokenRefusedError and
        other refusals at once.
        """
        announce(f"Database: {self.facts.database}")
        # Before Slack is asked: it refuses the token of a workspace that removed Ballast, and all ends here.
        self.deleter.finish(announce)
        workspace = self._until_reached(self.parts.slack.identify, announce)
        if workspace is None or self.stopping.is_set():
            return
        self.parts.store.workspaces.remember(workspace, self.parts.clock())
        announce_model(self.parts, workspace.team_id)
        for line in self._lines(workspace):
            announce(line)
        self.slack_reader.team_id = self.guests.team_id = workspace.team_id
        for loop in self.loops:
            loop.start()
        if self._until_reached(self._connect, announce) is None:
            return
        self._tick(workspace.team_id)
        announce("Connected to Slack. Stop with Ctrl+C.")
        log.info("Ballast runs.", extra=said("ballast.started", team=workspace.team_id))

    def _tick(self, team_id: TeamId) -> None:
        self.scheduler.every(DIGESTS_EVERY.total_seconds(), "posting digests", lambda: self.publisher.tick(team_id))
        self.scheduler.every(ERASED_EVERY.total_seconds(), "erasing old words", self._erase_old_words)
        self.scheduler.every(
            FORMS_LET_GO_EVERY.total_seconds(),
            "letting go of what nobody saved",
            lambda: self.parts.store.drafts.drop_old(team_id, self.parts.clock()),
        )
        self.scheduler.every(LOG_EMPTIED_EVERY.total_seconds(), "emptying the log", self.database.empty_log)
        self.scheduler.every(WATCHED_EVERY.total_seconds(), "watching the connection", self.connection.watch)
        self.scheduler.start()

    def _erase_old_words(self) -> None:
        """Keep the promise to every workspace of the history: nobody else erases what came in at the terminal."""
        for team_id in self.parts.store.workspaces.teams():
            self.retention.run(team_id)

    def stop(self, within_seconds: float = STOP_WITHIN_SECONDS) -> bool:
        """Take no new work, finish or give back what is in hand, close everything.

        False when something did not end in time; its lease or Slack's next delivery brings it back.
        """
        deadline = time.monotonic() + within_seconds
        self.stopping.set()
        closing = [
            Thread(target=part, name="closing", daemon=True)
            for part in (self.connection.close, lambda: self.scheduler.stop(wait=True), self.executor.shutdown)
        ]
        for thread in closing:
            thread.start()
        ended = self._join_loops(deadline)
        if ended:
            self.slack_reader.give_back()
        else:
            self._give_back()
        for thread in closing:
            thread.join(max(0.0, deadline - time.monotonic()))
        ended = ended and not any(thread.is_alive() for thread in closing)
        self.database.close()
        log.info("Ballast has stopped.", extra=said("ballast.stopped", clean=ended))
        return ended

    def _join_loops(self, deadline: float) -> bool:
        ended = [loop.join(max(0.0, deadline - time.monotonic())) for loop in self.loops]
        return all(ended)

    def _connect(self) -> bool:
        self.connection.connect()
        return True

    def _until_reached(self, ask: Callable[[], _T], announce: Announce) -> _T | None:
        """Ask until Slack answers; None when stopped before."""
        tries = 0
        while not self.stopping.is_set():
            try:
                return ask()
            except SlackUnavailableError as error:
                tries += 1
                wait = _RETRYING.wait(tries, chance=1.0, at_least_seconds=error.retry_after_seconds or 0.0)
                seconds = round(wait.total_seconds())
                announce(f"{describe(error)} Trying again in {seconds} s.")
                log.warning("Slack is out of reach.", extra=said("slack.unreachable", tries=tries, seconds=seconds))
                self.stopping.wait(wait.total_seconds())
        return None

    def _give_back(self) -> None:
        try:
            self.worker.release_held()
        except StorageError as error:
            log.warning("What was in hand waits for its lease: %s", error, extra=said("worker.not_released"))

    def _lines(self, workspace: Workspace) -> list[str]:
        lines = [
            f"Workspace: {workspace.name} ({workspace.team_id})",
            f"Classifier: {self.facts.classifier}",
            f"Words: {self.parts.words_go_to}",
        ]
        if self.facts.key_is_unused:
            lines.append("OPENAI_API_KEY found, not used: set BALLAST_CLASSIFIER to use the model.")
        return [*lines, *_channel_lines(self._watched(workspace), self.parts.command)]

    def _watched(self, workspace: Workspace) -> list[Channel]:
        found = self.parts.store.workspaces.channels(workspace.team_id, limit=1000)
        return [channel for channel in found if channel.watch is not Watch.OFF]


def _channel_lines(channels: list[Channel], command: str) -> list[str]:
    if not channels:
        return [f"Watched: no channel yet. Invite the bot to one and choose, or type {command} watch there."]
    return [
        f"Watched: {'#' + channel.name if channel.name else channel.channel_id} "
        f"({channel.watch.value}, answers: {channel.answer.value})"
        for channel in channels
    ]

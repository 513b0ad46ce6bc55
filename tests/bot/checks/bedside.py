"""A Ballast that is set up and well, of which a test breaks one thing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.build import build_store
from bot.checks.diagnosis import Diagnosis, Outcome
from bot.cli.manifest import manifest
from bot.doctor import Instruments, examine
from bot.parts import Store
from bot.port import Slack
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.settings import Settings
from bot.slack import SlackPort
from bot.slack_client import build_client
from storage.database import Database
from storage.ids import ChannelId, TeamId, UserId
from storage.scheduled import Schedule

LONG_AGO = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Bedside:
    """Hold a Ballast that is set up and well, until a test breaks one thing of it."""

    slack: SlackStandIn
    workspace: SmallWorkspace
    folder: Path
    database: Database
    store: Store
    env: dict[str, str]
    ahead: timedelta = timedelta()

    @property
    def team(self) -> TeamId:
        return TeamId(self.slack.identity.team_id)

    @property
    def channel(self) -> ChannelId:
        return ChannelId(self.workspace.feedback.channel_id)

    def examined(self) -> list[Diagnosis]:
        def build_slack(settings: Settings) -> Slack:
            assert settings.slack_bot_token is not None
            return SlackPort(build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url))

        tools = Instruments(
            clock=lambda: datetime.now(UTC) + self.ahead,
            build_store=build_store,
            build_slack=build_slack,
            manifest=manifest(),
        )
        return list(examine(self.env, self.folder / ".env", tools))

    def found(self, name: str) -> Diagnosis:
        """Give the worst that was said under a name."""
        order = [Outcome.FAIL, Outcome.WARN, Outcome.SKIPPED, Outcome.OK]
        said = [each for each in self.examined() if each.name == name]
        assert said, f"nothing was said of {name}"
        return min(said, key=lambda each: order.index(each.outcome))

    def schedule(self, zone: str = "Europe/Berlin", channel: ChannelId | None = None) -> Schedule:
        return self.store.schedules.set(
            self.team,
            channel or self.channel,
            owner=UserId(self.workspace.olivia.user_id),
            weekday=0,
            hour=9,
            minute=0,
            zone=zone,
            at=LONG_AGO,
        )


def dumped(path: Path) -> list[str]:
    """Give everything that a database file holds, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())

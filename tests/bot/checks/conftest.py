"""A Ballast that is set up and well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.build import build_store
from bot.sandbox.identity import ALL_SCOPES, Identity
from bot.sandbox.presets import furnish
from bot.sandbox.stand_in import SlackStandIn
from storage.database import open_database
from storage.ids import ChannelId, TeamId, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind, Watch
from tests.bot.checks.bedside import Bedside
from tests.factories import make_ts


@pytest.fixture
def granted() -> frozenset[str]:
    """What the stand-in's app was granted; a test changes it by parametrizing."""
    return ALL_SCOPES


@pytest.fixture
def bedside(granted: frozenset[str], tmp_path: Path, sqlite_template: Path) -> Iterator[Bedside]:
    folder = tmp_path / "ballast"
    folder.mkdir(mode=0o700)
    shutil.copy(sqlite_template, folder / "ballast.db")
    database = open_database(f"sqlite:///{folder / 'ballast.db'}")
    with SlackStandIn(identity=Identity(scopes=granted)) as slack:
        workspace, store = furnish(slack), build_store(database)
        team, channel = TeamId(slack.identity.team_id), ChannelId(workspace.feedback.channel_id)
        now = datetime.now(UTC)
        store.workspaces.remember(Workspace(team, "Northwind"), now)
        slack.people.invite_bot(workspace.feedback, workspace.olivia)
        store.workspaces.meet_channel(team, channel, "feedback", ChannelKind.PUBLIC)
        store.workspaces.set_watch(team, channel, Watch.ALL, UserId(workspace.olivia.user_id), now, make_ts(1))
        env = {
            "SLACK_BOT_TOKEN": slack.identity.bot_token,
            "SLACK_APP_TOKEN": slack.identity.app_token,
            "SLACK_API_URL": slack.url,
            "BALLAST_DATA_DIR": str(folder),
        }
        yield Bedside(slack, workspace, folder, database, store, env)
    database.close()

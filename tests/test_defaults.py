"""The defaults that the documentation promises are those of the code."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.answering import ANSWERED_WITHIN
from bot.retention import kept_since
from bot.settings import load_settings
from storage.chosen import WorkspaceChoices
from storage.database import open_database
from storage.ids import ChannelId, TeamId
from storage.records import Channel, Workspace
from storage.schema import upgrade
from storage.vocabulary import ChannelKind
from storage.workspaces import Workspaces
from tests.conftest import NOW

ROOT = Path(__file__).parents[1]


@pytest.fixture
def new_channel(tmp_path: Path) -> Channel:
    """A channel that the bot has just met."""
    database = open_database(f"sqlite:///{tmp_path}/ballast.db")
    upgrade(database)
    workspaces = Workspaces(database)
    workspaces.remember(Workspace(team_id=TeamId("T1"), name="Acme"), NOW)
    channel = workspaces.meet_channel(TeamId("T1"), ChannelId("C1"), "feedback", ChannelKind.PUBLIC)
    database.close()
    return channel


def months_between(since: datetime, until: datetime) -> int:
    return (until.year - since.year) * 12 + until.month - since.month


def promised() -> dict[str, str]:
    """Read the table of defaults: setting to default."""
    page = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    table = page.partition("## Defaults")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, flags=re.MULTILINE)
    return {setting: default.strip("`") for setting, default in rows if setting not in {"setting", "---"}}


def test_every_default_in_the_documentation_is_what_the_code_does(new_channel: Channel) -> None:
    settings, since = load_settings({}), kept_since(NOW, WorkspaceChoices().kept_months)

    assert promised() == {
        "a channel that the bot was invited to": f"{new_channel.watch}` until an owner chooses",
        "answer in a watched channel": new_channel.answer.value,
        "nothing is posted under messages older than": f"{ANSWERED_WITHIN // timedelta(hours=1)} hour",
        "classifier": settings.classifier,
        "slash command": settings.command,
        'emoji that says "saved"': settings.emoji,
        "time zone of weeks and digests": settings.timezone,
        "words are kept, then erased; counts stay": f"{months_between(since, NOW)} months",
        "personal data before a text goes to a model": {"on": "masked", "off": "as it is"}[settings.llm_mask],
    }

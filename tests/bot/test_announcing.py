"""A channel is told once a host that its words go to a language model."""

from dataclasses import replace

import pytest

from bot.announcing import announce_model
from bot.places import model_host
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.settings import load_settings
from storage.database import Database
from storage.ids import UserId
from storage.vocabulary import Watch
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

WORDS = "Words are sent to models.example, where a language model reads them."


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)


def start(running: Running, host: str | None) -> list[str]:
    """Do what a start with this model's host does, and return what #feedback shows then."""
    announce_model(replace(running.parts, model_host=host, words_go_to=WORDS), running.team)
    running.deliver()
    posted = running.slack.messages(running.workspace.feedback)
    return [str(message["text"]) for message in posted if message.get("bot_id")]


def test_a_watched_channel_is_told_where_its_words_go_once_a_host(running: Running) -> None:
    assert [WORDS in text for text in start(running, "models.example")] == [True]
    assert len(start(running, "models.example")) == 1
    assert len(start(running, "other.example")) == 2


def test_a_channel_that_is_not_watched_is_told_nothing(running: Running) -> None:
    now = running.clock()
    running.parts.store.workspaces.set_watch(
        running.team,
        running.channel,
        Watch.OFF,
        UserId("U1"),
        now,
        "1.0",  # type: ignore[arg-type]
    )

    assert start(running, "models.example") == []


def test_without_a_model_nobody_is_told_anything(running: Running) -> None:
    assert start(running, None) == []


@pytest.mark.parametrize(
    ("env", "host"),
    [
        ({"OPENAI_API_KEY": "sk-x"}, None),
        ({"BALLAST_CLASSIFIER": "llm"}, "api.openai.com"),
        (
            {"BALLAST_CLASSIFIER": "local-then-llm", "OPENAI_BASE_URL": "http://models.example:8000/v1"},
            "models.example",
        ),
    ],
)
def test_the_host_is_that_of_the_chosen_model(env: dict[str, str], host: str | None) -> None:
    assert model_host(load_settings(env)) == host

"""What another server of Slack's interface leaves out or does not heed must not change what is kept or shown."""

from datetime import timedelta

import pytest

from bot.port import Page
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import ChannelId, Ts
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_what_was_said_before_an_owner_chose_is_not_taken_in_where_the_range_is_not_heeded(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    heed_no_range(running, monkeypatch)
    running.clock.advance(timedelta(minutes=5))
    running.slack.people.say(running.workspace.feedback, running.workspace.max, "Said after")
    running.clock.advance(timedelta(minutes=5))

    assert running.read() == 1


def test_a_message_of_the_second_in_which_an_owner_chose_is_caught_up_on_where_times_are_counted(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    heed_no_range(running, monkeypatch)
    chosen = running.parts.store.workspaces.channel(running.team, running.channel)
    assert chosen is not None
    assert chosen.read_through is not None
    counted = f"{chosen.read_through.partition('.')[0]}.000000"
    running.slack.people.put(running.workspace.feedback, {"text": "Said at once", "user": "U9", "ts": counted})
    running.clock.advance(timedelta(minutes=5))

    assert running.read() == 1


def heed_no_range(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer each request for a range with all that was ever said."""
    history = running.parts.slack.history

    def whole(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        return history(channel, oldest=Ts("1.000000"), latest=latest, cursor=cursor)

    monkeypatch.setattr(running.parts.slack, "history", whole)


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    slack.people.say(workspace.feedback, workspace.max, "Said before anybody chose")
    slack_clock.advance(timedelta(minutes=5))
    return make_running(slack, workspace, slack_clock, sqlite_database)

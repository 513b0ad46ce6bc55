"""A channel whose past is read: to ask for, read a page at a time, and look at."""

from datetime import timedelta

import pytest

from bot.commands.backfill import answer_backfill
from bot.commands.command import Asked
from bot.port import Page
from bot.sandbox.people import Person
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.past import Backfill
from storage.vocabulary import Source, Watch
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock

MONTH = timedelta(days=30)


def ask(running: Running, words: str, *, by: Person | None = None) -> str:
    person = running.parts.slack.person(UserId((by or running.workspace.olivia).user_id))
    return answer_backfill(running.parts, Asked(running.team, running.channel, person, words)).text


def read_a_page(running: Running) -> None:
    while newest(running).seen == 0:
        running.reader.turn()
        running.clock.advance(timedelta(seconds=2))


def begin_threads(running: Running, count: int) -> None:
    """Let threads begin in the channel, which is watched no more: only a back-fill reads them."""
    watch_no_more(running)
    for number in range(count):
        say(running, "And I", thread=say(running, f"I need it, too {number}"))


def watch_no_more(running: Running) -> None:
    workspaces = running.parts.store.workspaces
    workspaces.set_watch(running.team, running.channel, Watch.OFF, UserId("U1"), running.clock(), Ts("1.000000"))


def say(running: Running, text: str, *, by: Person | None = None, thread: Ts | None = None) -> Ts:
    ts = running.slack.people.say(running.workspace.feedback, by or running.workspace.max, text, thread=thread)
    running.clock.advance(timedelta(minutes=2))
    return Ts(ts)


def newest(running: Running) -> Backfill:
    found = running.parts.store.backfills.of_channel(running.team, running.channel)
    assert found is not None
    return found


def texts(running: Running) -> set[str]:
    claimed = running.parts.store.queue.claim(running.team, limit=50, lease=MONTH, at=running.clock())
    return {one.text for one in claimed}


def sources(running: Running) -> set[Source]:
    said = [Ts(str(one["ts"])) for one in running.slack.messages(running.workspace.feedback)]
    kept = [running.parts.store.history.by_origin(running.team, slack_origin(running.channel, ts)) for ts in said]
    return {one.source for one in kept if one is not None}


def own_messages(running: Running) -> list[dict[str, object]]:
    return [one for one in running.slack.messages(running.workspace.feedback) if one.get("bot_id")]


def pages_of_two(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    history = running.parts.slack.history

    def small(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = 2) -> Page:
        return history(channel, oldest=oldest, latest=latest, cursor=cursor, limit=limit)

    monkeypatch.setattr(running.parts.slack, "history", small)


@pytest.fixture
def running(
    slack: SlackStandIn, workspace: SmallWorkspace, slack_clock: HandClock, sqlite_database: Database
) -> Running:
    """Three messages and a reply, two months old, in a channel that was chosen now."""
    said = [Ts(slack.people.say(workspace.feedback, workspace.max, f"Said long ago {number}")) for number in range(3)]
    slack.people.say(workspace.feedback, workspace.max, "A reply of then", thread=said[0])
    slack_clock.advance(2 * MONTH)
    return make_running(slack, workspace, slack_clock, sqlite_database)

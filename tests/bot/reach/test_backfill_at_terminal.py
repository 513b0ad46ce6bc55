"""``ballast backfill`` reads to the end; what it leaves half done the next start or the running bot goes on with."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.__main__ import run_program
from bot.cli.backfill import ask, read_since
from bot.commands.backfill import parse_span
from bot.errors import InputError
from bot.port import Page
from bot.reach.past import read_past
from bot.sandbox.channels import Kind
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import read_ts
from storage.database import Database
from storage.ids import ChannelId, Ts
from storage.past import Backfill
from storage.vocabulary import BackfillState, ChannelKind
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, workspace  # noqa: F401 - fixtures

NOW = datetime.now(UTC)


def test_the_command_reads_the_past_tells_the_channel_and_counts(
    running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", running.slack.identity.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", running.slack.identity.app_token)
    monkeypatch.setenv("SLACK_API_URL", running.slack.url)
    monkeypatch.setenv("DATABASE_URL", str(running.database.engine.url))
    assert run_program(["backfill", "--channel", "#feedback", "--since", "90d"]) == 0

    assert "4 new. The running bot sorts them." in " ".join(capsys.readouterr().out.split())
    assert running.parts.store.queue.counts(running.team)["waiting"] == 4
    (told,) = [one for one in running.slack.messages(running.workspace.feedback) if one.get("bot_id")]
    assert "has read this channel back to" in told["text"]


def test_the_past_of_a_channel_shared_since_is_read_only_once_its_watch_is_decided(
    running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", running.slack.identity.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", running.slack.identity.app_token)
    monkeypatch.setenv("SLACK_API_URL", running.slack.url)
    monkeypatch.setenv("DATABASE_URL", str(running.database.engine.url))
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED

    assert run_program(["backfill", "--channel", "#feedback", "--since", "90d", "--shared"]) != 0

    assert "watch all shared" in " ".join(capsys.readouterr().err.split())
    channel = running.parts.store.workspaces.channel(running.team, running.channel)
    assert channel is not None
    assert channel.kind is ChannelKind.PUBLIC, "its watch goes on"


def test_what_was_stopped_goes_on_at_once_where_it_was(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    history = running.parts.slack.history

    def small(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = 2) -> Page:
        return history(channel, oldest=oldest, latest=latest, cursor=cursor, limit=limit)

    def stop(_backfill: Backfill) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running.parts.slack, "history", small)
    since = running.clock() - timedelta(days=90)
    ask(running.parts, running.team, running.channel, since)
    with pytest.raises(KeyboardInterrupt):
        read_past(running.parts, running.team, running.channel, told=stop, wait=lambda _seconds: None)

    assert "going on with that one" in ask(running.parts, running.team, running.channel, since)
    ended = read_past(
        running.parts, running.team, running.channel, told=lambda _backfill: None, wait=lambda _seconds: None
    )

    assert ended is not None
    assert ended.state is BackfillState.DONE
    assert running.parts.store.queue.counts(running.team)["waiting"] == 4


def test_what_the_running_bot_reads_is_waited_for_and_not_read_beside_it(running: Running) -> None:
    ask(running.parts, running.team, running.channel, running.clock() - timedelta(days=90))
    held = running.parts.store.backfills.claim(running.team, lease=timedelta(minutes=1), at=running.clock())
    assert held is not None
    told: list[Backfill] = []

    def end_meanwhile(_seconds: float) -> None:
        running.parts.store.backfills.finish(held, at=running.clock())

    ended = read_past(running.parts, running.team, running.channel, told=told.append, wait=end_meanwhile)

    assert ended is not None
    assert ended.state is BackfillState.DONE
    assert len(told) == 1
    assert running.slack.calls("conversations.history") == []


def test_what_a_killed_process_left_is_taken_over_once_its_lease_has_run_out(running: Running) -> None:
    ask(running.parts, running.team, running.channel, running.clock() - timedelta(days=90))
    assert running.parts.store.backfills.claim(running.team, lease=timedelta(minutes=1), at=running.clock())

    def pass_time(seconds: float) -> None:
        running.clock.advance(timedelta(seconds=seconds))

    ended = read_past(running.parts, running.team, running.channel, told=lambda _backfill: None, wait=pass_time)

    assert ended is not None
    assert ended.state is BackfillState.DONE
    assert running.parts.store.queue.counts(running.team)["waiting"] == 4


def test_a_day_and_a_span_name_the_same_beginning() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)

    assert read_since("3 weeks", "UTC", now) == read_since("2026-10-31", "UTC", now)


@pytest.mark.parametrize("span", ["90d", "90 Days", "12w", "1 week", "3 months"])
def test_a_span_is_days_weeks_or_months(span: str) -> None:
    assert parse_span(span, command="/ballast") in {timedelta(days=days) for days in (90, 84, 7)}


@pytest.mark.parametrize("span", ["30 minutes", "90 messages", "7 whatever", "2 millennia", "0d"])
def test_what_is_no_span_is_not_guessed_at(span: str) -> None:
    with pytest.raises(InputError, match="Say how far back: “/ballast backfill 90d”"):
        parse_span(span, command="/ballast")


def test_a_day_whose_words_would_be_erased_at_once_is_read_from_where_they_are_kept(running: Running) -> None:
    told = ask(running.parts, running.team, running.channel, running.clock() - timedelta(days=3000))

    assert "Words are kept for 12 months" in told
    asked = running.parts.store.backfills.of_channel(running.team, running.channel)
    assert asked is not None
    assert running.clock() - read_ts(asked.oldest) < timedelta(days=367)


def test_a_day_to_come_is_refused(running: Running) -> None:
    with pytest.raises(InputError, match="a day that has begun"):
        ask(running.parts, running.team, running.channel, running.clock() + timedelta(days=1))


@pytest.fixture
def slack_clock() -> HandClock:
    """The command tells time by the machine's clock, so what is said here is said by it too."""
    return HandClock(NOW - timedelta(days=60))


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,
    sqlite_database: Database,
) -> Running:
    for number in range(4):
        slack.people.say(workspace.feedback, workspace.max, f"Said long ago {number}")
        slack_clock.advance(timedelta(days=1))
    slack_clock.advance(timedelta(days=55))
    return make_running(slack, workspace, slack_clock, sqlite_database)

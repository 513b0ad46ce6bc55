"""The reader is fair to all that it reads, within what Slack allows, and takes in nothing that nobody agreed to."""

from datetime import timedelta

import pytest

from bot.commands.backfill import begin
from bot.errors import ChannelGoneError, SlackError
from bot.port import Page
from bot.sandbox.channels import Kind
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from storage.database import Database
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.vocabulary import BackfillState, ChannelKind, FeedbackState, Watch
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

MINUTE = timedelta(minutes=1)
SIXTY = range(60)


def test_with_one_page_a_minute_a_long_catching_up_leaves_a_back_fill_its_turn(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_page_a_minute(running, monkeypatch, size=2)
    before = mark(running)
    for number in range(12):
        say(running, f"Missed {number}")
    begin(running.parts, running.team, running.channel, since=running.clock() - timedelta(days=90), by=UserId("U1"))

    running.read(at_most_seconds=0)
    for _ in range(5):
        running.clock.advance(timedelta(seconds=60))
        read_on(running)

    backfill = running.parts.store.backfills.of_channel(running.team, running.channel)
    assert backfill is not None
    assert backfill.state is BackfillState.RUNNING
    assert backfill.seen > 0
    assert mark(running) == before, "the catching up is not whole yet"


def test_a_thread_of_a_channel_that_was_shared_since_is_not_read(running: Running) -> None:
    root = say(running, "The export is slow")
    say(running, "It takes me an hour", thread=root)
    running.read()
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED
    asked = len(running.slack.calls("conversations.replies"))
    running.clock.advance(timedelta(days=2))
    missed = say(running, "Said by the other organisation", thread=root)

    running.read()

    assert len(running.slack.calls("conversations.replies")) == asked
    assert running.parts.store.history.by_origin(running.team, slack_origin(running.channel, missed)) is None


def test_with_one_page_a_minute_what_was_deleted_days_ago_is_erased(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_page_a_minute(running, monkeypatch, size=15)
    say(running, "Before it")
    gone = say(running, "It is wrong")
    read_for(running, minutes=5)
    running.slack.people.delete(running.workspace.feedback, running.workspace.max, gone)
    running.clock.advance(timedelta(days=2))

    read_for(running, minutes=10)

    erased = running.parts.store.history.by_origin(running.team, slack_origin(running.channel, gone))
    assert erased is not None
    assert erased.state is FeedbackState.ERASED


@pytest.mark.parametrize("refused", [ChannelGoneError("gone", code="not_in_channel"), SlackError("odd", code="odd")])
def test_sixty_threads_that_cannot_be_read_keep_no_other_waiting(
    running: Running, monkeypatch: pytest.MonkeyPatch, refused: SlackError
) -> None:
    closed = ChannelId(running.workspace.general.channel_id)
    watch(running, closed)
    ago = running.clock() - timedelta(days=1)
    running.parts.store.threads.note_shown(running.team, closed, {write_ts(ago - one * MINUTE): ago for one in SIXTY})
    root = say(running, "The export is slow")
    missed = say(running, "It takes me an hour", thread=root)
    replies = running.parts.slack.replies

    def closed_to_us(channel: ChannelId, thread: Ts, *, oldest: Ts, cursor: str | None = None) -> Page:
        if channel == closed:
            raise refused
        return replies(channel, thread, oldest=oldest, cursor=cursor)

    monkeypatch.setattr(running.parts.slack, "replies", closed_to_us)
    running.read()

    assert running.parts.store.history.by_origin(running.team, slack_origin(running.channel, missed)) is not None


def test_a_back_fill_of_a_channel_that_was_shared_since_ends_with_the_reason(running: Running) -> None:
    begin(running.parts, running.team, running.channel, since=running.clock() - timedelta(days=9), by=UserId("U1"))
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED

    running.read()

    backfill = running.parts.store.backfills.of_channel(running.team, running.channel)
    assert backfill is not None
    assert "shared with another organisation now" in (backfill.reason or "")
    assert backfill.seen == 0


def test_a_message_in_history_without_a_time_is_kept_raw(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    history = running.parts.slack.history

    def with_one_untimed(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor)
        return Page([*page.messages, {"type": "message", "user": "U1", "text": "When was this?"}], page.cursor)

    monkeypatch.setattr(running.parts.slack, "history", with_one_untimed)
    say(running, "The export is slow")

    assert running.read() == 1
    (unreadable,) = running.parts.store.intake.unreadable(running.team)
    assert "“ts”" in unreadable.reason


def a_page_a_minute(running: Running, monkeypatch: pytest.MonkeyPatch, *, size: int) -> None:
    history = running.parts.slack.history

    def limited(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = size) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor, limit=limit)
        running.slack.throttle("conversations.history", times=1, retry_after_seconds=60)
        return page

    monkeypatch.setattr(running.parts.slack, "history", limited)


def read_for(running: Running, *, minutes: int) -> None:
    for _ in range(minutes):
        read_on(running)
        running.clock.advance(MINUTE)


def read_on(running: Running) -> None:
    while running.reader.turn() == 0.0:
        pass


def say(running: Running, text: str, *, thread: Ts | None = None) -> Ts:
    """Let Max say something that nobody delivers, and two minutes pass."""
    running.clock.advance(timedelta(minutes=2))
    ts = Ts(running.slack.people.say(running.workspace.feedback, running.workspace.max, text, thread=thread))
    running.clock.advance(timedelta(minutes=2))
    return ts


def watch(running: Running, channel: ChannelId) -> None:
    workspaces, owner = running.parts.store.workspaces, UserId(running.workspace.olivia.user_id)
    running.slack.people.invite_bot(running.workspace.general, running.workspace.olivia)
    workspaces.meet_channel(running.team, channel, "general", ChannelKind.PUBLIC)
    workspaces.set_watch(running.team, channel, Watch.ALL, owner, running.clock(), write_ts(running.clock()))


def mark(running: Running) -> Ts:
    (marks,) = running.parts.store.marks.watched(running.team)
    return marks.read_through


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

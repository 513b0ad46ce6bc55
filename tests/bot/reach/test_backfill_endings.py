"""The reading of a channel's past ends where it is cancelled, and follows what becomes of the channel."""

from datetime import timedelta

import pytest

from bot.commands.backfill import cancel
from bot.errors import InputError
from bot.sandbox.clock import HandClock
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import Ts, slack_origin
from storage.vocabulary import BackfillState, ChannelKind
from tests.bot.reach.backfilled import (
    ask,
    begin_threads,
    newest,
    own_messages,
    pages_of_two,
    read_a_page,
    with_a_past,
)
from tests.bot.running import Running
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_cancelling_succeeds_where_the_message_that_tells_of_it_is_gone(running: Running) -> None:
    ask(running, "90d")
    while not own_messages(running):
        running.reader.turn()
    del running.slack.world.channel(running.workspace.feedback).messages[str(own_messages(running)[0]["ts"])]

    assert "Cancelled" in ask(running, "cancel")


def test_cancelling_amid_the_threads_of_a_page_reads_no_further_thread(running: Running) -> None:
    begin_threads(running, 3)
    ask(running, "90d")
    while not running.slack.calls("conversations.replies"):
        running.clock.advance(timedelta(seconds=running.reader.turn() or 0.0))

    cancel(running.parts, running.team, newest(running).backfill_id)
    running.read()

    assert len(running.slack.calls("conversations.replies")) == 1
    assert own_messages(running)[0]["text"].startswith("The reading of this channel's past was cancelled.")


def test_cancelling_ends_it_at_the_next_page_and_says_so_in_its_message(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    while not own_messages(running):
        running.reader.turn()
        running.clock.advance(timedelta(seconds=2))
    (told,) = own_messages(running)
    assert told["blocks"][0]["accessory"]["value"] == str(newest(running).backfill_id)

    cancel(running.parts, running.team, newest(running).backfill_id)
    running.read()

    assert newest(running).state is BackfillState.CANCELLED
    (told,) = own_messages(running)
    assert told["text"].startswith("The reading of this channel's past was cancelled.")
    with pytest.raises(InputError, match="ended already"):
        cancel(running.parts, running.team, newest(running).backfill_id)


def test_a_channel_that_vanishes_between_two_pages_ends_it_with_the_reason(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    running.slack.people.remove_bot(running.workspace.feedback)

    running.read()

    assert newest(running).state is BackfillState.FAILED
    assert "not_in_channel" in (newest(running).reason or "")


def test_a_channel_that_is_shared_between_two_pages_ends_it_with_the_reason(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    came_in = newest(running).new
    running.parts.store.workspaces.correct_kind(running.team, running.channel, ChannelKind.SHARED)

    running.read()

    assert "ask again there" in (newest(running).reason or "")
    assert newest(running).new == came_in


def test_what_is_read_after_a_channel_was_made_private_is_kept_as_private(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    running.parts.store.workspaces.correct_kind(running.team, running.channel, ChannelKind.PRIVATE)
    oldest = Ts(str(running.slack.messages(running.workspace.feedback)[0]["ts"]))

    running.read()

    kept = running.parts.store.history.by_origin(running.team, slack_origin(running.channel, oldest))
    assert kept is not None
    assert kept.channel_kind is ChannelKind.PRIVATE


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return with_a_past(slack, workspace, slack_clock, sqlite_database)

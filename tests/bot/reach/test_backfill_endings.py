"""The reading of a channel's past ends where it is cancelled, and follows what becomes of the channel."""

from datetime import timedelta

import pytest

from bot.commands.backfill import cancel
from bot.commands.channels import answer_unwatch
from bot.commands.command import Asked
from bot.errors import InputError
from bot.port import Page
from bot.sandbox.channels import Kind
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.vocabulary import BackfillState, ChannelKind
from tests.bot.reach.backfilled import (
    ask,
    begin_threads,
    newest,
    own_messages,
    pages_of_two,
    read_a_page,
    running,
    watch_no_more,
)
from tests.bot.running import Running
from tests.slack_stand_in import slack, slack_clock, workspace

__all__ = ["running", "slack", "slack_clock", "workspace"]


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


@pytest.mark.parametrize("is_watched", [True, False])
def test_the_choice_to_keep_nothing_of_the_channel_ends_it_even_amid_a_page(
    running: Running, monkeypatch: pytest.MonkeyPatch, *, is_watched: bool
) -> None:
    if not is_watched:
        watch_no_more(running)
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    came_in, history = newest(running).new, running.parts.slack.history
    olivia = running.parts.slack.person(UserId(running.workspace.olivia.user_id))
    told: list[str] = []

    def unwatched_meanwhile(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        if not told:
            told.append(answer_unwatch(running.parts, Asked(running.team, running.channel, olivia, "")).text)
        return history(channel, oldest=oldest, latest=latest, cursor=cursor)

    monkeypatch.setattr(running.parts.slack, "history", unwatched_meanwhile)
    running.read()

    assert (newest(running).state, newest(running).new) == (BackfillState.CANCELLED, came_in)
    assert "The reading of its past has ended, too." in told[0]
    assert str(own_messages(running)[0]["text"]).startswith("The reading of this channel's past was cancelled.")


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
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED

    running.read()

    assert newest(running).state is BackfillState.FAILED
    assert "ask again there" in (newest(running).reason or "")
    assert newest(running).new == came_in
    assert "is shared with another organisation now" in str(own_messages(running)[0]["text"])


def test_no_thread_is_read_of_a_channel_that_was_shared_after_its_page(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = running.parts.slack.history

    def shared_meanwhile(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor)
        running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED
        return page

    begin_threads(running, 2)
    monkeypatch.setattr(running.parts.slack, "history", shared_meanwhile)
    ask(running, "90d")

    running.read()

    assert not running.slack.calls("conversations.replies")
    assert "ask again there" in (newest(running).reason or "")


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

"""A channel's past: read by the rules of capture, told as it goes, once at a time, gone on with after a kill."""

from datetime import timedelta

import pytest

from bot.errors import InputError, NotAllowedError
from bot.reach.reader import SlackReader
from bot.sandbox.channels import Kind
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import Ts, UserId
from storage.rows import OptOutRow
from storage.vocabulary import BackfillState, Source
from tests.bot.reach.backfilled import (
    MONTH,
    ask,
    begin_threads,
    newest,
    own_messages,
    pages_of_two,
    read_a_page,
    running,
    say,
    sources,
    texts,
    watch_no_more,
)
from tests.bot.running import Running
from tests.slack_stand_in import slack, slack_clock, workspace

__all__ = ["running", "slack", "slack_clock", "workspace"]


def test_the_past_is_read_with_its_threads_and_nothing_is_posted_under_it(running: Running) -> None:
    ask(running, "90d")

    running.read()

    assert texts(running) == {"Said long ago 0", "Said long ago 1", "Said long ago 2", "A reply of then"}
    running.clock.advance(2 * MONTH)
    running.work()
    running.deliver()
    assert newest(running).state is BackfillState.DONE
    assert sources(running) == {Source.CHANNEL}
    (told,) = own_messages(running)
    assert "has read this channel back to 17 Oct 2026: " in told["text"]
    assert "4 kept that were not known" in told["text"]
    assert not any("accessory" in block for block in told["blocks"])
    assert not running.slack.calls("reactions.add")


@pytest.mark.parametrize("pages", [1, 2])
def test_a_message_whose_answer_was_lost_is_found_and_tells_the_end(
    running: Running, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    if pages > 1:
        pages_of_two(running, monkeypatch)
    ask(running, "90d")
    running.slack.lose_answer("chat.postMessage")

    running.read(at_most_seconds=10)

    (told,) = own_messages(running)
    assert "has read this channel back to" in str(told["text"])


def test_no_more_is_read_than_words_are_kept_and_who_asks_for_more_is_told(running: Running) -> None:
    assert "Words are kept" not in ask(running, "2m")
    ask(running, "cancel")
    choosing = Choosing(running.team, None, UserId("U1"), running.clock())
    assert running.parts.store.choices.choose(choosing, Wanted(kept_months=1), tell=lambda _: ())

    told = ask(running, "9999d")
    running.read()

    assert "back to 15 Dec 2026 and tells here how far it is. Words are kept for 1 month, then erased: " in told
    assert newest(running).state is BackfillState.DONE
    assert texts(running) == set()


def test_what_is_said_by_whom_opted_out_and_before_the_time_asked_for_is_left_out(running: Running) -> None:
    with running.database.writing() as session:
        max_id = UserId(running.workspace.max.user_id)
        session.add(OptOutRow(team_id=running.team, user_id=max_id, chosen_at=running.clock()))
    say(running, "By Olivia, now", by=running.workspace.olivia)
    ask(running, "45d")

    running.read()

    assert texts(running) == {"By Olivia, now"}


def test_a_channel_that_nobody_watches_can_be_read_and_stays_unwatched(running: Running) -> None:
    watch_no_more(running)
    ask(running, "90d")
    running.read()
    say(running, "Said after it was asked")

    running.read()

    assert "Said long ago 0" in texts(running)
    assert "Said after it was asked" not in texts(running)


def test_a_reply_said_after_it_was_asked_is_not_of_the_past(running: Running) -> None:
    root = Ts(str(running.slack.messages(running.workspace.feedback)[0]["ts"]))
    watch_no_more(running)
    ask(running, "90d")
    running.clock.advance(timedelta(minutes=5))
    say(running, "Replied after it was asked", thread=root)

    running.read()

    assert texts(running) == {"Said long ago 0", "Said long ago 1", "Said long ago 2", "A reply of then"}


def test_after_a_kill_another_process_goes_on_where_it_was_and_with_the_same_message(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    began = newest(running)

    running.reader = SlackReader(running.parts, lambda: 1.0, running.stopping.is_set)
    running.reader.team_id = running.team
    running.read()
    assert newest(running).seen == began.seen, "the lease of the killed process still holds"
    running.clock.advance(timedelta(minutes=1))
    running.read()

    assert newest(running).state is BackfillState.DONE
    assert texts(running) == {"Said long ago 0", "Said long ago 1", "Said long ago 2", "A reply of then"}
    assert len(own_messages(running)) == 1


def test_a_page_with_more_threads_than_a_lease_lasts_stays_with_the_one_who_reads_it(running: Running) -> None:
    begin_threads(running, 3)
    ask(running, "90d")

    while newest(running).state is BackfillState.RUNNING:
        running.reader.turn()
        assert running.parts.store.backfills.claim(running.team, lease=MONTH, at=running.clock()) is None
        running.clock.advance(timedelta(seconds=12))

    assert newest(running).state is BackfillState.DONE
    assert len(running.slack.calls("conversations.replies")) == 4, "each thread is read once"


def test_what_was_found_is_counted_once_whatever_pages_overlap_and_whoever_is_killed_amid_one(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_threads(running, 4)
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    running.clock.advance(timedelta(seconds=1))
    while len(running.slack.calls("conversations.replies")) < 2:
        running.clock.advance(timedelta(seconds=running.reader.turn() or 0.0))

    running.reader = SlackReader(running.parts, lambda: 1.0, running.stopping.is_set)
    running.reader.team_id = running.team
    running.clock.advance(timedelta(minutes=1))
    running.read()

    assert "13 messages seen, 12 kept that were not known" in str(own_messages(running)[0]["text"])


def test_a_throttled_back_fill_waits_as_long_as_slack_asks_and_keeps_its_claim(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of_two(running, monkeypatch)
    ask(running, "90d")
    read_a_page(running)
    running.slack.throttle("conversations.history", times=None, retry_after_seconds=90)
    running.read()
    running.clock.advance(timedelta(seconds=60))
    asked = len(running.slack.calls("conversations.history"))

    assert running.parts.store.backfills.claim(running.team, lease=MONTH, at=running.clock()) is None
    running.reader.turn()
    assert len(running.slack.calls("conversations.history")) == asked
    running.slack.faults.clear()
    running.clock.advance(timedelta(seconds=60))
    running.read()
    assert newest(running).state is BackfillState.DONE


def test_a_member_who_is_no_owner_a_second_time_and_a_shared_channel_are_refused(running: Running) -> None:
    with pytest.raises(NotAllowedError):
        ask(running, "90d", by=running.workspace.max)
    ask(running, "90d")
    with pytest.raises(InputError, match="being read already"):
        ask(running, "12w")
    assert "Cancelled" in ask(running, "cancel")
    watch_no_more(running)
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED
    with pytest.raises(InputError, match="backfill 90d shared"):
        ask(running, "90d")
    assert "90d" not in ask(running, "90d shared")


@pytest.mark.parametrize("words", ["", "ever", "0d", "-3d", "9999999d"])
def test_a_time_that_cannot_be_read_is_answered_with_one_that_can(running: Running, words: str) -> None:
    with pytest.raises(InputError, match="/ballast backfill 90d"):
        ask(running, words)

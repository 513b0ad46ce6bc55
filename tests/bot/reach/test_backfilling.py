"""A channel's past: read by the rules of capture, told as it goes, once at a time, gone on with after a kill."""

from datetime import timedelta

import pytest

from bot.commands.backfill import answer_backfill, cancel
from bot.commands.command import Asked
from bot.errors import InputError, NotAllowedError
from bot.port import Page
from bot.reach.reader import SlackReader
from bot.sandbox.channels import Kind
from bot.sandbox.clock import HandClock
from bot.sandbox.people import Person
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.past import Backfill
from storage.rows import OptOutRow
from storage.vocabulary import BackfillState, ChannelKind, Source, Watch
from tests.bot.running import Running, make_running
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

MONTH = timedelta(days=30)


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
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED
    with pytest.raises(InputError, match="backfill 90d shared"):
        ask(running, "90d")
    assert "90d" not in ask(running, "90d shared")


@pytest.mark.parametrize("words", ["", "ever", "0d", "-3d", "9999999d"])
def test_a_time_that_cannot_be_read_is_answered_with_one_that_can(running: Running, words: str) -> None:
    with pytest.raises(InputError, match="/ballast backfill 90d"):
        ask(running, words)


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
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    """Three messages and a reply, two months old, in a channel that was chosen now."""
    said = [Ts(slack.people.say(workspace.feedback, workspace.max, f"Said long ago {number}")) for number in range(3)]
    slack.people.say(workspace.feedback, workspace.max, "A reply of then", thread=said[0])
    slack_clock.advance(2 * MONTH)
    return make_running(slack, workspace, slack_clock, sqlite_database)

"""Edits and deletions of which nobody told are found; what is only not shown any more stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.errors import ChannelGoneError
from bot.port import Message, Page
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import ChannelId, Ts, slack_origin
from storage.records import Feedback
from storage.rows import ChannelRow
from storage.vocabulary import FeedbackState
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

A_WHILE = timedelta(hours=2)
TWO_DAYS = timedelta(days=2)


def test_an_edit_that_nobody_told_of_is_applied_and_read_again_only_then(running: Running) -> None:
    kept, other = say(running, "The export is slow."), say(running, "We need audit logs.")
    running.read()
    running.work()
    running.slack.people.edit(running.workspace.feedback, running.workspace.max, kept, "The export takes an hour.")
    running.clock.advance(A_WHILE)

    running.read()

    assert feedback(running, kept).text == "The export takes an hour."
    assert feedback(running, kept).state is FeedbackState.WAITING
    assert feedback(running, other).state is FeedbackState.CLASSIFIED


@pytest.mark.parametrize("odd", [{"text": ["It takes an hour."]}, {"subtype": "of_next_year"}])
def test_an_edit_that_cannot_be_read_leaves_the_words_as_they_were(running: Running, odd: dict[str, object]) -> None:
    kept = say(running, "The export is slow.")
    running.read()
    running.slack.people.edit(running.workspace.feedback, running.workspace.max, kept, "It takes an hour.")
    running.slack.world.channel(running.workspace.feedback).messages[kept].update(odd)
    running.clock.advance(A_WHILE)

    running.read()

    assert feedback(running, kept).text == "The export is slow."
    assert len(running.parts.store.intake.unreadable(running.team)) == ("text" in odd)


def test_what_an_app_unfurled_is_no_edit(running: Running) -> None:
    kept = say(running, "See https://example.com")
    running.read()
    running.work()
    running.slack.people.unfurl(
        running.workspace.feedback, kept, {"title": "A page", "from_url": "https://example.com"}
    )
    running.clock.advance(A_WHILE)

    running.read()

    assert feedback(running, kept).state is FeedbackState.CLASSIFIED


@pytest.mark.parametrize("later", [A_WHILE, TWO_DAYS])
def test_a_message_that_was_deleted_unheard_is_erased_and_the_others_stay(running: Running, later: timedelta) -> None:
    before, gone, after = (say(running, text) for text in ("Before it", "It is wrong", "After it"))
    running.read()
    running.slack.people.delete(running.workspace.feedback, running.workspace.max, gone)
    running.clock.advance(later)

    running.read()

    assert feedback(running, gone).state is FeedbackState.ERASED
    assert feedback(running, gone).text == ""
    assert [feedback(running, ts).text for ts in (before, after)] == ["Before it", "After it"]


def test_what_was_said_and_deleted_within_seconds_is_erased_within_a_minute(running: Running) -> None:
    people, channel, max_ = running.slack.people, running.workspace.feedback, running.workspace.max
    kept, gone = say(running, "Before it"), Ts(people.say(channel, max_, "It is wrong"))
    running.clock.advance(timedelta(seconds=5))
    running.read()
    people.delete(channel, max_, gone)

    running.read()
    assert feedback(running, gone).text == "It is wrong", "Slack may not show yet what was said a moment ago"
    running.read(at_most_seconds=60)

    assert feedback(running, gone).state is FeedbackState.ERASED
    assert feedback(running, kept).text == "Before it"


def test_what_time_took_from_everybody_is_no_deletion(running: Running) -> None:
    kept = [say(running, text) for text in ("The first", "The second")]
    running.read()
    running.clock.advance(TWO_DAYS)
    keep_only(running, lambda ts: ts > kept[-1])  # a workspace that keeps messages for a day
    say(running, "Said later")

    running.read()

    assert [feedback(running, ts).text for ts in kept] == ["The first", "The second"]


def test_a_page_that_leaves_a_message_out_deletes_nothing(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [say(running, text) for text in ("The first", "The second", "The third")]
    running.read()
    history = running.parts.slack.history

    def forgetful(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = 200) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor, limit=limit)
        return Page([one for one in page.messages if one["ts"] != kept[1] or limit == 1], page.cursor)

    monkeypatch.setattr(running.parts.slack, "history", forgetful)
    running.clock.advance(A_WHILE)

    running.read()

    assert feedback(running, kept[1]).text == "The second"


def test_a_deleted_root_that_left_a_tombstone_is_erased_and_its_reply_stays(running: Running) -> None:
    root = say(running, "The root is wrong")
    reply = say(running, "We lose an hour a day with it.", thread=root)
    running.read()
    running.slack.people.delete(running.workspace.feedback, running.workspace.max, root)
    running.clock.advance(A_WHILE)

    running.read()

    assert feedback(running, root).state is FeedbackState.ERASED
    assert feedback(running, reply).text == "We lose an hour a day with it."


@pytest.mark.parametrize("untold", [("latest_reply",), ("latest_reply", "reply_count")])
def test_a_reply_is_found_where_a_server_does_not_tell_when_it_was_said(
    running: Running, monkeypatch: pytest.MonkeyPatch, untold: tuple[str, ...]
) -> None:
    history = running.parts.slack.history

    def terse(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor)
        told = [{name: value for name, value in one.items() if name not in untold} for one in page.messages]
        return Page(told, page.cursor)

    monkeypatch.setattr(running.parts.slack, "history", terse)
    missed = say(running, "It takes me an hour", thread=say(running, "The export is slow"))

    running.read()

    assert feedback(running, missed).text == "It takes me an hour"


def test_an_active_thread_that_was_deleted_whole_is_erased_though_its_root_is_older_than_a_week(
    running: Running,
) -> None:
    before, root = say(running, "Before it"), say(running, "The root is wrong")
    reply = say(running, "So is this", thread=root)
    running.read()
    running.clock.advance(timedelta(days=10))
    for ts in (reply, root):
        running.slack.people.delete(running.workspace.feedback, running.workspace.max, ts)

    running.read()

    assert [feedback(running, ts).state for ts in (root, reply)] == [FeedbackState.ERASED, FeedbackState.ERASED]
    assert feedback(running, before).text == "Before it"


def test_a_server_that_loses_a_thread_whose_root_it_shows_deletes_nothing(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = say(running, "The export is slow")
    reply = say(running, "It takes me an hour", thread=root)
    running.read()

    lost_thread = ChannelGoneError("gone", code="thread_not_found")

    def lost(_channel: ChannelId, _thread: Ts, **_asked: object) -> Page:
        raise lost_thread

    monkeypatch.setattr(running.parts.slack, "replies", lost)
    running.clock.advance(TWO_DAYS)

    running.read()

    assert [feedback(running, ts).text for ts in (root, reply)] == ["The export is slow", "It takes me an hour"]


def test_a_reply_that_was_missed_is_taken_in_and_one_that_was_deleted_is_erased(running: Running) -> None:
    root = say(running, "The export is slow")
    first, second = (say(running, text, thread=root) for text in ("It takes me an hour", "We gave it up"))
    running.read()
    assert feedback(running, second).thread_ts == root
    running.slack.people.delete(running.workspace.feedback, running.workspace.max, first)
    running.clock.advance(A_WHILE)
    missed = say(running, "And so did we at Fernhill", thread=root)

    running.read()

    assert feedback(running, first).state is FeedbackState.ERASED
    assert feedback(running, missed).text == "And so did we at Fernhill"


def test_a_thread_is_read_again_after_a_day_and_not_when_it_is_silent_for_two_weeks(running: Running) -> None:
    root = say(running, "The export is slow")
    say(running, "It takes me an hour", thread=root)
    running.read()
    asked = len(running.slack.calls("conversations.replies"))
    read_on(running)
    assert len(running.slack.calls("conversations.replies")) == asked

    running.clock.advance(TWO_DAYS)
    read_on(running)
    assert len(running.slack.calls("conversations.replies")) > asked
    asked = len(running.slack.calls("conversations.replies"))

    running.clock.advance(timedelta(days=15))
    read_on(running)
    assert len(running.slack.calls("conversations.replies")) == asked


def test_threads_are_left_alone_where_a_channel_leaves_them_out(running: Running) -> None:
    root = say(running, "The export is slow")
    say(running, "It takes me an hour", thread=root)
    with running.database.writing() as session:
        session.execute(update(ChannelRow).values(keep_threads=False))

    running.read()

    assert running.slack.calls("conversations.replies") == []


def say(running: Running, text: str, *, thread: Ts | None = None) -> Ts:
    """Let Max say something that nobody delivers, and two minutes pass."""
    running.clock.advance(timedelta(minutes=2))
    ts = Ts(running.slack.people.say(running.workspace.feedback, running.workspace.max, text, thread=thread))
    running.clock.advance(timedelta(minutes=2))
    return ts


def read_on(running: Running) -> None:
    """Read what is due without a new hello."""
    while (seconds := running.reader.turn()) is not None and seconds <= 2:
        running.clock.advance(timedelta(seconds=seconds))


def feedback(running: Running, ts: Ts) -> Feedback:
    found = running.parts.store.history.by_origin(running.team, slack_origin(running.channel, ts))
    assert found is not None
    return found


def keep_only(running: Running, keep: Callable[[str], bool]) -> None:
    """Let Slack forget messages without a word, as it does when their time is over."""
    channel = running.slack.world.channel(running.workspace.feedback)
    kept: dict[str, Message] = {ts: message for ts, message in channel.messages.items() if keep(ts)}
    with running.slack.world.changed:
        channel.messages.clear()
        channel.messages.update({ts: dict(message) for ts, message in kept.items()})


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

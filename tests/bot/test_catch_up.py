from datetime import timedelta

import pytest

from bot.port import Page
from bot.reach.reader import SlackReader
from bot.sandbox.channels import Kind
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database
from storage.erasing import Erasing
from storage.ids import ChannelId, Ts, UserId
from storage.vocabulary import ChannelKind, Watch
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_what_was_said_during_an_absence_is_taken_in_once(running: Running) -> None:
    said = say(running, 3)

    assert running.read() == 3
    assert running.read() == 0
    assert waiting(running) == len(said)
    assert running.woken == ["wake"]


def test_every_page_is_read(running: Running) -> None:
    say(running, 205)

    running.read()

    assert waiting(running) == 205


def test_nothing_is_kept_of_a_channel_that_stops_being_watched_between_two_pages(running: Running) -> None:
    say(running, 205)
    one_page(running)
    workspaces, now = running.parts.store.workspaces, running.clock()
    workspaces.set_watch(running.team, running.channel, Watch.OFF, UserId("U1"), now, write_ts(now))

    running.read()

    assert waiting(running) == 200


def test_a_failure_on_the_second_page_moves_no_mark_and_the_reading_goes_on_below_the_first(running: Running) -> None:
    say(running, 205)
    before = mark(running)
    one_page(running)
    running.slack.fail("conversations.history", error="fatal_error", status=500)
    running.read(at_most_seconds=0)
    assert mark(running) == before
    assert waiting(running) == 200
    asked = len(running.slack.calls("conversations.history"))

    running.read(at_most_seconds=60)

    assert waiting(running) == 205
    assert float(mark(running)) > float(before)
    went_on = running.slack.calls("conversations.history")[asked]
    assert went_on.arguments["latest"] == running.slack.messages(running.workspace.feedback)[-200]["ts"]


def test_a_reading_that_was_cut_off_goes_on_in_another_process_and_what_came_meanwhile_is_read_afterwards(
    running: Running,
) -> None:
    say(running, 205)
    one_page(running)
    meanwhile = say(running, 3)

    after_the_kill = SlackReader(running.parts, lambda: 1.0, running.stopping.is_set)
    after_the_kill.team_id = running.team
    running.reader = after_the_kill
    running.read()

    assert waiting(running) == 208
    assert float(mark(running)) > float(meanwhile[-1])


def test_with_one_request_a_minute_and_fifteen_messages_a_page_nothing_is_lost(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = running.parts.slack.history

    def limited(channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None) -> Page:
        page = history(channel, oldest=oldest, latest=latest, cursor=cursor, limit=15)
        running.slack.throttle("conversations.history", times=1, retry_after_seconds=60)
        return page

    monkeypatch.setattr(running.parts.slack, "history", limited)
    say(running, 40)
    began = running.clock()

    running.read(at_most_seconds=60)

    assert waiting(running) == 40
    assert running.clock() - began >= timedelta(minutes=2)
    assert len(running.slack.calls("conversations.history")) < 20, "Retry-After is obeyed, not tried against"


def test_the_mark_stays_a_minute_behind_what_slack_may_not_show_yet(running: Running) -> None:
    running.clock.advance(timedelta(hours=2))
    running.read()

    assert mark(running) == write_ts(running.clock() - timedelta(minutes=1))


def test_an_app_that_nobody_allowed_is_not_taken_in(running: Running) -> None:
    say(running, 1)
    running.slack.people.put(running.workspace.feedback, {"text": "an app", "bot_id": "B1", "user": "U9"})
    running.clock.advance(timedelta(minutes=5))

    running.read()

    assert waiting(running) == 1


def test_what_was_said_before_its_author_came_back_and_its_app_was_allowed_stays_out(running: Running) -> None:
    people, feedback, choices = running.slack.people, running.workspace.feedback, running.parts.store.choices
    max_id, app = UserId(running.workspace.max.user_id), {"text": "an app", "bot_id": "B1", "user": "U9"}
    choices.opt_out(running.team, max_id, running.clock())
    say(running, 1)
    people.put(feedback, app)
    running.clock.advance(timedelta(minutes=5))
    running.read()
    choosing = Choosing(running.team, None, UserId(running.workspace.olivia.user_id), running.clock())
    choices.choose(choosing, Wanted(apps={"B1": True}), tell=lambda _: ())
    choices.opt_in(running.team, max_id, running.clock())
    running.clock.advance(timedelta(hours=2))

    running.read()
    assert waiting(running) == 0
    say(running, 1)
    people.put(feedback, app)
    running.clock.advance(timedelta(minutes=5))
    running.read()

    assert waiting(running) == 2


def test_a_channel_out_of_reach_does_not_keep_the_others_from_being_read(running: Running) -> None:
    other = ChannelId(running.workspace.product.channel_id)
    watch(running, other)
    say(running, 1)
    running.slack.people.say(running.workspace.product, running.workspace.max, "In another channel")
    running.slack.people.remove_bot(running.workspace.feedback)

    assert running.read() == 1


@pytest.mark.parametrize(("code", "read"), [("missing_scope", 1), ("token_revoked", 0)])
def test_a_lacking_scope_skips_one_channel_and_a_refused_token_all(running: Running, code: str, read: int) -> None:
    watch(running, ChannelId(running.workspace.product.channel_id))
    for channel in (running.workspace.feedback, running.workspace.product):
        running.slack.people.say(channel, running.workspace.max, "Said in both")
    running.clock.advance(timedelta(minutes=5))
    running.slack.fail("conversations.history", error=code)

    assert running.read() == read


def test_a_channel_that_was_shared_since_its_owner_chose_is_not_read(running: Running) -> None:
    say(running, 1)
    running.slack.world.channel(running.workspace.feedback).kind = Kind.SHARED

    running.read()
    running.read()
    running.deliver()

    assert waiting(running) == 0
    notices = [one for one in running.slack.messages(running.workspace.feedback) if one.get("bot_id")]
    assert len(notices) == 1
    assert "/ballast watch all shared" in notices[0]["text"]


def test_a_channel_that_was_made_private_while_nobody_listened_is_closed_before_it_is_read(running: Running) -> None:
    say(running, 1)
    running.slack.world.channel(running.workspace.feedback).kind = Kind.PRIVATE

    running.read()

    store = running.parts.store
    channel = store.workspaces.channel(running.team, running.channel)
    assert channel is not None
    assert channel.kind is ChannelKind.PRIVATE
    claimed = store.queue.claim(running.team, limit=5, lease=timedelta(minutes=1), at=running.clock())
    assert [store.history.feedback(running.team, one.feedback_id).channel_kind for one in claimed] == [
        ChannelKind.PRIVATE
    ]


def test_an_erased_message_does_not_come_back_though_it_is_read_again(running: Running) -> None:
    running.clock.advance(timedelta(minutes=5))
    running.slack.people.say(running.workspace.feedback, running.workspace.max, "Said just now")
    assert running.read() == 1
    running.clock.advance(timedelta(days=400))
    erasing = Erasing(running.database)
    assert erasing.erase_words(running.team, running.clock() - timedelta(days=365), at=running.clock()) == 1

    assert running.read() == 0
    assert float(mark(running)) > float(write_ts(running.clock() - timedelta(minutes=2)))
    assert running.parts.store.queue.counts(running.team)["erased"] == 1


def say(running: Running, count: int) -> list[Ts]:
    """Let messages be said without anybody delivering them, then let five minutes pass."""
    running.clock.advance(timedelta(minutes=5))
    channel, person = running.workspace.feedback, running.workspace.max
    said = [Ts(running.slack.people.say(channel, person, f"Message {number}")) for number in range(count)]
    running.clock.advance(timedelta(minutes=5))
    return said


def watch(running: Running, channel: ChannelId) -> None:
    running.slack.people.invite_bot(running.workspace.product, running.workspace.olivia)
    workspaces = running.parts.store.workspaces
    workspaces.meet_channel(running.team, channel, "product", ChannelKind.PUBLIC)
    since = write_ts(running.clock())
    workspaces.set_watch(running.team, channel, Watch.ALL, UserId("U1"), running.clock(), since)


def one_page(running: Running) -> None:
    """Read the newest page of the channel and no more."""
    running.reader.call()
    assert running.reader.turn() == 0.0


def waiting(running: Running) -> int:
    return running.parts.store.queue.counts(running.team)["waiting"]


def mark(running: Running) -> Ts:
    channel = running.parts.store.workspaces.channel(running.team, running.channel)
    assert channel is not None
    assert channel.read_through is not None
    return channel.read_through


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

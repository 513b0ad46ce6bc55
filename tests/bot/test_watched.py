"""What deliveries about a watched channel leave behind, in whichever order they come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.parts import Store
from bot.shapes.times import write_ts
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, Ts, UserId
from storage.records import Feedback
from storage.vocabulary import ChannelKind, FeedbackState, Watch
from tests.bot.listening import ACME, Listening, make_listening, payload

CHANNEL, TS, REPLY = "C200", "1763600000.000200", "1763600050.000100"
SAID = "Our auditors want to see who changed a figure."


def test_an_edit_puts_its_words_in_the_place_of_the_old(bot: Listening) -> None:
    deliver(bot, said(SAID), edited("Never mind.", "1763600010.000000"))

    assert (kept(bot).text, bot.woken) == ("Never mind.", ["woken", "woken"])


def test_the_latest_edit_stays_in_whichever_order_they_come(bot: Listening) -> None:
    deliver(bot, edited("third", "1763600030.000000"), edited("second", "1763600020.000000"), said(SAID))

    assert kept(bot).text == "third"


def test_what_slack_unfurls_in_a_message_changes_nothing(bot: Listening) -> None:
    deliver(bot, said(SAID), edited("other words", None))

    assert (kept(bot).text, bot.woken) == (SAID, ["woken"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["after the message", "before the message"])
def test_a_deletion_wins_in_whichever_order_it_comes(bot: Listening, order: tuple[int, int]) -> None:
    deliveries = (said(SAID), gone())
    deliver(bot, *(deliveries[each] for each in order), edited("edited", "1763600010.000000"))

    assert (kept(bot).text, kept(bot).state) == ("", FeedbackState.ERASED)


def test_the_tombstone_of_a_root_with_replies_is_a_deletion(bot: Listening) -> None:
    tombstone = {"type": "message", "subtype": "tombstone", "text": "This message was deleted.", "ts": TS}
    deliver(bot, said(SAID), said("Reply of its own.", ts=REPLY, thread_ts=TS), changed(tombstone))

    assert (kept(bot).text, kept(bot, REPLY).text) == ("", "Reply of its own.")


def test_a_message_without_words_left_is_emptied_whichever_comes_first(bot: Listening) -> None:
    deliver(bot, edited("", "1763600010.000000"), said(SAID))

    assert kept(bot).text == ""


def test_a_message_that_an_edit_made_a_request_is_no_feedback_any_more(bot: Listening) -> None:
    deliver(bot, said(SAID), edited("<@U900> save this", "1763600010.000000"))

    assert kept(bot).text == ""


def test_a_reply_is_feedback_of_its_own_linked_to_its_root(bot: Listening) -> None:
    deliver(bot, said("The export is slow too.", ts=REPLY, thread_ts=TS))

    assert (kept(bot, REPLY).thread_ts, kept(bot, REPLY).state) == (TS, FeedbackState.WAITING)


def test_a_reply_that_went_to_the_channel_too_is_kept_once(bot: Listening) -> None:
    reply = said("The export is slow too.", ts=REPLY, thread_ts=TS)
    deliver(bot, said("The export is slow too.", ts=REPLY, thread_ts=TS, subtype="thread_broadcast"), reply)

    assert kept(bot, REPLY).thread_ts == TS
    assert bot.store.queue.counts(ACME.team_id)["waiting"] == 1


def test_an_app_is_noted_but_its_posts_are_kept_only_once_it_is_allowed(bot: Listening) -> None:
    post = said("NPS 3: the export is slow", bot_id="B77", username="Surveys", subtype="bot_message")
    deliver(bot, post)

    assert bot.kept(CHANNEL, TS) is None
    (app,) = bot.store.choices.apps(ACME.team_id)
    assert (app.app, app.name, app.allowed) == ("B77", "Surveys", False)


def test_somebody_who_opted_out_is_not_taken_in_and_an_edit_is_no_way_round(bot: Listening, now: datetime) -> None:
    bot.store.choices.opt_out(ACME.team_id, UserId("U300"), now)

    deliver(bot, said(SAID), edited("edited", "1763600010.000000"))

    assert bot.kept(CHANNEL, TS) is None


def test_words_of_somebody_who_opted_out_since_go_with_their_next_edit(bot: Listening, now: datetime) -> None:
    deliver(bot, said(SAID))
    bot.store.choices.opt_out(ACME.team_id, UserId("U300"), now)

    deliver(bot, edited("edited", "1763600010.000000"))

    assert kept(bot).text == ""


@pytest.mark.parametrize("mode", [Watch.REQUEST, Watch.OFF])
def test_what_is_kept_stays_in_step_where_the_watch_takes_nothing_in(bot: Listening, mode: Watch) -> None:
    deliver(bot, said(SAID))
    bot.watch(CHANNEL, mode)

    deliver(bot, edited("Never mind.", "1763600010.000000"), edited("new", "1763600010.000000", ts=REPLY))
    assert (kept(bot).text, bot.kept(CHANNEL, REPLY)) == ("Never mind.", None)

    deliver(bot, gone())
    assert kept(bot).text == ""


def test_an_edit_takes_in_nothing_that_was_said_before_an_owner_chose(bot: Listening, now: datetime) -> None:
    at = int(now.timestamp())
    before, after = f"{at - 60}.000100", f"{at + 60}.000100"
    workspaces, channel = bot.store.workspaces, ChannelId("C300")
    workspaces.meet_channel(ACME.team_id, channel, "new", ChannelKind.PUBLIC)
    workspaces.set_watch(ACME.team_id, channel, Watch.ALL, UserId("U1"), now, Ts(f"{at}.000000"))

    for ts in (before, after):
        body = edited("edited", f"{at + 90}.000000", ts=ts)
        body["event"] |= {"channel": channel, "ts": f"{at + 90}.000200", "event_ts": f"{at + 90}.000200"}
        deliver(bot, body)

    assert [bot.kept(channel, ts) is not None for ts in (before, after)] == [False, True]


@pytest.mark.parametrize(("minutes_before", "is_kept"), [(5, False), (0.05, True), (-1, True)])
@pytest.mark.parametrize("let_in", ["watched", "back in", "app allowed"])
def test_a_late_delivery_takes_in_nothing_that_was_said_before_it_was_let_in(
    bot: Listening, now: datetime, let_in: str, minutes_before: float, *, is_kept: bool
) -> None:
    said_at = write_ts(now - timedelta(minutes=minutes_before))
    choosing = Choosing(ACME.team_id, ChannelId(CHANNEL), UserId("U1"), now)
    if let_in == "watched":
        for watch in (Watch.OFF, Watch.ALL):
            bot.store.choices.choose(choosing, Wanted(watch=(watch, write_ts(now))), tell=lambda _: ())
    elif let_in == "back in":
        bot.store.choices.opt_out(ACME.team_id, UserId("U300"), now - timedelta(days=1))
        bot.store.choices.opt_in(ACME.team_id, UserId("U300"), now)
    else:
        bot.store.choices.note_app(ACME.team_id, "B77", "Surveys", now)
        bot.store.choices.choose(choosing, Wanted(apps={"B77": True}), tell=lambda _: ())

    deliver(bot, said(SAID, ts=said_at, **({"bot_id": "B77"} if let_in == "app allowed" else {})))

    assert (bot.kept(CHANNEL, said_at) is not None) == is_kept


def test_our_own_messages_that_change_or_go_leave_nothing(bot: Listening) -> None:
    ours = {"type": "message", "user": "U900", "bot_id": "B900", "text": "Saved.", "ts": TS}
    body = gone()
    body["event"]["previous_message"] = ours
    deliver(bot, changed(ours | {"edited": {"user": "U900", "ts": "1763600010.000000"}}), body)

    assert bot.kept(CHANNEL, TS) is None


def test_the_comment_on_a_forward_goes_and_changes_with_it(bot: Listening) -> None:
    comment = "And we lose two hours each week on it."
    body = payload("forward", text=comment)
    channel, ts = body["event"]["channel"], body["event"]["ts"]
    bot.watch(channel)
    deliver(bot, body)
    assert words_at(bot, channel, ts) == [comment]

    message = body["event"] | {"text": "Three hours each week, they tell me.", "edited": {"ts": "1863600010.000000"}}
    deliver(bot, changed(message) | {"event": changed(message)["event"] | {"channel": channel}})
    assert words_at(bot, channel, ts) == ["Three hours each week, they tell me."]

    body = gone(ts)
    body["event"]["channel"] = channel
    deliver(bot, body)
    assert words_at(bot, channel, ts) == [""]


def said(text: str, **event: object) -> dict[str, Any]:
    return payload("message", text=text, **event)


def changed(message: dict[str, Any]) -> dict[str, Any]:
    return payload("message_changed", channel=CHANNEL, message=message, previous_message={})


def edited(text: str, edited_ts: str | None, ts: str = TS) -> dict[str, Any]:
    message = {"type": "message", "user": "U300", "text": text, "ts": ts}
    return changed(message | ({"edited": {"user": "U300", "ts": edited_ts}} if edited_ts else {}))


def gone(ts: str = TS) -> dict[str, Any]:
    return payload("message_deleted", channel=CHANNEL, deleted_ts=ts, previous_message={})


def deliver(bot: Listening, *bodies: dict[str, Any]) -> None:
    """Deliver each twice: the second time changes nothing."""
    for body in bodies:
        assert [bot.dispatch(body).status for _ in range(2)] == [200, 200]


def kept(bot: Listening, ts: str = TS) -> Feedback:
    found = bot.kept(CHANNEL, ts)
    assert found is not None
    return found


def words_at(bot: Listening, channel: str, ts: str) -> list[str]:
    """What is kept of the comment on a forward."""
    found = bot.store.history.by_origin(ACME.team_id, f"slack:{channel}:{ts}#comment")  # type: ignore[arg-type]  # an origin
    return [] if found is None else [found.text]


@pytest.fixture
def bot(store: Store, clock: Callable[[], datetime]) -> Listening:
    listening = make_listening(store, None, ACME, clock)  # type: ignore[arg-type]  # asks Slack nothing
    listening.watch(CHANNEL)
    return listening

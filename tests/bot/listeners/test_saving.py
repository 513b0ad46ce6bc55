"""Saving by hand, as people do it: a shortcut, a reaction, a mention, a direct message, a command."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.fetching import LEASE, Fetcher
from bot.sandbox.channels import Channel
from bot.sandbox.clock import HandClock
from bot.sandbox.people import Person
from bot.sandbox.pressing import Exchange
from bot.views import ids
from storage.accounts import NewAccount
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.records import Feedback, Place, Post
from storage.rows import FeedbackRow
from storage.vocabulary import ChannelKind, FeedbackState, PostKind, Source, Watch
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock, payload

WORDS = "We cannot buy it without audit logs."
EMOJI = "inbox_tray"


def test_the_shortcut_saves_where_the_bot_is_not_and_what_was_said_beside_it(office: Office) -> None:
    ts = office.slack.people.say(office.people.product, office.people.olivia, WORDS)
    said = {
        ids.SAVE_NOTE: "Renewal in May.",
        ids.SAVE_ACCOUNT: " halden  energi ",
        ids.SAVE_PERSON: "Mary",
        ids.SAVE_PERSONA: "economic_buyer",
        ids.SAVE_THEME: "compliance",
    }
    listed = NewAccount("Halden", aliases=("Halden Energi",))
    office.bot.store.accounts.put(office.bot.workspace.team_id, [listed], office.bot.parts.clock())
    form = open_form(office, "max", office.people.product, ts)
    assert WORDS in str(form["blocks"])
    office.slack.presses.submit_view("max", said)
    assert "Saved as feedback." in str(office.modal_of("max")["blocks"])

    row = row_of(office, office.people.product, ts)
    assert (row.text, row.source, row.reporter, row.saved_by) == (
        WORDS,
        Source.SHORTCUT,
        id_of(office.people.olivia),
        id_of(office.people.max),
    )
    assert (row.note, row.account, row.person) == ("Renewal in May.", "Halden", "Mary")
    assert (row.stated_side, row.stated_theme, row.stated_persona) == ("customer", "compliance", "economic_buyer")


def test_a_message_that_is_watched_and_saved_is_one_row(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    office.slack.presses.submit_view("max", {ids.SAVE_NOTE: "Asked twice."})
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    fetch(office)

    assert "kept already" in office.told("olivia")
    assert (row_of(office, office.people.feedback, ts).note, waiting(office)) == ("Asked twice.", 1)


def test_a_private_channel_where_the_bot_is_not_stays_private(office: Office) -> None:
    ts = office.slack.people.say(office.people.sales_private, office.people.olivia, WORDS)
    open_form(office, "max", office.people.sales_private, ts)
    office.slack.presses.submit_view("max")

    assert "its words and link are shown only here" in str(office.modal_of("max")["blocks"])
    assert kept(office, office.people.sales_private, ts).channel_kind is ChannelKind.PRIVATE


def test_labels_that_contradict_each_other_are_said_in_the_form(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    exchange = office.slack.presses.submit_view("max", {ids.SAVE_SIDE: "user", ids.SAVE_THEME: "compliance"})

    assert exchange.errors == {ids.SAVE_THEME: "“Compliance” is a customer problem. Choose another theme or side."}
    assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_a_form_on_a_locked_database_says_so_and_saves_when_sent_again(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    with holding_the_write_lock(office.database):
        assert office.slack.presses.submit_view("max").errors.keys() == {ids.SAVE_NOTE}
    office.slack.presses.submit_view("max")

    assert kept(office, office.people.feedback, ts).text == WORDS


def test_a_message_deleted_or_changed_while_its_form_is_open_is_not_saved_as_it_was(office: Office) -> None:
    for change in (
        lambda ts: office.slack.people.delete(office.people.feedback, "max", ts),
        lambda ts: office.slack.people.edit(office.people.feedback, "max", ts, "Never mind."),
    ):
        ts = say(office, WORDS)
        open_form(office, "max", office.people.feedback, ts)
        change(ts)
        office.slack.until_settled()
        assert "Open the form again" in office.slack.presses.submit_view("max").errors[ids.SAVE_NOTE]
        assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_what_was_erased_is_refused_before_a_form_is_filled_in(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts, at = Ts(say(office, WORDS)), office.bot.parts.clock()
    channel = ChannelId(office.people.feedback.channel_id)
    place = Place(office.bot.workspace.team_id, channel, ts, at, ChannelKind.PUBLIC)
    assert office.bot.store.amending.delete(place, at, remember=False)
    office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)

    assert "does not come back" in office.told("olivia")
    assert not office.slack.modals("olivia")


def test_a_form_that_is_closed_leaves_nothing_behind(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    office.slack.presses.close_view("max")
    office.slack.until_settled()

    team, channel = office.bot.workspace.team_id, ChannelId(office.people.feedback.channel_id)
    assert office.slack.until(lambda: office.bot.store.drafts.of_message(team, channel, Ts(ts)) is None)


@pytest.mark.parametrize("way", ["shortcut", "reaction"])
def test_what_somebody_said_who_opted_out_is_not_saved_by_others(office: Office, way: str) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    office.bot.store.choices.opt_out(office.bot.workspace.team_id, id_of(office.people.max), office.bot.parts.clock())
    ts = say(office, WORDS)
    if way == "shortcut":
        office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)
    else:
        office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
        fetch(office)

    assert "keeps their messages out of Ballast" in office.told("olivia")
    assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_where_an_owner_chose_to_keep_nothing_no_message_is_saved(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.OFF)
    ts = say(office, WORDS)
    office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)

    assert "watch request" in office.told("olivia")
    assert not office.slack.modals("olivia")


def test_before_an_owner_has_chosen_a_reaction_saves_nothing_and_says_who_decides(office: Office) -> None:
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.max, ts, EMOJI)
    fetch(office)

    assert "An owner lets people save messages here with /ballast watch request." in office.told("max")
    assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_a_shared_channel_needs_an_owner_s_word_and_outsiders_save_nothing(office: Office) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)
    ts = office.slack.people.say(shared, office.people.olivia, WORDS)
    exchange = office.slack.presses.shortcut("olivia", shared, ts, ids.SAVE_OPEN)
    assert "shared with another organisation" in told(office, exchange, "olivia")

    office.bot.watch(shared.channel_id, Watch.REQUEST, ChannelKind.SHARED)
    office.slack.people.react(shared, office.people.stan, ts, EMOJI)
    fetch(office)
    assert "only full members" in office.told("stan")
    office.slack.people.react(shared, office.people.olivia, ts, EMOJI)
    fetch(office)
    assert kept(office, shared, ts).channel_kind is ChannelKind.SHARED


@pytest.mark.parametrize(("error", "status"), [("internal_error", 200), ("ratelimited", 429)])
def test_who_is_in_a_channel_is_not_guessed_while_slack_does_not_answer(
    office: Office, slack_clock: HandClock, error: str, status: int
) -> None:
    here = office.people.feedback
    office.bot.watch(here.channel_id, Watch.REQUEST)
    ts = say(office, WORDS)
    office.slack.fail("conversations.info", error=error, status=status, times=None, retry_after_seconds=1)
    exchange = office.slack.presses.shortcut("olivia", here, ts, ids.SAVE_OPEN)
    assert "try again in a minute" in told(office, exchange, "olivia")
    assert not office.slack.modals("olivia")
    office.slack.people.react(here, office.people.olivia, ts, EMOJI)
    assert (fetch(office) or 0) > 0

    office.slack.faults.clear()
    slack_clock.advance(timedelta(seconds=5))
    fetch(office)
    assert kept(office, here, ts).channel_kind is ChannelKind.PUBLIC


def test_the_emoji_that_an_owner_chose_saves_by_each_of_its_names_and_no_other(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    choose(office, Wanted(save_emoji="thumbsup"))
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    assert office.bot.woken == []
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, "+1::skin-tone-3")
    fetch(office)

    saved = kept(office, office.people.feedback, ts)
    assert (saved.text, saved.source, saved.reporter) == (WORDS, Source.REACTION, id_of(office.people.max))
    assert office.told("olivia") == "Saved as feedback."


def test_a_reaction_that_comes_before_its_message_saves_it_once(office: Office) -> None:
    ts = say(office, WORDS)
    message = office.slack.deliveries("events_api")[-1]
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    office.bot.watch(office.people.feedback.channel_id)
    fetch(office)
    office.slack.deliver_again(message.envelope_id)
    office.slack.until_settled()

    assert (kept(office, office.people.feedback, ts).text, waiting(office)) == (WORDS, 1)


def test_a_reply_is_saved_and_a_slack_out_of_reach_is_asked_again(office: Office, slack_clock: HandClock) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    root = say(office, "Anything on security?")
    ts = say(office, WORDS, thread=root)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    office.slack.fail("conversations.history", times=1, error="ratelimited", status=429, retry_after_seconds=30)
    assert fetch(office) == pytest.approx(30.0, abs=1)
    slack_clock.advance(timedelta(seconds=31))
    fetch(office)

    assert kept(office, office.people.feedback, ts).thread_ts == root


def test_what_came_of_a_reaction_is_told_when_slack_is_back(office: Office, slack_clock: HandClock) -> None:
    ts = react_to_a_message(office)
    office.slack.fail("chat.postEphemeral", times=1, error="fatal_error")
    assert (fetch(office) or 0) > 0
    assert kept(office, office.people.feedback, ts).text == WORDS
    assert not office.slack.ephemerals("olivia")
    slack_clock.advance(timedelta(seconds=5))
    fetch(office)

    assert "kept" in office.told("olivia")


def test_what_came_of_a_reaction_is_told_though_the_process_died_before(
    office: Office, slack_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: object, **_named: object) -> None:
        raise SystemExit

    react_to_a_message(office)
    with monkeypatch.context() as dying:
        dying.setattr(office.bot.parts.slack, "post_only_to", die)
        with pytest.raises(SystemExit):
            fetch(office)
    slack_clock.advance(LEASE)
    fetch(office)

    assert "kept" in office.told("olivia")
    assert states(office) == {"due": 0, "done": 1, "given_up": 0}


def test_saving_that_breaks_is_told_once_and_keeps_no_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, f"<@{office.bot.workspace.bot_user_id}> {WORDS}")
    monkeypatch.setattr(office.bot.store.intake, "take_in", broken)
    assert fetch(office) is None

    assert [one["text"][:28] for one in office.slack.ephemerals("max")] == ["Something went wrong in Ball"]
    assert not is_held(office, office.people.feedback, ts)
    assert states(office) == {"due": 0, "done": 0, "given_up": 1}


def test_who_lost_the_lease_leaves_the_words_to_the_one_who_has_it(
    office: Office, slack_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, f"<@{office.bot.workspace.bot_user_id}> {WORDS}")
    fetches, team = office.bot.store.fetches, office.bot.workspace.team_id

    def lose_the_lease(*_args: object, **_named: object) -> None:
        slack_clock.advance(LEASE)
        fetches.claim(team, limit=1, lease=LEASE, at=slack_clock())
        broken()

    with monkeypatch.context() as slow:
        slow.setattr(office.bot.store.intake, "take_in", lose_the_lease)
        fetch(office)
    assert is_held(office, office.people.feedback, ts)
    assert states(office)["due"] == 1


def test_a_missing_scope_ends_with_its_name_and_who_adds_it(office: Office) -> None:
    react_to_a_message(office)
    office.slack.fail("conversations.history", error="missing_scope")
    assert fetch(office) is None

    assert "the scope channels:history or" in office.told("olivia")
    assert "Whoever runs Ballast adds it" in office.told("olivia")


def test_somebody_whom_slack_does_not_show_is_told_so_and_no_outage(office: Office) -> None:
    react_to_a_message(office)
    office.slack.fail("users.info", error="user_not_found")
    assert fetch(office) is None

    assert "only full members" in office.told("olivia")


@pytest.mark.parametrize(("after_seconds", "answer"), [(5, "Saved as feedback."), (65, "works everywhere")])
def test_a_message_that_slack_does_not_show_yet_is_asked_for_again_for_a_minute(
    office: Office, slack_clock: HandClock, monkeypatch: pytest.MonkeyPatch, after_seconds: int, answer: str
) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    with monkeypatch.context() as hidden:
        hidden.setattr(office.bot.parts.slack, "message", lambda *_args, **_named: None)
        assert (fetch(office) or 0) > 1
        slack_clock.advance(timedelta(seconds=after_seconds))
        if after_seconds > 60:
            fetch(office)
    fetch(office)

    assert answer in office.told("olivia")


def test_a_message_that_is_gone_when_it_is_fetched_does_not_come_in_late(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, WORDS)
    first = office.slack.deliveries("events_api")[-1]
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    office.slack.people.delete(office.people.feedback, office.people.max, ts)
    fetch(office)
    assert "does not come back" in office.told("olivia")

    office.bot.watch(office.people.feedback.channel_id)
    office.slack.deliver_again(first.envelope_id)
    office.slack.until_settled()
    assert kept(office, office.people.feedback, ts).state is FeedbackState.ERASED


def test_a_mention_in_a_thread_saves_its_root_and_is_no_feedback_itself(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    root = say(office, WORDS)
    office.bot.watch(office.people.feedback.channel_id)
    mention = say(office, f"<@{office.bot.workspace.bot_user_id}> save this, please", thread=root)
    fetch(office)

    assert kept(office, office.people.feedback, root).source is Source.COMMAND
    assert office.bot.kept(office.people.feedback.channel_id, mention) is None
    assert office.told("max") == "Saved as feedback."


def test_a_mention_in_the_channel_saves_its_own_words_once_or_says_how(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    bot = f"<@{office.bot.workspace.bot_user_id}>"
    ts = say(office, f"{bot} {WORDS}")
    fetch(office)
    assert (kept(office, office.people.feedback, ts).text, waiting(office)) == (f"{bot} {WORDS}", 1)

    say(office, f"{bot} help")
    fetch(office)
    assert "mention Ballast in its thread" in office.told("max")
    assert waiting(office) == 1


@pytest.mark.parametrize("watch", [None, Watch.REQUEST])
def test_a_mention_that_asks_for_help_is_told_how_and_saves_nothing(office: Office, watch: Watch | None) -> None:
    if watch is not None:
        office.bot.watch(office.people.feedback.channel_id, watch)
    root = say(office, WORDS)
    for words in ("help", "hello!"):
        ts = say(office, f"<@{office.bot.workspace.bot_user_id}> {words}", thread=root)
        fetch(office)
        assert "mention Ballast in its thread" in office.told("max")
        assert not is_held(office, office.people.feedback, ts)

    assert rows(office) == []


@pytest.mark.parametrize(
    ("brought", "answer"),
    [
        ({"text": "<@UBOT> help"}, "mention Ballast in its thread"),
        ({"text": "", "blocks": [], "files": [{"id": "F1"}]}, "it opens no files"),
        ({"text": 5}, "cannot read this message yet, so nothing of it was saved"),
    ],
)
def test_a_direct_message_with_nothing_to_keep_or_to_read_is_answered(
    office: Office, brought: dict[str, Any], answer: str
) -> None:
    if "UBOT" in str(brought["text"]):
        brought = {"text": f"<@{office.bot.workspace.bot_user_id}> help"}
    direct = office.slack.world.direct_channel(office.people.max.user_id)
    deliver(office, "direct_message", channel=direct.channel_id, user=office.people.max.user_id, **brought)
    fetch(office)

    (post,) = owed(office)
    assert answer in str(post.body)
    assert rows(office) == []
    assert office.bot.store.intake.unreadable(office.bot.workspace.team_id) == []


def test_a_picture_sent_directly_says_what_of_it_is_kept(office: Office) -> None:
    direct, files = office.slack.world.direct_channel(office.people.max.user_id), [{"id": "F1", "name": "slow.png"}]
    person = office.people.max.user_id
    deliver(office, "direct_message", channel=direct.channel_id, user=person, text="", blocks=[], files=files)
    fetch(office)

    (post,) = owed(office)
    assert "Of files, Ballast keeps their names" in str(post.body)
    assert [row.text for row in rows(office)] == ["slow.png"]


def test_a_direct_message_is_saved_answered_and_followed(office: Office) -> None:
    direct = office.slack.world.direct_channel(office.people.max.user_id)
    ts = office.slack.people.say(direct, office.people.max, WORDS)
    fetch(office)
    (answer,) = owed(office)
    assert (answer.thread_ts, str(answer.body)[:18]) == (ts, "Saved as feedback.")
    assert kept(office, direct, ts).channel_kind is ChannelKind.DIRECT

    office.slack.people.edit(direct, office.people.max, ts, "We cannot buy it without SSO.")
    office.slack.until_settled()
    assert kept(office, direct, ts).text == "We cannot buy it without SSO."
    office.slack.people.delete(direct, office.people.max, ts)
    office.slack.until_settled()
    assert kept(office, direct, ts).state is FeedbackState.ERASED


def test_a_direct_message_of_a_guest_or_that_only_asks_is_answered_and_not_kept(office: Office) -> None:
    for who, words, answer in (("gina", WORDS, "only full members"), ("max", "Hi!", "is saved as feedback")):
        direct = office.slack.world.direct_channel(office.slack.world.person(who).user_id)
        ts = office.slack.people.say(direct, who, words)
        fetch(office)
        (post,) = owed(office)
        assert answer in str(post.body)
        assert office.bot.kept(direct.channel_id, ts) is None


def test_a_direct_message_that_was_refused_and_is_edited_is_answered_again(office: Office) -> None:
    direct = office.slack.world.direct_channel(office.people.max.user_id)
    ts = office.slack.people.say(direct, office.people.max, "Hi!")
    fetch(office)
    office.slack.people.edit(direct, office.people.max, ts, WORDS)
    fetch(office)

    first, second = owed(office)
    assert ("is saved as feedback" in str(first.body), str(second.body)[:18]) == (True, "Saved as feedback.")
    assert kept(office, direct, ts).text == WORDS


@pytest.mark.parametrize("now", ["We cannot buy it without SSO.", "help"])
def test_a_direct_message_edited_before_it_is_heard_is_kept_as_it_reads_now(office: Office, now: str) -> None:
    direct = office.slack.world.direct_channel(office.people.max.user_id)
    ts = office.slack.people.say(direct, office.people.max, WORDS)
    office.slack.until_settled()
    first = office.slack.deliveries("events_api")[-1]
    office.slack.people.edit(direct, office.people.max, ts, now)
    fetch(office)
    office.slack.deliver_again(first.envelope_id)
    fetch(office)

    assert [row.text for row in rows(office)] == ([now] if now != "help" else [])


def test_saved_words_survive_an_edit_that_the_watch_would_leave_out(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    fetch(office)
    choose(office, Wanted(ignored_words=("sso",)))
    office.slack.people.edit(office.people.feedback, office.people.max, ts, "No SSO, no deal.")
    office.slack.until_settled()

    assert kept(office, office.people.feedback, ts).text == "No SSO, no deal."


def test_words_that_an_edit_had_left_out_are_saved_by_hand(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    choose(office, Wanted(ignored_words=("sso",)))
    ts = say(office, WORDS)
    office.slack.people.edit(office.people.feedback, office.people.max, ts, "No SSO, no deal.")
    office.slack.until_settled()
    assert kept(office, office.people.feedback, ts).text == ""
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    fetch(office)

    assert kept(office, office.people.feedback, ts).text == "No SSO, no deal."
    assert office.told("olivia") == "Saved as feedback."


def test_add_saves_what_was_typed_as_it_was_typed(office: Office) -> None:
    assert office.ask("max", "/ballast add Two things:\n  no audit logs\n  no SSO") == "Saved as feedback."

    (row,) = rows(office)
    assert (row.text, row.source, row.reporter) == (
        "Two things:\n  no audit logs\n  no SSO",
        Source.COMMAND,
        id_of(office.people.max),
    )
    assert row.channel_id == office.people.feedback.channel_id


def test_add_without_words_opens_a_form_and_a_private_channel_keeps_it_private(office: Office) -> None:
    office.ask("max", "/ballast add", office.people.sales_private)
    words = "It says <error> & stops."
    exchange = office.slack.presses.submit_view("max", {ids.ADD_TEXT: words, ids.SAVE_ACCOUNT: "Halden"})
    assert not exchange.errors

    (row,) = rows(office)
    assert (row.account, row.channel_kind) == ("Halden", ChannelKind.PRIVATE)
    assert row.text == "It says &lt;error&gt; &amp; stops.", "kept as Slack writes what is typed in a channel"


def test_add_is_refused_to_who_opted_out_and_says_what_lets_them_in(office: Office) -> None:
    office.ask("max", "/ballast me off")

    assert "/ballast me on" in office.ask("max", f"/ballast add {WORDS}")
    assert rows(office) == []


def deliver(office: Office, name: str, **event: object) -> None:
    """Have a recorded payload delivered in the office's workspace."""
    body = payload(name, **event)
    team_id = office.bot.workspace.team_id
    body |= {"team_id": team_id, "authorizations": [{"team_id": team_id}]}
    assert office.bot.dispatch(body).status == 200


def react_to_a_message(office: Office) -> str:
    """Have a message in a channel where people may save, and somebody who asks for it."""
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    return ts


def choose(office: Office, wanted: Wanted) -> None:
    """Have an owner change the settings."""
    choosing = Choosing(office.bot.workspace.team_id, None, id_of(office.people.olivia), office.bot.parts.clock())
    office.bot.store.choices.choose(choosing, wanted, tell=lambda _changes: ())


def say(office: Office, words: str, *, thread: str | None = None) -> str:
    ts = office.slack.people.say(office.people.feedback, office.people.max, words, thread=thread)
    office.slack.until_settled()
    return ts


def open_form(office: Office, user: str, channel: Channel, ts: str) -> dict[str, Any]:
    assert office.slack.presses.shortcut(user, channel, ts, ids.SAVE_OPEN).is_acked
    view = office.modal_of(user)
    assert view["callback_id"] == ids.SAVE_SUBMIT
    return view


def fetch(office: Office) -> float | None:
    """Let the fetcher settle what is due; return the seconds until there is more."""
    office.slack.until_settled()
    fetcher = Fetcher(office.bot.parts, chance=lambda: 1.0, is_stopping=lambda: False)
    while (seconds := fetcher.turn()) == 0.0:
        pass
    return seconds


def kept(office: Office, channel: Channel, ts: str) -> Feedback:
    found = office.bot.kept(channel.channel_id, ts)
    assert found is not None
    return found


def broken(*_args: object, **_named: object) -> None:
    message = "out of order"
    raise RuntimeError(message)


def is_held(office: Office, channel: Channel, ts: str) -> bool:
    """Tell whether the words that came with a delivery are held still."""
    team = office.bot.workspace.team_id
    return office.bot.store.drafts.of_message(team, ChannelId(channel.channel_id), Ts(ts)) is not None


def states(office: Office) -> dict[str, int]:
    """Count what people asked to save, by what became of it."""
    return office.bot.store.fetches.counts(office.bot.workspace.team_id)


def rows(office: Office) -> list[FeedbackRow]:
    with office.database.reading() as session:
        return list(session.scalars(select(FeedbackRow)))


def row_of(office: Office, channel: Channel, ts: str) -> FeedbackRow:
    (row,) = [one for one in rows(office) if one.origin == slack_origin(ChannelId(channel.channel_id), Ts(ts))]
    return row


def waiting(office: Office) -> int:
    return office.bot.store.queue.counts(office.bot.workspace.team_id)["waiting"]


def owed(office: Office) -> list[Post]:
    """Claim the answers to direct messages that are due."""
    at, team_id = office.bot.parts.clock(), office.bot.workspace.team_id
    posts = office.bot.store.posts.claim(team_id, limit=5, lease=timedelta(minutes=1), at=at)
    return [post for post in posts if post.kind is PostKind.NOTICE]


def told(office: Office, exchange: Exchange, user: str) -> str:
    """Return what somebody was told, also in a channel that the bot is not in."""
    return str(exchange.responses[-1]["text"]) if exchange.responses else office.told(user)


def id_of(person: Person) -> UserId:
    return UserId(person.user_id)

"""Saving by a reaction: Slack is asked for the message, and whoever reacted is told what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.fetching import LEASE
from bot.views import ids
from storage.choices import Wanted
from storage.vocabulary import ChannelKind, FeedbackState, Source, Watch
from tests.bot.listeners.by_hand import (
    EMOJI,
    WORDS,
    broken,
    choose,
    fetch,
    id_of,
    is_held,
    kept,
    react_to_a_message,
    say,
    states,
    told,
    waiting,
)
from tests.bot.listeners.conftest import Office
from tests.hand_clock import HandClock


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


def test_who_lost_the_lease_leaves_words_and_answer_to_the_one_who_has_it(
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
    assert not office.slack.ephemerals("max")


def test_what_slack_refuses_for_good_is_told_with_who_mends_it(office: Office) -> None:
    for method, error, answer in (
        ("conversations.history", "missing_scope", "the scope channels:history or"),
        ("conversations.history", "missing_scope", "Whoever runs Ballast adds it"),
        ("users.info", "user_not_found", "only full members"),
    ):
        react_to_a_message(office)
        office.slack.fail(method, error=error)
        assert fetch(office) is None
        assert answer in office.told("olivia")


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

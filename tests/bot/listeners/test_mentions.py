"""Saving by turning to Ballast: a mention, or a direct message."""

from __future__ import annotations

from typing import Any

import pytest

from storage.vocabulary import ChannelKind, FeedbackState, Source, Watch
from tests.bot.listeners.by_hand import (
    WORDS,
    fetch,
    is_held,
    kept,
    owed,
    rows,
    say,
    waiting,
)
from tests.bot.listeners.conftest import Office
from tests.bot.listening import payload


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


def test_a_mention_that_asks_for_help_is_told_how_and_saves_nothing(office: Office) -> None:
    root, bot = say(office, WORDS), office.bot.workspace.bot_user_id
    for words in ("help", "hello!"):
        ts = say(office, f"<@{bot}> {words}", thread=root)
        fetch(office)
        assert "mention Ballast in its thread" in office.told("max")
        assert not is_held(office, office.people.feedback, ts)
        office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)

    assert rows(office) == []


def test_a_direct_message_with_nothing_to_keep_or_to_read_is_answered(office: Office) -> None:
    for brought, answer in (
        ({"text": f"<@{office.bot.workspace.bot_user_id}> help"}, "mention Ballast in its thread"),
        ({"text": "", "files": [{"id": "F1"}]}, "it opens no files"),
        ({"text": 5}, "cannot read this message yet, so nothing of it was saved"),
    ):
        assert answer in write_to_ballast(office, brought)

    assert rows(office) == []
    assert office.bot.store.intake.unreadable(office.bot.workspace.team_id) == []


def test_a_picture_sent_directly_says_what_of_it_is_kept(office: Office) -> None:
    answer = write_to_ballast(office, {"text": "", "files": [{"id": "F1", "name": "slow.png"}]})

    assert "Of files, Ballast keeps their names" in answer
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


def write_to_ballast(office: Office, brought: dict[str, Any]) -> str:
    """Have a recorded direct message delivered with something else in it; return the answer."""
    max_, sent_at = office.people.max.user_id, office.slack.world.next_ts()
    body = payload("direct_message", ts=sent_at, user=max_, blocks=[], **brought)
    team_id = office.bot.workspace.team_id
    body |= {"team_id": team_id, "authorizations": [{"team_id": team_id}]}
    body["event"]["channel"] = office.slack.world.direct_channel(max_).channel_id
    assert office.bot.dispatch(body).status == 200
    fetch(office)
    (post,) = owed(office)
    return str(post.body)

from datetime import timedelta

import pytest

from bot.deliver import LEASE
from bot.sandbox.channels import Message
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import Ts, UserId
from storage.records import Decision, NewFeedback, NewPost, Place, Post
from storage.vocabulary import AnswerMode, ChannelKind, PostKind, PostState, Verdict
from tests.bot.delivered import cards, hear_in_card_mode, state_of, work_and_deliver
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.scripted_classifier import QUIET
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


def test_a_message_with_a_problem_gets_the_reaction_that_says_saved(running: Running) -> None:
    _, ts = running.hear()
    running.answer(AnswerMode.REACTION)

    work_and_deliver(running)

    assert [one["name"] for one in root(running, ts)["reactions"]] == ["white_check_mark"]
    assert not running.slack.thread(running.workspace.feedback, ts)


def test_a_reaction_that_is_there_already_is_a_success(running: Running) -> None:
    _, ts = running.hear()
    running.parts.slack.react(running.channel, ts, "white_check_mark")

    work_and_deliver(running)

    assert state_of(running, "reaction:1") is PostState.DONE


def test_a_card_stands_in_the_thread_with_its_key_and_without_previews(running: Running) -> None:
    ts = hear_in_card_mode(running)

    work_and_deliver(running)

    (card,) = cards(running, ts)
    assert card["blocks"][0]["block_id"] == "card:1"
    (call,) = running.slack.calls("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_a_post_whose_answer_never_came_is_found_and_not_made_again(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.lose_answer("chat.postMessage")
    work_and_deliver(running)
    assert state_of(running, "card:1") is PostState.DUE

    running.clock.advance(LEASE)
    running.deliver()

    assert len(cards(running, ts)) == 1
    assert state_of(running, "card:1") is PostState.DONE
    assert len(running.slack.calls("chat.postMessage")) == 1


def test_a_post_is_found_by_its_metadata_when_slack_had_refused_its_blocks(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.slack.fail("chat.postMessage", error="invalid_blocks")
    running.slack.lose_answer("chat.postMessage")
    work_and_deliver(running)

    running.clock.advance(LEASE)
    running.deliver()

    assert len(cards(running, ts)) == 1
    assert state_of(running, "card:1") is PostState.DONE


def test_a_process_that_died_between_posting_and_noting_it_posts_no_second_time(running: Running) -> None:
    ts = hear_in_card_mode(running)
    running.work()
    (post,) = claim(running)
    running.parts.slack.post(post.channel_id, text="the card", thread=post.thread_ts, key=post.key)

    running.clock.advance(LEASE)
    running.deliver()

    assert len(cards(running, ts)) == 1


def test_a_correction_updates_the_card_that_stands(running: Running) -> None:
    ts = hear_in_card_mode(running)
    work_and_deliver(running)
    decide(running, Verdict.CONFIRMED)

    running.deliver()

    (card,) = cards(running, ts)
    assert "confirmed" in str(card["blocks"]).lower()
    assert len(running.slack.calls("chat.update")) == 1


def test_the_card_of_a_deleted_message_is_deleted(running: Running) -> None:
    ts = hear_in_card_mode(running)
    work_and_deliver(running)

    delete(running, ts)
    running.deliver()

    assert not cards(running, ts)
    assert len(running.slack.calls("chat.delete")) == 1


def test_a_card_that_somebody_deleted_before_is_success(running: Running) -> None:
    ts = hear_in_card_mode(running)
    work_and_deliver(running)
    running.slack.fail("chat.delete", error="message_not_found")

    delete(running, ts)
    running.deliver()

    assert state_of(running, "card:1") is PostState.DONE


def test_the_card_of_an_edited_message_says_so_and_then_what_was_found(running: Running) -> None:
    ts = hear_in_card_mode(running)
    work_and_deliver(running)

    edit(running, ts, "We cannot buy it without single sign-on.")
    running.deliver()
    (card,) = cards(running, ts)
    assert "has not read this message yet" in card["text"]
    assert "audit logs" not in str(card)

    work_and_deliver(running)
    (card,) = cards(running, ts)
    assert "single sign-on" in card["text"]


def test_a_message_edited_to_hold_no_problem_loses_its_card_until_an_edit_brings_one(running: Running) -> None:
    ts = hear_in_card_mode(running)
    work_and_deliver(running)

    edit(running, ts, QUIET)
    running.woken.clear()
    running.work()
    assert running.woken == ["poster"], "what was said before must not stand there until the poster looks by itself"
    running.deliver()
    assert not cards(running, ts)

    edit(running, ts, "We cannot buy it without single sign-on.", after_seconds=2)
    work_and_deliver(running)
    assert len(cards(running, ts)) == 1


def test_a_greeting_and_a_notice_are_posted_with_their_keys(running: Running) -> None:
    for key, kind, body in (("greeting:C1:1.0", PostKind.GREETING, None), ("notice:1", PostKind.NOTICE, "A notice.")):
        post = NewPost(
            key=key,
            kind=kind,
            channel_id=running.channel,
            expires_at=running.clock() + timedelta(hours=1),
            body=body,
        )
        running.parts.store.posts.owe(running.team, post, running.clock())

    running.deliver()

    posted = [one for one in running.slack.messages(running.workspace.feedback) if one.get("bot_id")]
    assert [one["blocks"][0]["block_id"] for one in posted] == ["greeting:C1:1.0", "notice:1"]


@pytest.mark.parametrize("lives", [timedelta(hours=1), timedelta(days=30)])
def test_what_was_posted_in_a_channel_unheard_is_found_however_long_it_lives(
    running: Running, lives: timedelta
) -> None:
    expires_at = running.clock() + lives
    notice = NewPost("notice:1", PostKind.NOTICE, running.channel, expires_at, body="A notice.")
    running.parts.store.posts.owe(running.team, notice, running.clock())
    running.slack.lose_answer("chat.postMessage")
    running.deliver()

    running.clock.advance(LEASE)
    running.deliver()

    (posted,) = [one for one in running.slack.messages(running.workspace.feedback) if one.get("bot_id")]
    assert posted["text"] == "A notice."
    assert state_of(running, "notice:1") is PostState.DONE


def delete(running: Running, ts: Ts) -> None:
    place = Place(running.team, running.channel, ts, running.clock(), ChannelKind.PUBLIC)
    assert running.parts.store.amending.delete(place, running.clock(), remember=True)


def edit(running: Running, ts: Ts, text: str, *, after_seconds: int = 1) -> None:
    known = running.feedback(running.feedback_ids[0])
    feedback = NewFeedback(
        team_id=running.team,
        origin=known.origin,
        text=text,
        said_at=known.said_at,
        source=known.source,
        voice=known.voice,
        channel_id=running.channel,
        ts=ts,
        edited_ts=Ts(str(float(ts) + after_seconds)),
    )
    assert running.parts.store.amending.edit(feedback, running.clock())


def root(running: Running, ts: Ts) -> Message:
    return next(one for one in running.slack.messages(running.workspace.feedback) if one["ts"] == ts)


def claim(running: Running) -> list[Post]:
    return list(running.parts.store.posts.claim(running.team, limit=10, lease=LEASE, at=running.clock()))


def decide(running: Running, verdict: Verdict) -> None:
    (insight,) = running.feedback(running.feedback_ids[0]).insights
    decision = Decision(
        team_id=running.team,
        insight_id=insight.insight_id,
        verdict=verdict,
        by=UserId(running.workspace.olivia.user_id),
        at=running.clock(),
        seen=0,
    )
    running.parts.store.reviews.decide(decision)


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)

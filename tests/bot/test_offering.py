"""What a schedule's owner was shown first is posted in the channel by a press: once, however Slack fails meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.errors import ChannelGoneError, NotAllowedError, SharedChannelError
from bot.offering import post_offered
from bot.publish import TO_THE_OWNER_FIRST
from bot.sandbox.channels import Kind
from bot.views.digest_offer import parse_offer
from storage.ids import UserId
from storage.vocabulary import DigestState
from tests.bot.publishing import WEEK, Desk
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401  # fixtures


def test_the_owner_posts_the_first_digest_in_the_channel_once(desk: Desk) -> None:
    desk.tick()
    offer = parse_offer(desk.button_of(desk.to_the_owner()[0])["value"])
    owner = desk.parts.slack.person(UserId(desk.people.olivia.user_id))
    assert "Posted in" in post_offered(desk.parts, desk.team, offer, owner)
    assert "already" in post_offered(desk.parts, desk.team, offer, owner)
    (message,) = desk.in_product()
    assert "9–15 Nov 2026" in message["text"]
    assert not any("accessory" in block for block in message.get("blocks", ()))


def test_two_presses_at_once_post_the_digest_once(desk: Desk) -> None:
    desk.tick()
    offer = parse_offer(desk.button_of(desk.to_the_owner()[0])["value"])
    owner = desk.parts.slack.person(UserId(desk.people.olivia.user_id))
    with ThreadPoolExecutor(4) as people:
        presses = [people.submit(post_offered, desk.parts, desk.team, offer, owner) for _ in range(4)]
        answers = [press.result() for press in presses]
    assert sum("Posted in" in answer for answer in answers) == 1
    assert len(desk.in_product()) == 1


def test_the_owners_message_says_that_its_digest_was_posted(desk: Desk) -> None:
    desk.tick()
    desk.press()
    (message,) = desk.to_the_owner()
    assert not any("accessory" in block for block in message["blocks"])
    assert f"posted this digest in <#{desk.schedule.channel_id}>" in message["blocks"][-1]["text"]["text"]
    assert "9–15 Nov 2026" in message["text"]


def test_a_press_that_slack_refuses_can_be_pressed_again(desk: Desk) -> None:
    desk.tick()
    desk.slack.fail("chat.postMessage", error="is_archived")
    with pytest.raises(ChannelGoneError):
        desk.press()
    assert desk.states() == [DigestState.POSTED]
    assert "Posted in" in desk.press()
    assert len(desk.in_product()) == 1


def test_a_press_posts_nothing_in_a_channel_that_was_shared_since(desk: Desk) -> None:
    desk.tick()
    desk.slack.world.channel(desk.people.product).kind = Kind.SHARED
    with pytest.raises(SharedChannelError, match="Choose an internal channel"):
        desk.press()
    assert (desk.in_product(), desk.states()) == ([], [DigestState.POSTED])


def test_a_press_whose_answer_was_lost_is_ended_by_the_next_tick(desk: Desk) -> None:
    desk.tick()
    desk.slack.lose_answer("chat.postMessage")
    assert "when it does" in desk.press()
    assert "already" in desk.press()
    desk.clock.advance(timedelta(minutes=6))
    desk.tick()
    assert desk.states() == [DigestState.POSTED]
    assert (len(desk.to_the_owner()), len(desk.in_product())) == (1, 1)


def test_a_press_while_slack_is_down_is_kept_however_late_and_whatever_is_set_meanwhile(desk: Desk) -> None:
    desk.tick()
    desk.clock.advance(timedelta(days=2))
    desk.slack.fail("chat.postMessage", error="service_unavailable", status=503)
    assert "when it does" in desk.press()
    desk.reschedule(weekday=3, hour=9)
    desk.clock.advance(timedelta(minutes=6))
    desk.tick()
    (message,) = desk.in_product()
    assert "9–15 Nov 2026" in message["text"]
    assert desk.states() == [DigestState.POSTED]


def test_what_slack_refused_after_a_press_is_said_and_can_be_pressed_again(desk: Desk) -> None:
    desk.tick()
    desk.slack.fail("chat.postMessage", error="service_unavailable", status=503)
    desk.press()
    desk.clock.advance(timedelta(minutes=6))
    desk.slack.fail("chat.postMessage", error="is_archived")
    desk.tick()
    assert "was not posted" in desk.owed()[0]
    assert "Posted in" in desk.press()
    assert len(desk.in_product()) == 1


def test_a_press_counts_as_one_of_the_first_two(desk: Desk) -> None:
    for _ in range(3):
        desk.tick()
        if len(desk.in_product()) < TO_THE_OWNER_FIRST:
            desk.press()
        desk.clock.advance(WEEK)
    assert (len(desk.to_the_owner()), len(desk.in_product())) == (2, 3)


def test_another_person_cannot_post_the_owners_digest(desk: Desk) -> None:
    desk.tick()
    offer = parse_offer(desk.button_of(desk.to_the_owner()[0])["value"])
    member = desk.parts.slack.person(UserId(desk.people.max.user_id))
    with pytest.raises(NotAllowedError, match="Only the person who set this digest"):
        post_offered(desk.parts, desk.team, offer, member)
    assert desk.in_product() == []

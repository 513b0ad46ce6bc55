"""Digests over a real database and the stand-in: once a period, whatever fails or is killed on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.publish import TO_THE_OWNER_FIRST, TRY_AGAIN_AFTER
from bot.sandbox.channels import Kind
from storage.vocabulary import DigestState
from tests.bot.publishing import WEEK, Desk
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401  # fixtures


def test_the_first_digest_goes_to_the_owner_and_the_channel_gets_none(desk: Desk) -> None:
    desk.tick()
    (message,) = desk.to_the_owner()
    assert "9–15 Nov 2026" in message["text"]
    assert desk.button_of(message)["text"]["text"] == "Post to the channel"
    assert desk.in_product() == []


def test_the_third_digest_goes_to_the_channel(desk: Desk) -> None:
    for _ in range(3):
        desk.tick()
        desk.clock.advance(WEEK)
    assert len(desk.to_the_owner()) == TO_THE_OWNER_FIRST
    (message,) = desk.in_product()
    assert "23–29 Nov 2026" in message["text"]


def test_ticking_often_posts_once(desk: Desk) -> None:
    for _ in range(5):
        desk.tick()
        desk.clock.advance(timedelta(minutes=3))
    assert len(desk.to_the_owner()) == 1


def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(desk: Desk) -> None:
    desk.slack.lose_answer("chat.postMessage")
    desk.tick()
    assert (len(desk.to_the_owner()), desk.states()) == (1, [DigestState.CLAIMED])
    desk.clock.advance(TRY_AGAIN_AFTER)
    desk.tick()
    desk.tick()
    assert len(desk.to_the_owner()) == 1
    assert desk.states() == [DigestState.POSTED]


def test_one_killed_after_posting_is_found_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(type(desk.parts.store.schedules), "posted", _die)
        with pytest.raises(KeyboardInterrupt):
            desk.tick()
    assert (len(desk.to_the_owner()), desk.states()) == (1, [DigestState.CLAIMED])
    desk.tick()  # the lease still holds: nothing happens
    desk.clock.advance(timedelta(minutes=6))
    desk.tick()
    assert (len(desk.to_the_owner()), desk.states()) == (1, [DigestState.POSTED])


def test_a_throttled_digest_is_posted_later(desk: Desk) -> None:
    desk.slack.throttle("chat.postMessage", retry_after_seconds=900)
    desk.tick()
    desk.clock.advance(timedelta(minutes=14))
    desk.tick()
    assert desk.to_the_owner() == []
    desk.clock.advance(timedelta(minutes=1))
    desk.tick()
    assert len(desk.to_the_owner()) == 1


def test_slack_is_not_asked_for_the_owners_channel_before_it_said(desk: Desk) -> None:
    desk.also_in(desk.people.feedback)
    desk.slack.throttle("conversations.open", retry_after_seconds=900)
    for _ in range(14):
        desk.tick()
        desk.clock.advance(timedelta(minutes=1))
    assert len(desk.slack.calls("conversations.open")) == 1
    desk.clock.advance(timedelta(minutes=1))
    desk.tick()
    assert len(desk.to_the_owner()) == 2


def test_a_digest_that_is_put_off_asks_slack_for_nothing(desk: Desk) -> None:
    desk.slack.throttle("chat.postMessage", retry_after_seconds=900)
    desk.tick()
    asked = len(desk.slack.calls())
    for _ in range(14):
        desk.clock.advance(timedelta(minutes=1))
        desk.tick()
    assert len(desk.slack.calls()) == asked


def test_one_missed_by_more_than_a_day_is_skipped_and_said(desk: Desk) -> None:
    desk.clock.advance(timedelta(days=2))
    desk.tick()
    assert desk.states() == [DigestState.SKIPPED]
    (notice,) = desk.owed()
    assert "digest of 9–15 Nov 2026 (week 46)" in notice
    assert "missed by more than a day" in notice


def test_a_channel_that_is_gone_skips_the_digest_and_tells_the_owner(desk: Desk) -> None:
    desk.after_the_first_two()
    desk.slack.fail("chat.postMessage", error="is_archived")
    desk.tick()
    assert desk.states()[0] is DigestState.SKIPPED
    assert len(desk.owed()) == 1


@pytest.mark.parametrize("digests_before", [0, TO_THE_OWNER_FIRST])
def test_a_channel_shared_since_gets_no_digest_and_its_owner_reads_why(desk: Desk, digests_before: int) -> None:
    if digests_before:
        desk.after_the_first_two()
    desk.slack.world.channel(desk.people.product).kind = Kind.SHARED
    desk.tick()
    assert desk.in_product() == []
    assert len(desk.to_the_owner()) == digests_before
    (notice,) = desk.owed()
    assert f"for <#{desk.schedule.channel_id}> was not posted" in notice
    assert "shared with another organisation" in notice
    assert "Choose an internal channel" in notice


@pytest.mark.parametrize("kind", [Kind.PUBLIC, Kind.PRIVATE])
@pytest.mark.parametrize("refusals", [0, 3])
def test_the_owner_of_a_closed_channels_digest_reads_that_its_words_are_left_out(
    desk: Desk, kind: Kind, refusals: int
) -> None:
    desk.slack.world.channel(desk.people.product).kind = kind
    desk.slack.fail("chat.postMessage", error="invalid_blocks", times=refusals)
    desk.tick()
    (message,) = desk.to_the_owner()
    said = str(message.get("blocks") or message["text"])
    assert f"This is the digest for <#{desk.schedule.channel_id}>." in said
    assert ("are left out here: `/ballast digest preview` there shows the whole" in said) is (kind is Kind.PRIVATE)


@pytest.mark.parametrize(("refusals", "figure"), [(0, "data_visualization"), (1, "table"), (2, None), (3, None)])
def test_blocks_that_slack_refuses_are_posted_plainer(desk: Desk, refusals: int, figure: str | None) -> None:
    desk.with_a_trend()
    desk.slack.fail("chat.postMessage", error="invalid_blocks", times=refusals)
    desk.tick()
    (message,) = desk.to_the_owner()
    kinds = {block["type"] for block in message.get("blocks", ())} & {"data_visualization", "table"}
    assert (figure in kinds) if figure else not kinds
    assert bool(message.get("blocks")) is (refusals < 3)
    assert "9–15 Nov 2026" in message["text"]


def test_two_processes_at_once_post_each_period_once(desk: Desk) -> None:
    for _ in range(4):
        with ThreadPoolExecutor(2) as processes:
            for ticking in [processes.submit(desk.publisher.tick, desk.team) for _ in range(2)]:
                ticking.result()
        desk.clock.advance(WEEK)
    assert (len(desk.to_the_owner()), len(desk.in_product())) == (2, 2)


def _die(*_: object, **__: object) -> bool:
    raise KeyboardInterrupt

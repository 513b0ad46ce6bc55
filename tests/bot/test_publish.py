"""Digests over a real database and the stand-in: once a period, whatever fails or is killed on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import ChannelGoneError, NotAllowedError
from bot.offering import post_offered
from bot.parts import Parts
from bot.publish import TO_THE_OWNER_FIRST, TRY_AGAIN_AFTER, Publisher
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.slack import SlackPort
from bot.slack_client import build_client
from bot.views.digest_offer import Offer, parse_offer
from classifiers.taxonomy import load_taxonomy
from storage.database import Database
from storage.ids import ChannelId, TeamId, UserId
from storage.scheduled import Schedule
from storage.vocabulary import DigestState
from tests.factories import LEASE, make_classification, make_feedback, make_workspace
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401  # fixtures
from tests.storage_fixtures import make_store

WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


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


def test_a_press_whose_answer_was_lost_is_ended_by_the_next_tick(desk: Desk) -> None:
    desk.tick()
    desk.slack.lose_answer("chat.postMessage")
    assert "when it does" in desk.press()
    assert "already" in desk.press()
    desk.clock.advance(timedelta(minutes=6))
    desk.tick()
    assert desk.states() == [DigestState.POSTED]
    assert (len(desk.to_the_owner()), len(desk.in_product())) == (1, 1)


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


def test_two_processes_at_once_post_each_period_once(desk: Desk) -> None:
    for _ in range(4):
        with ThreadPoolExecutor(2) as processes:
            for ticking in [processes.submit(desk.publisher.tick, desk.team) for _ in range(2)]:
                ticking.result()
        desk.clock.advance(WEEK)
    assert (len(desk.to_the_owner()), len(desk.in_product())) == (2, 2)


@dataclass
class Desk:
    """A workspace with a schedule for #product, due right now for the first time, and a publisher."""

    parts: Parts
    slack: SlackStandIn
    people: SmallWorkspace
    clock: HandClock
    team: TeamId
    schedule: Schedule

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.parts, is_stopping=lambda: False)

    def tick(self) -> None:
        self.publisher.tick(self.team)

    def to_the_owner(self) -> list[dict[str, Any]]:
        return self.slack.messages(self.slack.world.direct_channel(self.people.olivia.user_id))

    def in_product(self) -> list[dict[str, Any]]:
        return [one for one in self.slack.messages(self.people.product) if "subtype" not in one]

    def press(self) -> str:
        """Press the button of the newest digest that its owner was shown, as it was when it was shown."""
        newest = self.parts.store.schedules.digests(self.team, self.schedule.schedule_id)[0]
        owner = self.parts.slack.person(UserId(self.people.olivia.user_id))
        return post_offered(self.parts, self.team, Offer(newest.schedule_id, newest.digest_id), owner)

    def states(self) -> list[DigestState]:
        return [one.state for one in self.parts.store.schedules.digests(self.team, self.schedule.schedule_id)]

    def owed(self) -> list[str]:
        posts = self.parts.store.posts.claim(self.team, limit=9, lease=LEASE, at=self.clock())
        return [post.body for post in posts if post.body]

    def button_of(self, message: dict[str, Any]) -> dict[str, Any]:
        (button,) = [block["accessory"] for block in message["blocks"] if "accessory" in block]
        return button

    def after_the_first_two(self) -> None:
        for _ in range(TO_THE_OWNER_FIRST):
            self.tick()
            self.clock.advance(WEEK)

    def with_a_trend(self) -> None:
        for weeks in range(1, 6):
            self.share(self.clock() - WEEK * weeks)

    def share(self, said_at: datetime) -> None:
        store = self.parts.store
        store.intake.take_in(make_feedback(team_id=self.team, said_at=said_at), self.clock())
        (claimed,) = store.queue.claim(self.team, limit=1, lease=LEASE, at=self.clock())
        store.queue.save(claimed, make_classification(), taxonomy_version="1", at=self.clock())


@pytest.fixture
def desk(
    sqlite_database: Database,
    slack: SlackStandIn,  # noqa: F811  # a fixture
    slack_clock: HandClock,  # noqa: F811  # a fixture
    workspace: SmallWorkspace,  # noqa: F811  # a fixture
) -> Desk:
    team, store = TeamId(slack.identity.team_id), make_store(sqlite_database)
    client = build_client(slack.identity.bot_token, slack.url)
    client.timeout = 1
    slack.people.invite_bot(workspace.product, workspace.olivia)
    store.workspaces.remember(make_workspace(team), MONDAY)
    schedule = store.schedules.set(
        team,
        ChannelId(workspace.product.channel_id),
        owner=UserId(workspace.olivia.user_id),
        weekday=0,
        hour=9,
        minute=0,
        zone="UTC",
        at=MONDAY - timedelta(days=3),
    )
    parts = Parts(
        store=store,
        slack=SlackPort(client),
        clock=slack_clock,
        taxonomy=load_taxonomy(),
        appointed=frozenset(),
        default_zone="UTC",
        command="/ballast",
        words_go_to="Nothing leaves this machine.",
        wake=lambda: None,
    )
    return Desk(parts, slack, workspace, slack_clock, team, schedule)


def _die(*_: object, **__: object) -> bool:
    raise KeyboardInterrupt

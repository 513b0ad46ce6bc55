"""A workspace with a schedule for #product, due right now for the first time, and a publisher over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.offering import post_offered
from bot.parts import Parts
from bot.publish import TO_THE_OWNER_FIRST, Publisher
from bot.sandbox.channels import Channel
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.slack import SlackPort
from bot.slack_client import build_client
from bot.views.digest_offer import Offer
from storage.database import Database
from storage.ids import ChannelId, TeamId, UserId
from storage.scheduled import Schedule
from storage.vocabulary import DigestState
from tests.bot.made_parts import make_parts
from tests.factories import LEASE, make_classification, make_feedback, make_workspace
from tests.hand_clock import HandClock
from tests.storage_fixtures import make_store

WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A workspace with a schedule for #product, due right now for the first time, and a publisher."""

    parts: Parts
    slack: SlackStandIn
    people: SmallWorkspace
    clock: HandClock
    team: TeamId
    schedule: Schedule
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.parts, is_stopping=lambda: False)

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

    def reschedule(self, *, weekday: int, hour: int) -> Schedule:
        channel, owner, schedules = self.schedule.channel_id, self.schedule.owner, self.parts.store.schedules
        when = {"weekday": weekday, "hour": hour, "minute": 0}
        return schedules.set(self.team, channel, owner=owner, zone="UTC", at=self.clock(), **when)

    def also_in(self, channel: Channel) -> None:
        """Have a second schedule like the first, due as it is."""
        team, where, set_at = self.team, ChannelId(channel.channel_id), MONDAY - timedelta(days=3)
        when = {"weekday": 0, "hour": 9, "minute": 0}
        self.parts.store.schedules.set(team, where, owner=self.schedule.owner, zone="UTC", at=set_at, **when)

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


def make_desk(slack: SlackStandIn, workspace: SmallWorkspace, clock: HandClock, database: Database) -> Desk:
    """Tie the machines together; the bot is in #product, and Olivia owns the schedule."""
    team, store = TeamId(slack.identity.team_id), make_store(database)
    client = build_client(slack.identity.bot_token, slack.url)
    client.timeout = 1
    slack.people.invite_bot(workspace.product, workspace.olivia)
    store.workspaces.remember(make_workspace(team), MONDAY)
    channel, owner = ChannelId(workspace.product.channel_id), UserId(workspace.olivia.user_id)
    set_at = MONDAY - timedelta(days=3)
    schedule = store.schedules.set(team, channel, owner=owner, weekday=0, hour=9, minute=0, zone="UTC", at=set_at)
    parts = make_parts(store, SlackPort(client), clock)
    return Desk(parts, slack, workspace, clock, team, schedule)

"""What people hand over, edit and delete, in whatever order Slack delivers it and however often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.fetching import Fetcher
from bot.sandbox.channels import Channel
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.slack import SlackPort
from bot.slack_client import build_client
from storage.database import Database
from storage.vocabulary import Watch
from tests.bot.listening import Listening, make_listening, make_store
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace

__all__ = ["slack", "slack_clock", "workspace"]

EMOJI = "inbox_tray"


@dataclass
class Said:
    """Know what became of a message in Slack."""

    channel: Channel
    ts: str
    text: str
    is_asked: bool
    is_gone: bool = False


@dataclass
class Day:
    """Let people say, change and hand over messages, at random."""

    slack: SlackStandIn
    people: SmallWorkspace
    random: Random
    bot_user: str
    said: list[Said] = field(default_factory=list)

    def go(self) -> None:
        for number in range(15):
            self.say(f"We cannot buy it without audit logs, case {number}.")
        for number in range(30):
            one = self.random.choice([each for each in self.said if not each.is_gone])
            self.random.choice((self.edit, self.edit, self.react, self.react, self.mention, self.delete))(one, number)

    def say(self, text: str) -> None:
        direct = self.slack.world.direct_channel(self.people.max.user_id)
        channel = self.random.choice((self.people.feedback, direct))
        ts = self.slack.people.say(channel, self.people.max, text)
        self.said.append(Said(channel, ts, text, is_asked=channel is direct))

    def edit(self, one: Said, number: int) -> None:
        one.text = f"We cannot buy it without single sign-on, edit {number}."
        self.slack.people.edit(one.channel, self.people.max, one.ts, one.text)

    def react(self, one: Said, _number: int) -> None:
        if one.channel is self.people.feedback:
            self.slack.people.react(one.channel, self.people.olivia, one.ts, EMOJI)
            one.is_asked = True

    def mention(self, one: Said, _number: int) -> None:
        if one.channel is self.people.feedback:
            words = f"<@{self.bot_user}> save this, please"
            self.slack.people.say(one.channel, self.people.olivia, words, thread=one.ts)
            one.is_asked = True

    def delete(self, one: Said, _number: int) -> None:
        self.slack.people.delete(one.channel, self.people.max, one.ts)
        one.is_gone = True


@pytest.mark.parametrize("seed", [0, 3])
def test_what_was_handed_over_is_kept_as_it_reads_now_and_nothing_else(
    slack: SlackStandIn, workspace: SmallWorkspace, slack_clock: HandClock, sqlite_database: Database, seed: int
) -> None:
    random, bot = Random(seed), listening_to(slack, sqlite_database, slack_clock)  # noqa: S311 - a test's order
    slack.people.invite_bot(workspace.feedback, by=workspace.olivia)
    bot.watch(workspace.feedback.channel_id, Watch.REQUEST)
    day = Day(slack, workspace, random, str(bot.workspace.bot_user_id))
    day.go()
    deliveries = [each.payload for each in slack.deliveries("events_api") for _ in range(random.choice((1, 1, 2)))]
    random.shuffle(deliveries)
    deliver(bot, slack_clock, deliveries, random)

    kept = {one.ts: bot.kept(one.channel.channel_id, one.ts) for one in day.said}
    assert {ts: found.text if found else "" for ts, found in kept.items()} == {
        one.ts: one.text if one.is_asked and not one.is_gone else "" for one in day.said
    }
    assert bot.store.fetches.counts(bot.workspace.team_id)["due"] == 0


def deliver(bot: Listening, clock: HandClock, deliveries: list[Mapping[str, Any]], random: Random) -> None:
    """Deliver in the given order, and let the fetcher work at times between and to its end."""
    fetcher = Fetcher(bot.parts, chance=lambda: 1.0, is_stopping=lambda: False)
    for payload in deliveries:
        assert bot.dispatch(dict(payload)).status == 200
        if random.random() < 0.1:
            fetcher.turn()
    while (seconds := fetcher.turn()) is not None:
        clock.advance(timedelta(seconds=seconds))


def listening_to(slack: SlackStandIn, database: Database, clock: HandClock) -> Listening:
    """Listen without a connection: what Slack has to deliver waits, to be delivered by hand."""
    client = build_client(slack.identity.bot_token, slack.url)
    port = SlackPort(client)
    return make_listening(make_store(database), port, port.identify(), clock, client=client)

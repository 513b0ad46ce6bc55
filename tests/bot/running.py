"""The running side over a real database and the stand-in for Slack, with time in the test's hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

from bot.build import build_store
from bot.deliver import Poster
from bot.parts import Parts
from bot.reach.reader import SlackReader
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from bot.slack import SlackPort
from bot.slack_client import build_client
from bot.worker import Worker
from classifiers.protocol import Context
from storage.database import Database
from storage.ids import ChannelId, FeedbackId, TeamId, Ts, UserId, slack_origin
from storage.records import Feedback, NewFeedback
from storage.vocabulary import AnswerMode, ChannelKind, Source, Voice, Watch
from tests.bot.made_parts import make_parts
from tests.hand_clock import HandClock
from tests.scripted_classifier import ScriptedClassifier


@dataclass
class Running:
    """Hold the machines of a bot that nobody drives but the test."""

    slack: SlackStandIn
    workspace: SmallWorkspace
    clock: HandClock
    parts: Parts
    classifier: ScriptedClassifier
    worker: Worker
    poster: Poster
    reader: SlackReader
    stopping: Event
    database: Database
    woken: list[str]
    feedback_ids: list[FeedbackId] = field(default_factory=list)

    @property
    def team(self) -> TeamId:
        return TeamId(self.slack.identity.team_id)

    @property
    def channel(self) -> ChannelId:
        return ChannelId(self.workspace.feedback.channel_id)

    def hear(self, text: str = "We cannot buy it without audit logs.") -> tuple[FeedbackId, Ts]:
        """Let Max say something in #feedback and take it in, as capture would."""
        ts = Ts(self.slack.people.say(self.workspace.feedback, self.workspace.max, text))
        feedback = NewFeedback(
            team_id=self.team,
            origin=slack_origin(self.channel, ts),
            text=text,
            said_at=self.clock(),
            source=Source.CHANNEL,
            voice=Voice.RELAYED,
            channel_id=self.channel,
            ts=ts,
        )
        return self.parts.store.intake.take_in(feedback, self.clock()).feedback_id, ts

    def answer(self, mode: AnswerMode) -> None:
        self.parts.store.workspaces.set_answer(self.team, self.channel, mode, UserId("U1"), self.clock())

    def feedback(self, feedback_id: FeedbackId) -> Feedback:
        return self.parts.store.history.feedback(self.team, feedback_id)

    def work(self) -> None:
        """Work until nothing can be claimed now."""
        while self.worker.turn() == 0.0:
            pass

    def deliver(self) -> None:
        """Post until nothing is due now."""
        while self.poster.turn() == 0.0:
            pass

    def read(self, *, at_most_seconds: float = 2.0) -> int:
        """Let Slack say hello, and read until nothing is due so soon; return how many feedback came in."""
        before = self._kept()
        self.reader.call()
        while (seconds := self.reader.turn()) is not None and seconds <= at_most_seconds:
            self.clock.advance(timedelta(seconds=seconds))
        return self._kept() - before

    def _kept(self) -> int:
        return sum(self.parts.store.queue.counts(self.team).values())


def make_running(slack: SlackStandIn, workspace: SmallWorkspace, clock: HandClock, database: Database) -> Running:
    """Tie the machines together; #feedback is watched and the bot is in it."""
    woken: list[str] = []
    client = build_client(slack.identity.bot_token, slack.url)
    client.timeout = 1
    parts = make_parts(build_store(database), SlackPort(client), clock, wake=lambda: woken.append("wake"))
    parts.store.workspaces.remember(parts.slack.identify(), clock())
    slack.people.invite_bot(workspace.feedback, workspace.olivia)
    channel, team = ChannelId(workspace.feedback.channel_id), TeamId(slack.identity.team_id)
    parts.store.workspaces.meet_channel(team, channel, "feedback", ChannelKind.PUBLIC)
    owner, since = UserId(workspace.olivia.user_id), write_ts(clock())
    parts.store.workspaces.set_watch(team, channel, Watch.ALL, owner, clock(), since)
    stopping, classifier = Event(), ScriptedClassifier()
    worker = Worker(
        store=parts.store,
        classifier=classifier,
        context_of=lambda team_id: Context(parts.taxonomy_of(team_id)),
        clock=clock,
        chance=lambda: 1.0,
        is_stopping=stopping.is_set,
        wake_poster=lambda: woken.append("poster"),
    )
    poster = Poster(parts=parts, emoji="white_check_mark", chance=lambda: 1.0, is_stopping=stopping.is_set)
    reader = SlackReader(parts, lambda: 1.0, stopping.is_set)
    reader.team_id = team
    return Running(slack, workspace, clock, parts, classifier, worker, poster, reader, stopping, database, woken)

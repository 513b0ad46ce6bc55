"""The listening side over a real database: an app to dispatch to, and the history to look into."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.authorize import build_authorize
from bot.build import build_store
from bot.capture import Capture
from bot.listeners import register
from bot.parts import Parts, Store
from bot.port import Slack
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Evidence, Insight, Persona, Provenance
from storage.database import Database
from storage.ids import ChannelId, FeedbackId, TeamId, Ts, UserId, slack_origin
from storage.records import Feedback, NewFeedback, NewPost, Workspace
from storage.vocabulary import ChannelKind, PostKind, Source, Voice, Watch
from tests.bot.made_parts import make_parts

PAYLOADS = Path(__file__).parents[1] / "payloads"
TAXONOMY = load_taxonomy()


def payload(name: str, **event: object) -> dict[str, Any]:
    """Read a recorded payload; keywords change its event."""
    body: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    if event:
        body["event"] = {**body["event"], **event}
    return body


def make_store(database: Database) -> Store:
    """Make the history's parts."""
    return build_store(database)


@dataclass
class Listening:
    """Hold an app that listens for one workspace."""

    app: App
    capture: Capture
    parts: Parts
    workspace: Workspace
    woken: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.parts.store

    def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """Let Bolt do with a delivery what it does with one over Socket Mode."""
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    def watch(self, channel_id: str, mode: Watch = Watch.ALL, kind: ChannelKind = ChannelKind.PUBLIC) -> None:
        """Have a channel watched, as an owner would have it."""
        workspaces, channel = self.store.workspaces, ChannelId(channel_id)
        workspaces.meet_channel(self.workspace.team_id, channel, "feedback", kind)
        since = Ts("1763000000.000000")
        workspaces.set_watch(self.workspace.team_id, channel, mode, UserId("U1"), self.parts.clock(), since)

    def kept(self, channel_id: str, ts: str) -> Feedback | None:
        """Look up what was kept of a message."""
        return self.store.history.by_origin(self.workspace.team_id, slack_origin(ChannelId(channel_id), Ts(ts)))

    def read(
        self, channel_id: str, ts: str, text: str, *problems: Insight, kind: ChannelKind = ChannelKind.PUBLIC
    ) -> Feedback:
        """Have a message kept and classified, with a card that is owed."""
        at, team_id = self.parts.clock(), self.workspace.team_id
        new = NewFeedback(
            team_id=team_id,
            origin=slack_origin(ChannelId(channel_id), Ts(ts)),
            text=text,
            said_at=at,
            source=Source.CHANNEL,
            voice=Voice.RELAYED,
            channel_id=ChannelId(channel_id),
            channel_kind=kind,
            ts=Ts(ts),
        )
        taken = self.store.intake.take_in(new, at)
        (claimed,) = self.store.queue.claim(team_id, limit=1, lease=timedelta(minutes=1), at=at)
        found = Classification(insights=problems, provenance=Provenance(classifier="local", model="m1"))
        posts = [make_card(taken.feedback_id, channel_id, ts, at)]
        assert self.store.queue.save(claimed, found, taxonomy_version="1", at=at, posts=posts)
        return self.store.history.feedback(team_id, taken.feedback_id)


@contextmanager
def holding_the_write_lock(database: Database) -> Iterator[None]:
    """Hold the database's write lock from another thread while the block runs."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing():
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    yield
    done.set()
    holder.join()


def make_card(feedback_id: FeedbackId, channel_id: str, ts: str, at: datetime) -> NewPost:
    """Owe a card."""
    return NewPost(
        key=f"card:{feedback_id}",
        kind=PostKind.CARD,
        channel_id=ChannelId(channel_id),
        expires_at=at + timedelta(hours=1),
        thread_ts=Ts(ts),
        feedback_id=feedback_id,
    )


def problem(text: str, quote: str, theme: str, persona: str = "unknown", *, confidence: float = 0.95) -> Insight:
    """Find a problem in a text."""
    start = text.index(quote)
    return Insight(
        labels=TAXONOMY.labels(theme, Persona(persona)),
        evidence=Evidence(quote=quote, start=start, end=start + len(quote)),
        confidence=confidence,
        unsure=confidence < 0.6,
    )


def make_listening(
    store: Store, slack: Slack, workspace: Workspace, clock: Callable[[], datetime], *, client: WebClient | None = None
) -> Listening:
    """Wire the listening side as the composition root does; without a client, listeners end before dispatch does."""
    woken: list[str] = []
    parts = make_parts(store, slack, clock, wake=lambda: woken.append("woken"))
    capture = Capture(store, clock, parts.wake, command=parts.command)
    app = App(
        name="ballast",
        client=client or WebClient(token=None, base_url="http://127.0.0.1:9/api/"),
        before_authorize=capture.handle_delivery,
        authorize=build_authorize(store.workspaces, client.token if client and client.token else "xoxb-made-up"),  # type: ignore[arg-type]  # as in bot.build
        token_verification_enabled=False,
        process_before_response=client is None,
        attaching_conversation_kwargs_enabled=False,
    )
    register(app, parts)
    store.workspaces.remember(workspace, clock())
    return Listening(app, capture, parts, workspace, woken)


ACME = Workspace(
    team_id=TeamId("T100"),
    name="Acme",
    url="https://acme.slack.com/",
    bot_id="B900",
    bot_user_id=UserId("U900"),
)

"""Keeping what a file holds: its messages as feedback, once each however often the file is imported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from bot.parts import Clock, Store
from bot.reading import Message
from bot.worker import Worker
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification
from storage.ids import ChannelId, Origin, TeamId, Ts, slack_origin
from storage.intake import Intake
from storage.placing import Placed
from storage.records import Claimed, NewFeedback, Workspace
from storage.vocabulary import Source
from storage.workspaces import Workspaces

TERMINAL = TeamId("terminal")
"""The workspace that lives at the terminal alone: what is imported there meets no Slack workspace."""
_FOR_PROGRAMS = re.compile(r"(https://[\w.-]+)/api/v2/tickets/(\d+)\.json\Z")
"""Where Zendesk's export says that a ticket stands: it shows nothing to a person."""
_PERMALINK = re.compile(r"/archives/([CGD][A-Z0-9]+)/p(\d{10})(\d{6})\Z")


@dataclass(frozen=True, slots=True)
class Kept:
    """Count what an import brought."""

    new: int
    known: int
    """Messages that the history had already: imported before, or the same row twice in the file."""
    undated: int
    """Messages without a date, which the history cannot place in a week and so does not take."""


def keep(messages: Iterable[Message], workspaces: Workspaces, intake: Intake, at: datetime) -> Kept:
    """Take messages into the history of the terminal's workspace, as waiting to be classified.

    A second import of the same message changes nothing: its origin is made of what it says, when and for whom.
    """
    remember_terminal(workspaces, at)
    new = known = undated = 0
    for message in messages:
        if message.said_at is None:
            undated += 1
            continue
        taken = intake.take_in(feedback_of(message, message.said_at, TERMINAL), at)
        new, known = new + taken.new, known + (not taken.new)
    return Kept(new, known, undated)


def remember_terminal(workspaces: Workspaces, at: datetime) -> None:
    """Make the terminal's workspace, which no Slack makes."""
    workspaces.remember(Workspace(team_id=TERMINAL, name="Terminal"), at)


def build_reader(
    store: Store,
    classifier: Classifier,
    context_of: Callable[[TeamId], Context],
    clock: Clock,
    place: Callable[[Claimed, Classification], Placed],
) -> Worker:
    """Make the worker that reads kept messages at the terminal: it answers nobody and stops for nobody."""
    return Worker(
        store=store,
        classifier=classifier,
        context_of=context_of,
        clock=clock,
        chance=lambda: 1.0,
        is_stopping=lambda: False,
        wake_poster=lambda: None,
        place=place,
    )


def feedback_of(
    message: Message, said_at: datetime, team_id: TeamId, *, keys_of: str = "file", workspace_url: str | None = None
) -> NewFeedback:
    """Make a feedback of a message; ``keys_of`` names what its key belongs to."""
    origin = origin_of(message, keys_of=keys_of, workspace_url=workspace_url)
    place = slack_place(message.link, workspace_url)
    return NewFeedback(
        team_id=team_id,
        origin=origin,
        text=message.text,
        said_at=said_at,
        source=Source.IMPORT,
        voice=message.voice,
        channel_id=place[0] if place else None,
        ts=place[1] if place else None,
        reporter_name=message.reporter,
        permalink=_for_people(message.link),
        account=message.account,
        person=message.person,
    )


def _for_people(link: str | None) -> str | None:
    """Give the page of a ticket in place of its address for programs; every other link as it is."""
    return _FOR_PROGRAMS.sub(r"\1/agent/tickets/\2", link) if link else None


def origin_of(message: Message, *, keys_of: str = "file", workspace_url: str | None = None) -> Origin:
    """Name a message so that the same one is recognised when it comes again.

    Rule: a message of this Slack workspace, told by its link, has the origin that it has whichever way it comes
    in; else the row's own key, with what it belongs to; else what the message is made of. Keys are hashed, for
    an origin outlasts every erasure.
    """
    if place := slack_place(message.link, workspace_url):
        return slack_origin(*place)
    if message.key:
        return Origin(f"import:{keys_of}:{sha256(message.key.encode()).hexdigest()}")
    said = message.said_at.isoformat() if message.said_at else ""
    parts = json.dumps([message.text, said, message.account, message.reporter, message.link])
    return Origin(f"import:{sha256(parts.encode()).hexdigest()}")


def slack_place(link: str | None, workspace_url: str | None) -> tuple[ChannelId, Ts] | None:
    """Tell which message of the workspace a link leads to; None for any other link."""
    if not link or not workspace_url or "/archives/" not in link:
        return None
    parts = urlsplit(link)
    found = _PERMALINK.search(parts.path) if parts.netloc == urlsplit(workspace_url).netloc else None
    return (ChannelId(found[1]), Ts(f"{found[2]}.{found[3]}")) if found else None

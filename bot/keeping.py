"""Keeping what was tried: a file's messages into the history, once each however often the file is imported."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.parts import Clock, Store
from bot.reading import Message
from bot.worker import Worker
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import Taxonomy
from storage.ids import Origin, TeamId
from storage.intake import Intake
from storage.records import NewFeedback, Workspace
from storage.vocabulary import Source
from storage.workspaces import Workspaces

TERMINAL = TeamId("terminal")
"""The workspace that lives at the terminal alone: what is imported there meets no Slack workspace."""


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
    workspaces.remember(Workspace(team_id=TERMINAL, name="Terminal"), at)
    new = known = undated = 0
    for message in messages:
        if message.said_at is None:
            undated += 1
            continue
        taken = intake.take_in(_feedback(message, message.said_at), at)
        new, known = new + taken.new, known + (not taken.new)
    return Kept(new, known, undated)


def build_reader(store: Store, classifier: Classifier, taxonomy: Taxonomy, clock: Clock) -> Worker:
    """Make the worker that reads kept messages at the terminal: it answers nobody and stops for nobody."""
    return Worker(
        store=store,
        classifier=classifier,
        context_of=lambda _: Context(taxonomy),
        clock=clock,
        chance=lambda: 1.0,
        is_stopping=lambda: False,
        wake_poster=lambda: None,
    )


def origin_of(message: Message) -> Origin:
    """Name a message by what it is made of, so that the same export imported again is recognised."""
    said = message.said_at.isoformat() if message.said_at else ""
    parts = json.dumps([message.text, said, message.account, message.reporter, message.link])
    return Origin(f"import:{sha256(parts.encode()).hexdigest()}")


def _feedback(message: Message, said_at: datetime) -> NewFeedback:
    return NewFeedback(
        team_id=TERMINAL,
        origin=origin_of(message),
        text=message.text,
        said_at=said_at,
        source=Source.IMPORT,
        voice=message.voice,
        reporter_name=message.reporter,
        permalink=message.link,
        account=message.account,
    )

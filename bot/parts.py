"""What the composition root hands to every part that needs it, and nothing that only one part needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.port import Slack
from classifiers.taxonomy import Taxonomy
from storage.accounts import Accounts
from storage.amending import Amending
from storage.backfills import Backfills
from storage.choices import Choices
from storage.drafts import Drafts
from storage.exporting import Exporting
from storage.fetches import Fetches
from storage.forgetting import Forgetting
from storage.history import History
from storage.ids import TeamId, UserId
from storage.intake import Intake
from storage.leaving import Leaving
from storage.marks import Marks
from storage.outsiders import Outsiders
from storage.personas import Personas
from storage.placing import Placing
from storage.posts import Posts
from storage.queue import Queue
from storage.readings import Readings
from storage.reviews import Reviews
from storage.scenes import Scenes
from storage.schedules import Schedules
from storage.shown import Shown
from storage.stated import Stating
from storage.threads import Threads
from storage.workspaces import Workspaces

Clock = Callable[[], datetime]
"""Tells the time as an aware UTC datetime; the only source of "now" in the bot."""


@dataclass(frozen=True, slots=True)
class Store:
    """Hold the history's parts over one database."""

    workspaces: Workspaces
    leaving: Leaving
    intake: Intake
    amending: Amending
    queue: Queue
    readings: Readings
    reviews: Reviews
    posts: Posts
    history: History
    schedules: Schedules
    choices: Choices
    scenes: Scenes
    personas: Personas
    accounts: Accounts
    placing: Placing
    outsiders: Outsiders
    fetches: Fetches
    drafts: Drafts
    stating: Stating
    marks: Marks
    threads: Threads
    backfills: Backfills
    forgetting: Forgetting
    exporting: Exporting
    shown: Shown


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what listeners and jobs share."""

    store: Store
    slack: Slack
    clock: Clock
    taxonomy: Taxonomy
    """The shipped one; ``taxonomy_of`` adds a team's personas."""
    appointed: frozenset[UserId]
    """Owners by configuration (``BALLAST_OWNERS``)."""
    default_zone: str
    """``BALLAST_TIMEZONE``."""
    command: str
    """The slash command, ``/ballast`` unless configured."""
    words_go_to: str
    """Where words are sent, in a sentence for people: "Nothing leaves this machine …" or the model's host."""
    wake: Callable[[], None]
    """Tell the worker that there is something to do."""
    wake_reader: Callable[[], None] = lambda: None
    """Tell the reader of Slack's history that there is something to do."""
    model_host: str | None = None
    """The host of the language model, where words are sent to one."""

    def taxonomy_of(self, team_id: TeamId) -> Taxonomy:
        """Return the taxonomy with the team's own personas."""
        return self.taxonomy.with_personas(self.store.personas.of(team_id))

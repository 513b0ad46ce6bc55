"""Reading the history: single feedback, and what was heard in a period by whom it may be shown to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.vocabulary import Persona, Side, Theme
from storage.database import Database
from storage.ids import ChannelId, FeedbackId, InsightId, Origin, TeamId
from storage.records import Feedback, Heard, StoredInsight
from storage.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Query:
    """Ask for insights of one team. ``audience`` is the channel that will see the answer.

    Rule: words from a channel that is not public are given only when ``audience`` is that very channel; with
    no audience only public ones are given. The period is half open: ``since <= said_at < until``.
    """

    team_id: TeamId
    since: datetime
    until: datetime
    audience: ChannelId | None = None
    side: Side | None = None
    persona: Persona | None = None
    theme: Theme | None = None
    account: str | None = None
    words: str | None = None
    """Every one of these words occurs in the feedback's text (case and compatibility form folded)."""
    standings: frozenset[Standing] = frozenset({Standing.SURE})


@dataclass(frozen=True, slots=True)
class Backlog:
    """Count the feedback said in a period that has no labels: what waits and what failed."""

    waiting: int
    failed: int
    messages: int
    """All feedback captured that was said in the period, erased ones too."""


class History:
    """Read what was shared. Every list has a limit and a next page."""

    def __init__(self, database: Database) -> None: ...

    def feedback(self, team_id: TeamId, feedback_id: FeedbackId) -> Feedback:
        """Raises NotFoundError."""

    def by_origin(self, team_id: TeamId, origin: Origin) -> Feedback | None: ...

    def insight(self, team_id: TeamId, insight_id: InsightId) -> StoredInsight:
        """Raises NotFoundError."""

    def heard(
        self, query: Query, *, after: tuple[datetime, InsightId] | None = None, limit: int = 50
    ) -> Sequence[Heard]:
        """List insights of current classifications, newest first; the next page begins after the last row's
        (said_at, insight_id)."""

    def each_heard(self, query: Query) -> Iterator[Heard]:
        """Give every insight that the query asks for, oldest first, page by page with flat memory."""

    def count(self, query: Query) -> int: ...

    def backlog(self, query: Query) -> Backlog:
        """Count by the same rule of audience and period."""

    def first_said_at(self, query: Query) -> datetime | None:
        """Tell when the team's first feedback was said that this audience may see."""

    def accounts_like(self, team_id: TeamId, words: str, *, limit: int = 10) -> Sequence[str]:
        """List account names that hold these words, for "did you mean"."""

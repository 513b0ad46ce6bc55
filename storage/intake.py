"""What comes in: feedback once each, and deliveries that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.ids import TeamId
from storage.records import NewFeedback, Taken


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Know a delivery that was kept raw."""

    team_id: TeamId
    event_id: str | None
    reason: str
    received_at: datetime


class Intake:
    """Commit what comes in before anything else happens to it."""

    def __init__(self, database: Database) -> None: ...

    def take_in(self, feedback: NewFeedback, at: datetime) -> Taken:
        """Store a feedback as ``waiting``, once an origin; a second time changes nothing.

        NUL and lone surrogates become U+FFFD. Raises DatabaseUnavailableError when it could not be committed.
        """

    def keep_unreadable(
        self, team_id: TeamId, payload: object, reason: str, event_id: str | None, at: datetime
    ) -> None:
        """Keep a delivery as escaped JSON, once a team and payload (its SHA-256)."""

    def unreadable(self, team_id: TeamId, *, limit: int = 100) -> Sequence[Unreadable]: ...

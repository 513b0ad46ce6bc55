"""What waits for somebody: counted and dated, never read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Database
from storage.ids import TeamId
from storage.rows import FeedbackRow, PostRow, UnreadableRow
from storage.vocabulary import FeedbackState, PostState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Count what waits, with the time of the oldest; None when there is none."""

    count: int
    oldest_at: datetime | None


class Backlog:
    """Tell how much of a team's history waits for a classifier, a person, or whoever runs Ballast."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feedback(self, team_id: TeamId, state: FeedbackState) -> Waiting:
        """Count the feedback in a state; the oldest by when it was captured."""
        counted = select(func.count(), func.min(FeedbackRow.captured_at))
        with self._database.reading() as session:
            row = session.execute(counted.where(FeedbackRow.team_id == team_id, FeedbackRow.state == state)).one()
            return Waiting(row[0], row[1])

    def unreadable(self, team_id: TeamId) -> Waiting:
        """Count the deliveries that are kept because they could not be read."""
        counted = select(func.count(), func.min(UnreadableRow.received_at))
        with self._database.reading() as session:
            row = session.execute(counted.where(UnreadableRow.team_id == team_id)).one()
            return Waiting(row[0], row[1])

    def posts_given_up(self, team_id: TeamId) -> int:
        """Count the posts that Slack took at no try."""
        counted = select(func.count()).where(PostRow.team_id == team_id, PostRow.state == PostState.FAILED)
        with self._database.reading() as session:
            return session.scalar(counted) or 0

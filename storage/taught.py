"""What people taught: the passages that they judged, with what they left them with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select

from classifiers.vocabulary import Labels
from storage.database import Database
from storage.ids import TeamId
from storage.mapping import current_labels_of
from storage.rows import InsightRow, ReviewRow
from storage.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Taught:
    """Know a judged passage, and its labels; None where it was rejected."""

    quote: str
    labels: Labels | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Tell one state of what a team taught from another: it changes with each verdict, and when words are erased."""

    reviews: int
    passages: int


def taught(database: Database, team_id: TeamId, *, limit: int) -> Sequence[Taught]:
    """List the passages that the team judged, the latest judged first; those whose words are erased are left out."""
    last = _last_reviews(team_id)
    wanted = select(InsightRow).join(last, last.c.insight_id == InsightRow.insight_id).where(InsightRow.quote != "")
    with database.reading() as session:
        rows = session.scalars(wanted.order_by(last.c.review_id.desc()).limit(limit)).all()
    return [Taught(row.quote, None if _rejected(row) else current_labels_of(row)) for row in rows]


def stamp(database: Database, team_id: TeamId) -> Stamp:
    """Count the team's verdicts, and the passages that still have their words."""
    last = _last_reviews(team_id)
    passages = select(func.count()).select_from(InsightRow).join(last, last.c.insight_id == InsightRow.insight_id)
    reviews = select(func.count()).where(ReviewRow.team_id == team_id)
    with database.reading() as session:
        return Stamp(session.scalar(reviews) or 0, session.scalar(passages.where(InsightRow.quote != "")) or 0)


def _last_reviews(team_id: TeamId) -> Subquery:
    judged = ReviewRow.team_id == team_id, ReviewRow.insight_id.is_not(None)
    last = select(ReviewRow.insight_id, func.max(ReviewRow.review_id).label("review_id")).where(*judged)
    return last.group_by(ReviewRow.insight_id).subquery()


def _rejected(row: InsightRow) -> bool:
    return row.current_standing is Standing.REJECTED

"""What people taught: the passages that they judged, with what they left them with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, func, or_, select

from classifiers.vocabulary import Labels
from storage.asking import stands_for
from storage.database import Database
from storage.ids import FeedbackId, ReviewId, TeamId
from storage.mapping import current_labels_of
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, ReviewRow
from storage.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Taught:
    """Know a judged passage, and its labels; None where it was rejected."""

    quote: str
    labels: Labels | None


@dataclass(frozen=True, slots=True)
class Judged:
    """Know a feedback of which people judged passages, in reading order."""

    feedback_id: FeedbackId
    text: str
    passages: tuple[Taught, ...]
    whole: bool
    """Whether each passage that now stands was judged, so that what is not in them is no problem."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Tell one state of what a team taught from another: it changes with each verdict, and when words are erased."""

    reviews: int
    passages: int
    last: tuple[ReviewId, datetime] | None
    """The last verdict, and when it was given: SQLite gives the number of one that went with its words out again."""


def taught(database: Database, team_id: TeamId, *, limit: int) -> Sequence[Taught]:
    """List the passages that the team judged, the latest judged first; those whose words are erased are left out."""
    last = _last_reviews(team_id)
    wanted = select(InsightRow).join(last, last.c.insight_id == InsightRow.insight_id).where(InsightRow.quote != "")
    with database.reading() as session:
        rows = session.scalars(wanted.order_by(last.c.review_id.desc()).limit(limit)).all()
    return [_taught(row) for row in rows]


def judged(database: Database, team_id: TeamId, *, after: FeedbackId, limit: int) -> Sequence[Judged]:
    """List the feedback after this one that has judged passages, oldest first; what is erased is left out."""
    last = _last_reviews(team_id)
    taught_of = select(InsightRow.feedback_id).join(last, last.c.insight_id == InsightRow.insight_id)
    kept = FeedbackRow.team_id == team_id, FeedbackRow.feedback_id > after, FeedbackRow.text != ""
    page = select(FeedbackRow.feedback_id, FeedbackRow.text).where(*kept, FeedbackRow.feedback_id.in_(taught_of))
    with database.reading() as session:
        texts = {
            one.feedback_id: one.text for one in session.execute(page.order_by(FeedbackRow.feedback_id).limit(limit))
        }
        wanted = (
            select(InsightRow, last.c.review_id)
            .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
            .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
            .outerjoin(last, last.c.insight_id == InsightRow.insight_id)
            .where(InsightRow.team_id == team_id, InsightRow.feedback_id.in_(texts), InsightRow.quote != "")
            .where(or_(last.c.review_id.is_not(None), stands_for()))
            .order_by(InsightRow.quote_start, InsightRow.insight_id)
        )
        rows = session.execute(wanted).all()
    found = {feedback_id: [row for row in rows if row[0].feedback_id == feedback_id] for feedback_id in texts}
    return [
        Judged(
            feedback_id,
            texts[feedback_id],
            tuple(_taught(row) for row, review in mine if review is not None),
            whole=all(review is not None for _, review in mine),
        )
        for feedback_id, mine in found.items()
    ]


def stamp(database: Database, team_id: TeamId) -> Stamp:
    """Count the team's verdicts and the passages that still have their words, and tell which verdict is the last."""
    last = _last_reviews(team_id)
    passages = select(func.count()).select_from(InsightRow).join(last, last.c.insight_id == InsightRow.insight_id)
    theirs = ReviewRow.team_id == team_id
    newest = select(ReviewRow.review_id, ReviewRow.reviewed_at).where(theirs).order_by(ReviewRow.review_id.desc())
    with database.reading() as session:
        newest_row = session.execute(newest.limit(1)).one_or_none()
        return Stamp(
            reviews=session.scalar(select(func.count()).where(theirs)) or 0,
            passages=session.scalar(passages.where(InsightRow.quote != "")) or 0,
            last=None if newest_row is None else (newest_row.review_id, newest_row.reviewed_at),
        )


def _last_reviews(team_id: TeamId) -> Subquery:
    judged = ReviewRow.team_id == team_id, ReviewRow.insight_id.is_not(None)
    last = select(ReviewRow.insight_id, func.max(ReviewRow.review_id).label("review_id")).where(*judged)
    return last.group_by(ReviewRow.insight_id).subquery()


def _taught(row: InsightRow) -> Taught:
    rejected = row.current_standing is Standing.REJECTED
    return Taught(row.quote, None if rejected else current_labels_of(row))

"""Read a feedback or an insight whole: with what was found in it and how often people judged it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.asking import stands_for
from storage.mapping import feedback_of, insight_of
from storage.records import Feedback, StoredInsight
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, ReviewRow


def whole_feedback(session: Session, row: FeedbackRow) -> Feedback:
    """Read the insights of the current classification and those that people added, in reading order."""
    wanted = (
        select(InsightRow)
        .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
        .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
        .where(InsightRow.team_id == row.team_id, InsightRow.feedback_id == row.feedback_id, stands_for())
        .order_by(InsightRow.quote_start, InsightRow.position, InsightRow.insight_id)
    )
    return feedback_of(row, whole_insights(session, session.scalars(wanted).all()))


def whole_insights(session: Session, rows: Sequence[InsightRow]) -> tuple[StoredInsight, ...]:
    """Read how many verdicts each insight of a team has had."""
    ids, teams = [row.insight_id for row in rows], {row.team_id for row in rows}
    counted = select(ReviewRow.insight_id, func.count()).where(
        ReviewRow.team_id.in_(teams), ReviewRow.insight_id.in_(ids)
    )
    reviews = dict(session.execute(counted.group_by(ReviewRow.insight_id)).all())
    return tuple(insight_of(row, reviews.get(row.insight_id, 0)) for row in rows)

"""Insights that a person added because the classifier missed them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification, Evidence, Insight, Labels, Provenance
from storage.findings import write_findings
from storage.rows import ClassificationRow, FeedbackRow, InsightRow
from storage.vocabulary import Standing

PERSON = "person"
"""The classifier's name of what a person found; it stands beside the current classification, whichever that is."""


def find_added(session: Session, feedback: FeedbackRow, labels: Labels, evidence: Evidence) -> InsightRow | None:
    """Find the insight that a person added before with the same labels on the same words, unless it was rejected."""
    wanted = (
        select(InsightRow)
        .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
        .where(
            InsightRow.team_id == feedback.team_id,
            InsightRow.feedback_id == feedback.feedback_id,
            ClassificationRow.classifier == PERSON,
            InsightRow.quote_start == evidence.start,
            InsightRow.quote_end == evidence.end,
            InsightRow.current_theme == labels.theme,
            InsightRow.current_persona == labels.persona,
            InsightRow.current_standing != Standing.REJECTED,
        )
        .order_by(InsightRow.insight_id)
        .limit(1)
    )
    return session.scalars(wanted).one_or_none()


def add_insight(
    session: Session, feedback: FeedbackRow, labels: Labels, evidence: Evidence, at: datetime
) -> InsightRow:
    """Write a person's insight with a classification of its own; the person is sure."""
    insight = Insight(labels=labels, evidence=evidence, confidence=1.0, unsure=False)
    found = Classification((insight,), Provenance(classifier=PERSON, model=PERSON))
    read_with = select(ClassificationRow.taxonomy_version).where(
        ClassificationRow.team_id == feedback.team_id,
        ClassificationRow.classification_id == feedback.current_classification_id,
    )
    run = write_findings(
        session,
        feedback.team_id,
        feedback.feedback_id,
        found,
        text_version=feedback.text_version,
        taxonomy_version=session.scalar(read_with),
        at=at,
    )
    written = select(InsightRow).where(
        InsightRow.team_id == run.team_id, InsightRow.classification_id == run.classification_id
    )
    return session.scalars(written).one()

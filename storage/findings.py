"""Write what was found in a text: one classification, its insights, and the first copy of what holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification, Insight
from storage.current import current_of
from storage.ids import ClassificationId, TeamId
from storage.records import Claimed
from storage.rows import ClassificationRow, InsightRow
from storage.text import fold


def write_findings(
    session: Session, claimed: Claimed, classification: Classification, taxonomy_version: str, at: datetime
) -> ClassificationId:
    """Write a classification, also one that found nothing, and its insights in reading order."""
    row = classification_row(claimed, classification, taxonomy_version, at)
    session.add(row)
    session.flush()
    for position, insight in enumerate(classification.insights):
        session.add(insight_row(claimed.team_id, row, insight, position))
    return row.classification_id


def classification_row(
    claimed: Claimed, classification: Classification, taxonomy_version: str | None, at: datetime
) -> ClassificationRow:
    """Make the row of one run of a classifier over the text that was claimed."""
    provenance = classification.provenance
    return ClassificationRow(
        team_id=claimed.team_id,
        feedback_id=claimed.feedback_id,
        text_version=claimed.text_version,
        classifier=provenance.classifier,
        model=provenance.model,
        prompt_version=provenance.prompt_version,
        taxonomy_version=taxonomy_version,
        fallback=provenance.fallback,
        memory=provenance.memory,
        tokens_in=provenance.usage.tokens_in,
        tokens_out=provenance.usage.tokens_out,
        cost=provenance.usage.cost,
        seconds=provenance.usage.seconds,
        created_at=at,
    )


def insight_row(team_id: TeamId, classification: ClassificationRow, insight: Insight, position: int) -> InsightRow:
    """Make the row of an insight; what holds at first is what was said."""
    current = current_of(insight.labels, (), unsure=insight.unsure)
    remarks = insight.remarks
    return InsightRow(
        team_id=team_id,
        feedback_id=classification.feedback_id,
        classification_id=classification.classification_id,
        position=position,
        quote=insight.evidence.quote,
        quote_start=insight.evidence.start,
        quote_end=insight.evidence.end,
        side=insight.labels.side,
        theme=insight.labels.theme,
        persona=insight.labels.persona,
        confidence=insight.confidence,
        unsure=insight.unsure,
        persona_stated=remarks.persona_stated,
        rationale=remarks.rationale,
        account=remarks.account,
        account_folded=None if remarks.account is None else fold(remarks.account),
        stake=remarks.stake,
        stake_quote=remarks.stake_quote,
        current_side=current.labels.side,
        current_theme=current.labels.theme,
        current_persona=current.labels.persona,
        current_standing=current.standing,
    )

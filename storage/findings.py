"""Write what was found in a text: one classification, its insights, and the first copy of what holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification, Insight
from storage.current import current_of
from storage.ids import FeedbackId, TeamId
from storage.rows import ClassificationRow, InsightRow
from storage.text import fold


def write_findings(
    session: Session,
    team_id: TeamId,
    feedback_id: FeedbackId,
    found: Classification,
    *,
    text_version: int,
    taxonomy_version: str | None,
    at: datetime,
) -> ClassificationRow:
    """Write a classification, also one that found nothing, and its insights in reading order."""
    run = _run(found)
    run.team_id, run.feedback_id = team_id, feedback_id
    run.text_version, run.taxonomy_version, run.created_at = text_version, taxonomy_version, at
    session.add(run)
    session.flush()
    session.add_all([_insight(run, insight, position) for position, insight in enumerate(found.insights)])
    session.flush()
    return run


def _run(found: Classification) -> ClassificationRow:
    provenance = found.provenance
    return ClassificationRow(
        classifier=provenance.classifier,
        model=provenance.model,
        prompt_version=provenance.prompt_version,
        fallback=provenance.fallback,
        hindrance=provenance.hindrance,
        memory=provenance.memory,
        tokens_in=provenance.usage.tokens_in,
        tokens_out=provenance.usage.tokens_out,
        cost=provenance.usage.cost,
        seconds=provenance.usage.seconds,
    )


def _insight(run: ClassificationRow, insight: Insight, position: int) -> InsightRow:
    current = current_of(insight.labels, (), unsure=insight.unsure)
    remarks = insight.remarks
    return InsightRow(
        team_id=run.team_id,
        feedback_id=run.feedback_id,
        classification_id=run.classification_id,
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

"""Changed words: what was found in the old ones goes, but for what a person judged and still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification, Evidence
from storage.added import PERSON
from storage.database import leave_words
from storage.ids import FeedbackId, InsightId, TeamId
from storage.owing import revise_card
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, ReviewRow
from storage.text import clean, fold
from storage.vocabulary import FeedbackState


def rewrite(session: Session, row: FeedbackRow, text: str, at: datetime) -> None:
    """Put other words in a feedback's place; with words it waits to be classified again, without any it is done.

    Insights that a person judged stay where their quote still stands, moved to it; all others go, with their
    quotes. The feedback's card is due again. A copy of another is not classified.
    """
    leave_words(session)
    row.text, row.folded = clean(text), fold(text)
    row.text_version += 1
    waits = bool(row.text) and row.same_as is None
    row.state = FeedbackState.WAITING if waits else FeedbackState.CLASSIFIED
    row.attempts, row.next_attempt_at, row.token, row.failure = 0, at, None, None
    session.flush()
    keep_what_stands(session, row)
    revise_card(session, row.team_id, row.feedback_id, at)


def keep_what_stands(session: Session, row: FeedbackRow) -> None:
    """Move the insights that a person judged to where their quotes stand now, and remove all others."""
    insights = session.scalars(
        select(InsightRow)
        .where(InsightRow.team_id == row.team_id, InsightRow.feedback_id == row.feedback_id)
        .with_for_update()
    ).all()
    judged = {insight.insight_id for insight in judged_insights(session, row.team_id, row.feedback_id)}
    standing = {one.insight_id for one in insights if one.insight_id in judged and point_into(one, row.text)}
    gone: list[InsightId] = [one.insight_id for one in insights if one.insight_id not in standing]
    session.flush()
    if gone:
        remove = delete(InsightRow).where(InsightRow.team_id == row.team_id, InsightRow.insight_id.in_(gone))
        session.execute(remove, execution_options={"synchronize_session": False})


def point_into(insight: InsightRow, text: str) -> bool:
    """Point an insight to where its quote stands in a text, nearest to where it stood; False when it stands nowhere."""
    start = _nearest(text, insight.quote, insight.quote_start)
    if start is None:
        return False
    insight.quote_start, insight.quote_end = start, start + len(insight.quote)
    if insight.stake_quote is not None and insight.stake_quote not in text:
        insight.stake_quote = None
    return True


def judged_insights(session: Session, team_id: TeamId, feedback_id: FeedbackId) -> Sequence[InsightRow]:
    """Read the insights of a feedback that have had a verdict, those that a person added among them."""
    has_verdict = exists().where(ReviewRow.insight_id == InsightRow.insight_id)
    wanted = select(InsightRow).where(InsightRow.team_id == team_id, InsightRow.feedback_id == feedback_id, has_verdict)
    return session.scalars(wanted.order_by(InsightRow.insight_id)).all()


def beside(judged: Sequence[InsightRow], found: Classification) -> Classification:
    """Leave out what was found in the words of an insight that a person judged: their word outlasts a reading."""
    left = tuple(insight for insight in found.insights if not _overlaps(insight.evidence, judged))
    return replace(found, insights=left)


def take_over(session: Session, judged: Sequence[InsightRow], run: ClassificationRow) -> None:
    """Let the insights that people judged stand with a new classification; what a person added stands by itself."""
    wanted = select(ClassificationRow.classification_id).where(
        ClassificationRow.team_id == run.team_id,
        ClassificationRow.classification_id.in_({insight.classification_id for insight in judged}),
        ClassificationRow.classifier == PERSON,
    )
    by_persons = set(session.scalars(wanted)) if judged else set()
    for insight in judged:
        if insight.classification_id not in by_persons:
            insight.classification_id = run.classification_id
    session.flush()


def _overlaps(evidence: Evidence, judged: Sequence[InsightRow]) -> bool:
    return any(evidence.start < one.quote_end and one.quote_start < evidence.end for one in judged)


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Find where a quote stands, nearest to where it stood; None when it does not or is erased."""
    if not quote:
        return None
    before, after = text.rfind(quote, 0, start + len(quote)), text.find(quote, start)
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - start), default=None)

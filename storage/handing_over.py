"""What was found in a message goes to the copy that counts in its place, as far as the copy says the same words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.added import PERSON
from storage.ids import ClassificationId, InsightId
from storage.rewriting import keep_what_stands, point_into
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, ReviewRow
from storage.statements import changed

_STATED = ("stated_side", "stated_theme", "stated_persona", "stated_by", "stated_decides")


def hand_over(session: Session, holder: FeedbackRow, copy: FeedbackRow) -> None:
    """Give a copy the insights whose quotes stand in it, with their verdicts, and what was stated of the message.

    What people judged of other words stays where it is, and what nobody judged of them goes. Accounts, notes and names
    that were told beside the one message are not told of the other: their channels may have other members.
    """
    insights = session.scalars(
        select(InsightRow)
        .where(InsightRow.team_id == holder.team_id, InsightRow.feedback_id == holder.feedback_id)
        .with_for_update()  # before the feedback's keys change, as a verdict of this moment takes them
    ).all()
    said = [insight for insight in insights if point_into(insight, copy.text)]
    for insight in said:
        insight.feedback_id = copy.feedback_id
        if holder.text != copy.text:  # made of the whole text, of which the copy may not have all
            insight.account = insight.account_folded = insight.rationale = None
    session.flush()
    if said:
        _take_along(session, copy, said)
        copy.current_classification_id = holder.current_classification_id or copy.current_classification_id
    if insights:
        keep_what_stands(session, holder)
    _state_again(holder, copy)


def _take_along(session: Session, copy: FeedbackRow, moved: Sequence[InsightRow]) -> None:
    """Move the verdicts, and the readings by which people added an insight each."""
    insights: list[InsightId] = [insight.insight_id for insight in moved]
    verdicts = update(ReviewRow).where(ReviewRow.team_id == copy.team_id, ReviewRow.insight_id.in_(insights))
    changed(session, verdicts.values(feedback_id=copy.feedback_id))
    readings: list[ClassificationId] = [insight.classification_id for insight in moved]
    added = update(ClassificationRow).where(
        ClassificationRow.team_id == copy.team_id,
        ClassificationRow.classification_id.in_(readings),
        ClassificationRow.classifier == PERSON,
    )
    changed(session, added.values(feedback_id=copy.feedback_id))


def _state_again(holder: FeedbackRow, copy: FeedbackRow) -> None:
    is_first = copy.stated_by is None or (holder.stated_decides and not copy.stated_decides)
    if holder.stated_by is not None and is_first:
        for name in _STATED:
            setattr(copy, name, getattr(holder, name))

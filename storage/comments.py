"""Comments on what somebody passed on: feedback of their own only where a problem is found in them."""

from __future__ import annotations

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification
from storage.ids import COMMENT, FeedbackId, TeamId
from storage.rows import FeedbackRow, ReviewRow
from storage.statements import changed


def let_go(session: Session, team_id: TeamId, feedback_id: FeedbackId, found: Classification) -> bool:
    """Remove a comment in which no problem was found; False, and nothing is done, for every other feedback.

    Nothing is lost: its words stand in the context of what it came with. One that a person judged stays.
    """
    if found.insights:
        return False
    has_verdict = exists().where(ReviewRow.feedback_id == FeedbackRow.feedback_id)
    comment = delete(FeedbackRow).where(
        FeedbackRow.team_id == team_id,
        FeedbackRow.feedback_id == feedback_id,
        FeedbackRow.origin.endswith(COMMENT),
        ~has_verdict,
    )
    return changed(session, comment)

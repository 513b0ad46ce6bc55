"""Rows of human judgement: appended, never changed; labels and offsets, never words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classifiers.vocabulary import Side
from storage.columns import BigId, by_value
from storage.ids import FeedbackId, InsightId, ReviewId, TeamId, UserId
from storage.rows.base import Row
from storage.rows.feedback import FeedbackRow, InsightRow
from storage.rows.workspace import WorkspaceRow
from storage.vocabulary import Verdict


class ReviewRow(Row):
    """One verdict of a person who may decide, on an insight or on a feedback as a whole.

    ``number`` counts the reviews of one subject from 1. Two people who decide at the same moment draw the
    same number; the database refuses the second, who is shown what changed.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("team_id", "subject", "number"),
        Index("ix_reviews_feedback", "feedback_id"),
        Index("ix_reviews_insight", "insight_id"),
    )

    review_id: Mapped[ReviewId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    feedback_id: Mapped[FeedbackId] = mapped_column(ForeignKey(FeedbackRow.feedback_id, ondelete="CASCADE"))
    insight_id: Mapped[InsightId | None] = mapped_column(ForeignKey(InsightRow.insight_id, ondelete="CASCADE"))
    """Null when the verdict is on the feedback as a whole."""
    subject: Mapped[str]
    """``insight:7`` or ``feedback:3``: never null, so that the constraint holds for both."""
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(by_value(Verdict, "verdict"))
    reviewer: Mapped[UserId]
    reviewed_at: Mapped[datetime]
    before_side: Mapped[Side | None] = mapped_column(by_value(Side, "before_side"))
    before_theme: Mapped[str | None]
    before_persona: Mapped[str | None]
    after_side: Mapped[Side | None] = mapped_column(by_value(Side, "after_side"))
    after_theme: Mapped[str | None]
    after_persona: Mapped[str | None]
    """All three are null when the insight was rejected, or a feedback judged as a whole."""
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]


class ProposalRow(Row):
    """What a person without the right to decide pressed; the last word of each person on each insight."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("insight_id", "proposer"),)

    proposal_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    insight_id: Mapped[InsightId] = mapped_column(ForeignKey(InsightRow.insight_id, ondelete="CASCADE"))
    proposer: Mapped[UserId]
    proposed_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(by_value(Verdict, "verdict"))
    side: Mapped[Side | None] = mapped_column(by_value(Side, "side"))
    theme: Mapped[str | None]
    persona: Mapped[str | None]

"""What classifiers said and what it cost: the tokens of a day, what a fall-back answered, and reading again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification
from storage.added import PERSON
from storage.database import Database
from storage.findings import write_findings
from storage.ids import ClassificationId, FeedbackId, TeamId
from storage.owing import revise_card
from storage.records import StoredInsight
from storage.rewriting import beside, take_over
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, ReviewRow
from storage.vocabulary import FeedbackState
from storage.whole import whole_feedback


@dataclass(frozen=True, slots=True)
class Reading:
    """Know the current reading of a feedback, to be read again: its words and what stands for them."""

    team_id: TeamId
    feedback_id: FeedbackId
    classification_id: ClassificationId
    text: str
    text_version: int
    insights: tuple[StoredInsight, ...]


class Readings:
    """Sum up the runs of classifiers, and replace one by a better one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tokens_since(self, team_id: TeamId, since: datetime) -> int:
        """Sum the tokens, in and out, of everything that was classified for the team since then."""
        spent = select(func.sum(ClassificationRow.tokens_in + ClassificationRow.tokens_out)).where(
            ClassificationRow.team_id == team_id, ClassificationRow.created_at >= since
        )
        with self._database.reading() as session:
            return session.scalar(spent) or 0

    def count_again(self, team_id: TeamId, *, since: datetime, not_by: tuple[str, str] | None = None) -> int:
        """Count what ``again`` lists."""
        counted = select(func.count()).select_from(FeedbackRow).join(*_current()).where(*_worth(team_id, since, not_by))
        with self._database.reading() as session:
            return session.scalar(counted) or 0

    def again(
        self,
        team_id: TeamId,
        *,
        since: datetime,
        not_by: tuple[str, str] | None = None,
        after: FeedbackId | None = None,
        limit: int = 100,
    ) -> Sequence[Reading]:
        """List feedback said since then whose current reading was a fall-back, by id; words that are erased are out.

        ``not_by`` names a classifier and its model: then also what any other read. The next page begins after the
        last id; what is replaced falls out of the list, so that a run that was cut off goes on by itself.
        """
        wanted = select(FeedbackRow).join(*_current()).where(*_worth(team_id, since, not_by))
        if after is not None:
            wanted = wanted.where(FeedbackRow.feedback_id > after)
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(FeedbackRow.feedback_id).limit(limit)).all()
            return [_reading(session, row) for row in rows]

    def replace(self, reading: Reading, classification: Classification, *, taxonomy_version: str, at: datetime) -> bool:
        """Let another classification stand for a feedback, unless its words or its reading changed meanwhile.

        A person's word outlasts both: insights that have had a verdict, also a rejection, go on standing with their
        labels and reviews, and what the new classification finds in the same words is left out. False, and
        nothing is written, when the reading no longer holds.
        """
        with self._database.writing() as session:
            row = session.scalars(_held(reading).with_for_update(key_share=True)).one_or_none()
            if row is None:
                return False
            kept = _judged(session, reading)
            run = write_findings(
                session,
                reading.team_id,
                reading.feedback_id,
                beside(kept, classification),
                text_version=reading.text_version,
                taxonomy_version=taxonomy_version,
                at=at,
            )
            take_over(session, kept, run)
            row.current_classification_id = run.classification_id
            session.flush()
            revise_card(session, reading.team_id, reading.feedback_id, at)
            return True


def _current() -> tuple[type[ClassificationRow], ColumnElement[bool]]:
    return ClassificationRow, ClassificationRow.classification_id == FeedbackRow.current_classification_id


def _worth(team_id: TeamId, since: datetime, not_by: tuple[str, str] | None) -> list[ColumnElement[bool]]:
    asked: ColumnElement[bool] = ClassificationRow.fallback.is_(True)
    if not_by is not None:
        classifier, model = not_by
        asked = or_(asked, ClassificationRow.classifier != classifier, ClassificationRow.model != model)
    return [
        FeedbackRow.team_id == team_id,
        FeedbackRow.said_at >= since,
        FeedbackRow.state == FeedbackState.CLASSIFIED,
        FeedbackRow.text != "",  # erased words cannot be read again
        FeedbackRow.same_as.is_(None),  # a copy is not read: its problems stand at what it repeats
        asked,
    ]


def _reading(session: Session, row: FeedbackRow) -> Reading:
    return Reading(
        team_id=row.team_id,
        feedback_id=row.feedback_id,
        classification_id=row.current_classification_id or ClassificationId(0),
        text=row.text,
        text_version=row.text_version,
        insights=whole_feedback(session, row).insights,
    )


def _held(reading: Reading) -> Select[FeedbackRow]:
    return select(FeedbackRow).where(
        FeedbackRow.team_id == reading.team_id,
        FeedbackRow.feedback_id == reading.feedback_id,
        FeedbackRow.text_version == reading.text_version,
        FeedbackRow.text != "",
        FeedbackRow.same_as.is_(None),
        FeedbackRow.state == FeedbackState.CLASSIFIED,
        FeedbackRow.current_classification_id == reading.classification_id,
    )


def _judged(session: Session, reading: Reading) -> Sequence[InsightRow]:
    """Read what people judged or added, locked first, so that a verdict of this moment is seen."""
    of_it = InsightRow.team_id == reading.team_id, InsightRow.feedback_id == reading.feedback_id
    by_persons = select(ClassificationRow.classification_id).where(
        ClassificationRow.team_id == reading.team_id,
        ClassificationRow.feedback_id == reading.feedback_id,
        ClassificationRow.classifier == PERSON,
    )
    stands = InsightRow.classification_id == reading.classification_id, InsightRow.classification_id.in_(by_persons)
    its = select(InsightRow).where(*of_it, or_(*stands))
    session.scalars(its.with_for_update()).all()
    return session.scalars(its.where(exists().where(ReviewRow.insight_id == InsightRow.insight_id))).all()

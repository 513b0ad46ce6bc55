"""Reading the history: single feedback, and what was heard in a period by whom it may be shown to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, join, select

from classifiers.vocabulary import Hindrance
from storage.asking import account_of, holds_all, is_message, may_count, said_within, stands_for, wanted_insights
from storage.database import Database
from storage.errors import NotFoundError
from storage.ids import ChannelId, FeedbackId, InsightId, Origin, TeamId
from storage.mapping import heard_of
from storage.query import Query
from storage.records import Feedback, Heard, StoredInsight
from storage.rows import ClassificationRow, FeedbackRow, InsightRow
from storage.vocabulary import FeedbackState
from storage.whole import whole_feedback, whole_insights

__all__ = ["Backlog", "History", "Query"]
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Backlog:
    """Count the feedback said in a period that has no labels: what waits and what failed."""

    waiting: int
    failed: int
    messages: int
    """All feedback captured that was said in the period, also what is erased because its time was over.

    Not counted are what was deleted or edited to nothing, a copy of another, and a reply in which no problem was
    found: it is context of its thread.
    """
    over_budget: int
    """Of these, what the local classifier read because the day's tokens for the language model were spent."""


class History:
    """Read what was shared. Every list has a limit and a next page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feedback(self, team_id: TeamId, feedback_id: FeedbackId) -> Feedback:
        """Read a feedback with its insights. Raises NotFoundError."""
        with self._database.reading() as session:
            wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
            row = session.scalars(wanted).one_or_none()
            if row is None:
                message = "that feedback is not in the history of this workspace: it may have been erased"
                raise NotFoundError(message)
            return whole_feedback(session, row)

    def by_origin(self, team_id: TeamId, origin: Origin) -> Feedback | None:
        """Find a feedback by where it came from; None when that never came in."""
        with self._database.reading() as session:
            wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.origin == origin)
            row = session.scalars(wanted).one_or_none()
            return None if row is None else whole_feedback(session, row)

    def insight(self, team_id: TeamId, insight_id: InsightId) -> StoredInsight:
        """Read an insight, of whichever classification. Raises NotFoundError."""
        with self._database.reading() as session:
            wanted = select(InsightRow).where(InsightRow.team_id == team_id, InsightRow.insight_id == insight_id)
            found = whole_insights(session, session.scalars(wanted).all())
        if not found:
            message = "that insight is not in the history of this workspace: it may have been erased"
            raise NotFoundError(message)
        return found[0]

    def heard(
        self, query: Query, *, after: tuple[datetime, InsightId] | None = None, limit: int = 50
    ) -> Sequence[Heard]:
        """List insights of current classifications and those that people added, newest first.

        The next page begins after the last row's (said_at, insight_id).
        """
        wanted = wanted_insights(query)
        if after is not None:
            wanted = wanted.where(*_beyond(after, newest_first=True))
        newest = wanted.order_by(FeedbackRow.said_at.desc(), InsightRow.insight_id.desc()).limit(limit)
        with self._database.reading() as session:
            return [heard_of(*found) for found in session.execute(newest)]

    def each_heard(self, query: Query) -> Iterator[Heard]:
        """Give every insight that the query asks for, oldest first, page by page with flat memory."""
        after: tuple[datetime, InsightId] | None = None
        while page := self._page(query, after):
            yield from page
            after = (page[-1].said_at, page[-1].insight_id)

    def _page(self, query: Query, after: tuple[datetime, InsightId] | None) -> Sequence[Heard]:
        """Read a page in a transaction of its own: a slow reader must not hold one open."""
        wanted = wanted_insights(query)
        if after is not None:
            wanted = wanted.where(*_beyond(after, newest_first=False))
        oldest = wanted.order_by(FeedbackRow.said_at, InsightRow.insight_id).limit(_PAGE)
        with self._database.reading() as session:
            return [heard_of(*found) for found in session.execute(oldest)]

    def count(self, query: Query) -> int:
        """Count the insights that the query asks for."""
        with self._database.reading() as session:
            return session.scalar(wanted_insights(query).with_only_columns(func.count())) or 0

    def backlog(self, query: Query) -> Backlog:
        """Count the feedback by the further rule of audience and period; what insights say is not asked."""
        counted = select(FeedbackRow.state, func.count()).where(
            *may_count(query.team_id, query.audience), *said_within(query), *is_message()
        )
        with self._database.reading() as session:
            found = dict(session.execute(counted.group_by(FeedbackRow.state)).all())
            over_budget = session.scalar(
                select(func.count())
                .select_from(FeedbackRow)
                .join(ClassificationRow, ClassificationRow.classification_id == FeedbackRow.current_classification_id)
                .where(
                    *may_count(query.team_id, query.audience),
                    *said_within(query),
                    *is_message(),
                    ClassificationRow.hindrance == Hindrance.BUDGET,
                )
            )
        return Backlog(
            waiting=found.get(FeedbackState.WAITING, 0),
            failed=found.get(FeedbackState.FAILED, 0),
            messages=sum(found.values()),
            over_budget=over_budget or 0,
        )

    def first_said_at(self, query: Query) -> datetime | None:
        """Tell when the team's first feedback was said that counts for this audience, whatever else is asked."""
        with self._database.reading() as session:
            return session.scalar(
                select(func.min(FeedbackRow.said_at)).where(*may_count(query.team_id, query.audience))
            )

    def accounts_like(
        self, team_id: TeamId, words: str, *, audience: ChannelId | None = None, limit: int = 10
    ) -> Sequence[str]:
        """List account names that hold these words, for "did you mean", of what counts for this audience."""
        name = func.coalesce(FeedbackRow.account, InsightRow.account)
        read = join(InsightRow, ClassificationRow, InsightRow.classification_id == ClassificationRow.classification_id)
        names = (
            select(func.min(name))
            .select_from(FeedbackRow)
            .outerjoin(read, (InsightRow.feedback_id == FeedbackRow.feedback_id) & stands_for())
            .where(*may_count(team_id, audience), account_of().is_not(None), *holds_all(account_of(), words))
            .group_by(account_of())
            .order_by(account_of())
            .limit(limit)
        )
        with self._database.reading() as session:
            return [found for found in session.scalars(names) if found is not None]


def _beyond(after: tuple[datetime, InsightId], *, newest_first: bool) -> list[ColumnElement[bool]]:
    """Begin behind a row in the order of pages; the first condition is for the index, the second for ties."""
    said_at, insight_id = after
    if newest_first:
        further = (FeedbackRow.said_at < said_at) | (InsightRow.insight_id < insight_id)
        return [FeedbackRow.said_at <= said_at, further]
    further = (FeedbackRow.said_at > said_at) | (InsightRow.insight_id > insight_id)
    return [FeedbackRow.said_at >= said_at, further]

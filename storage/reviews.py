"""Human judgement: appended, and copied to what holds now by one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from classifiers.vocabulary import Evidence, Labels
from storage.added import add_insight, find_added
from storage.current import Current, current_of
from storage.database import Database
from storage.errors import NotFoundError, StaleError
from storage.ids import FeedbackId, InsightId, TeamId, UserId
from storage.mapping import current_labels_of, insight_of, review_of, said_labels_of
from storage.owing import revise_card
from storage.records import Decision, Review, StoredInsight
from storage.rows import FeedbackRow, InsightRow, ProposalRow, ReviewRow
from storage.statements import upsert
from storage.taught import Judged, Stamp, Taught, judged, stamp, taught
from storage.vocabulary import Verdict

_PAGE = 500


class Reviews:
    """Append verdicts; the log is the truth, the ``current_*`` columns are its copy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, decision: Decision) -> StoredInsight:
        """Append a verdict and write what now holds, in one transaction.

        confirmed: the current labels stand, sure. corrected: ``labels`` stand, sure. rejected: it no longer
        counts. The same verdict with the same outcome as the last review changes nothing (a double press).
        Raises StaleError when there are other reviews than ``seen``, NotFoundError when there is no such insight.
        A post ``card:<feedback>`` that is done becomes due again in the same transaction (``revise``).
        """
        with self._database.writing() as session:
            row = _insight_row(session, decision.team_id, decision.insight_id)
            log = [review_of(review) for review in session.scalars(_log_of(row))]
            after = _outcome(decision, current_labels_of(row))
            if log and (log[-1].verdict, log[-1].after) == (decision.verdict, after):
                return insight_of(row, len(log))
            if len(log) != decision.seen:
                message = "somebody decided on this in the meantime: look at it again"
                raise StaleError(message)
            append_review(session, row, log, decision.verdict, after, decision.by, decision.at)
            revise_card(session, decision.team_id, row.feedback_id, decision.at)
            return insight_of(row, len(log) + 1)

    def add(
        self,
        team_id: TeamId,
        feedback_id: FeedbackId,
        labels: Labels,
        evidence: Evidence,
        by: UserId,
        at: datetime,
    ) -> StoredInsight:
        """Add an insight that the classifier missed, with provenance ``person``, and its review.

        The same words with the same labels a second time change nothing. Raises StaleError when the quote does
        not stand in the text, which may have changed; NotFoundError when there is no such feedback.
        """
        with self._database.writing() as session:
            feedback = _feedback_row(session, team_id, feedback_id)
            if feedback.text[evidence.start : evidence.end] != evidence.quote:
                message = "these words no longer stand in the message: look at it again"
                raise StaleError(message)
            if (known := find_added(session, feedback, labels, evidence)) is not None:
                return insight_of(known, len(session.scalars(_log_of(known)).all()))
            row = add_insight(session, feedback, labels, evidence, at)
            append_review(session, row, (), Verdict.ADDED, labels, by, at)
            revise_card(session, team_id, feedback_id, at)
            return insight_of(row, 1)

    def propose(self, decision: Decision) -> None:
        """Keep what a person without the right to decide pressed: their last word on that insight.

        Raises NotFoundError when there is no such insight.
        """
        with self._database.writing() as session:
            write_proposal(session, _insight_row(session, decision.team_id, decision.insight_id), decision)

    def of_feedback(
        self, team_id: TeamId, feedback_id: FeedbackId, *, skip: int = 0, limit: int = 100
    ) -> Sequence[Review]:
        """List the verdicts on a feedback and its insights, oldest first; the log only grows, so pages may skip."""
        wanted = select(ReviewRow).where(ReviewRow.team_id == team_id, ReviewRow.feedback_id == feedback_id)
        page = wanted.order_by(ReviewRow.review_id).offset(skip).limit(limit)
        with self._database.reading() as session:
            return [review_of(row) for row in session.scalars(page)]

    def last_verdicts(self, team_id: TeamId, insights: Sequence[InsightId]) -> Sequence[Review]:
        """Give the verdict that holds now of each of these insights that has had one, however long its log is."""
        newest = (
            select(ReviewRow.subject, func.max(ReviewRow.number).label("number"))
            .where(ReviewRow.team_id == team_id, ReviewRow.insight_id.in_(insights))
            .group_by(ReviewRow.subject)
            .subquery()
        )
        is_newest = (ReviewRow.subject == newest.c.subject) & (ReviewRow.number == newest.c.number)
        wanted = select(ReviewRow).join(newest, is_newest).where(ReviewRow.team_id == team_id)
        with self._database.reading() as session:
            return [review_of(row) for row in session.scalars(wanted.order_by(ReviewRow.review_id))]

    def taught(self, team_id: TeamId, *, limit: int) -> Sequence[Taught]:
        """List the passages that the team judged, the latest first; those whose words are erased are left out."""
        return taught(self._database, team_id, limit=limit)

    def judged(self, team_id: TeamId, *, after: FeedbackId, limit: int) -> Sequence[Judged]:
        """List the feedback after this one of which people judged passages, oldest first, with its words."""
        return judged(self._database, team_id, after=after, limit=limit)

    def stamp(self, team_id: TeamId) -> Stamp:
        """Tell whether what the team taught has changed since the stamp was last asked for."""
        return stamp(self._database, team_id)

    def mismatches(self, team_id: TeamId, *, limit: int = 100) -> Sequence[InsightId]:
        """Replay the log and list the insights whose copy differs from it: none, unless something is broken."""
        found: list[InsightId] = []
        last = InsightId(0)
        with self._database.reading() as session:
            while len(found) < limit:
                page = session.scalars(_insights_after(team_id, last)).all()
                if not page:
                    break
                afters = _outcomes(session, team_id, [row.insight_id for row in page])
                found += [row.insight_id for row in page if _held(row) != _replayed(row, afters)]
                last = page[-1].insight_id
                session.expunge_all()  # flat memory, however long the history
        return found[:limit]


def _outcome(decision: Decision, current: Labels) -> Labels | None:
    """Tell what a verdict leaves: labels, or None when it rejects."""
    match decision.verdict:
        case Verdict.CONFIRMED:
            return current
        case Verdict.REJECTED:
            return None
        case Verdict.CORRECTED if decision.labels is not None:
            return decision.labels
    message = f"a decision cannot be made of the verdict {decision.verdict.value} alone: a correction names labels"
    raise ValueError(message)


def append_review(
    session: Session,
    row: InsightRow,
    log: Sequence[Review],
    verdict: Verdict,
    after: Labels | None,
    by: UserId,
    at: datetime,
) -> None:
    """Append a review and write the copy of what holds, both or neither."""
    before = None if verdict is Verdict.ADDED or (log and log[-1].after is None) else current_labels_of(row)
    review = ReviewRow(
        team_id=row.team_id,
        feedback_id=row.feedback_id,
        insight_id=row.insight_id,
        subject=f"insight:{row.insight_id}",
        number=len(log) + 1,
        verdict=verdict,
        reviewer=by,
        reviewed_at=at,
        **_columns(before, "before_"),
        **_columns(after, "after_"),
        quote_start=row.quote_start,
        quote_end=row.quote_end,
    )
    session.add(review)
    held = current_of(said_labels_of(row), [*(each.after for each in log), after], unsure=row.unsure)
    row.current_side = held.labels.side
    row.current_theme = held.labels.theme
    row.current_persona = held.labels.persona
    row.current_standing = held.standing


def write_proposal(session: Session, row: InsightRow, decision: Decision) -> None:
    """Keep what somebody without the right to decide said of an insight: their last word on it."""
    values = {
        "team_id": decision.team_id,
        "insight_id": decision.insight_id,
        "proposer": decision.by,
        "proposed_at": decision.at,
        "verdict": decision.verdict,
        **_columns(_outcome(decision, current_labels_of(row))),
    }
    upsert(session, ProposalRow, values, keys=("insight_id", "proposer"))


def _columns(labels: Labels | None, prefix: str = "") -> dict[str, object]:
    names = ("side", "theme", "persona")
    return {prefix + name: None if labels is None else getattr(labels, name) for name in names}


def _insight_row(session: Session, team_id: TeamId, insight_id: InsightId) -> InsightRow:
    wanted = select(InsightRow).where(InsightRow.team_id == team_id, InsightRow.insight_id == insight_id)
    row = session.scalars(wanted.with_for_update()).one_or_none()
    if row is None:
        message = "that insight is not in the history of this workspace: it may have been erased"
        raise NotFoundError(message)
    return row


def _feedback_row(session: Session, team_id: TeamId, feedback_id: FeedbackId) -> FeedbackRow:
    wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
    row = session.scalars(wanted.with_for_update(key_share=True)).one_or_none()
    if row is None:
        message = "that feedback is not in the history of this workspace: it may have been erased"
        raise NotFoundError(message)
    return row


def _log_of(row: InsightRow) -> Select[ReviewRow]:
    log = select(ReviewRow).where(ReviewRow.team_id == row.team_id, ReviewRow.insight_id == row.insight_id)
    return log.order_by(ReviewRow.number)


def _insights_after(team_id: TeamId, last: InsightId) -> Select[InsightRow]:
    wanted = select(InsightRow).where(InsightRow.team_id == team_id, InsightRow.insight_id > last)
    return wanted.order_by(InsightRow.insight_id).limit(_PAGE)


def _outcomes(
    session: Session, team_id: TeamId, insights: Sequence[InsightId]
) -> Mapping[InsightId, Sequence[Labels | None]]:
    wanted = select(ReviewRow).where(ReviewRow.team_id == team_id, ReviewRow.insight_id.in_(insights))
    rows = session.scalars(wanted.order_by(ReviewRow.insight_id, ReviewRow.number)).all()
    return {
        InsightId(insight_id): [review_of(row).after for row in log]
        for insight_id, log in groupby(rows, key=lambda row: row.insight_id or 0)
    }


def _held(row: InsightRow) -> Current:
    return Current(current_labels_of(row), row.current_standing)


def _replayed(row: InsightRow, afters: Mapping[InsightId, Sequence[Labels | None]]) -> Current:
    return current_of(said_labels_of(row), afters.get(row.insight_id, ()), unsure=row.unsure)

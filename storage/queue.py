"""The queue of waiting feedback: claims under a lease, results saved only while the claim holds."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from classifiers.vocabulary import Classification
from storage.comments import let_go
from storage.database import Database
from storage.findings import write_findings
from storage.ids import TeamId, Token
from storage.leases import due_claims, earliest_a_team, seconds_until
from storage.owing import revise_card, write_post
from storage.placing import UNPLACED, Placed, write_placed
from storage.records import Claimed, NewPost
from storage.rewriting import beside, judged_insights, take_over
from storage.rows import FeedbackRow
from storage.stated import settle_stated
from storage.statements import changed
from storage.vocabulary import FeedbackState

_WAITS = FeedbackRow.state == FeedbackState.WAITING


class Queue:
    """Hand out waiting feedback and take back what was found in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def teams_waiting(self, at: datetime) -> Sequence[TeamId]:
        """List the workspaces with feedback that may be claimed now, longest waiting first."""
        earliest = earliest_a_team(FeedbackRow.team_id, FeedbackRow.next_attempt_at, _WAITS)
        wanted = select(earliest.c.team_id).where(earliest.c.earliest <= at)
        with self._database.reading() as session:
            return session.scalars(wanted.order_by(earliest.c.earliest, earliest.c.team_id)).all()

    def claim(self, team_id: TeamId, *, limit: int, lease: timedelta, at: datetime) -> Sequence[Claimed]:
        """Claim up to ``limit`` waiting feedback, oldest first, by one UPDATE … RETURNING.

        SKIP LOCKED on PostgreSQL. A row whose lease ran out can be claimed again: it is ``waiting`` with
        ``next_attempt_at`` in the past. Each claim draws a token and counts an attempt.
        """
        due = due_claims(
            FeedbackRow.feedback_id,
            FeedbackRow.next_attempt_at,
            FeedbackRow.team_id == team_id,
            _WAITS,
            at=at,
            limit=limit,
        )
        statement = (
            update(FeedbackRow)
            .where(FeedbackRow.feedback_id.in_(select(due.c[0])))
            .values(token=secrets.token_hex(16), next_attempt_at=at + lease, attempts=FeedbackRow.attempts + 1)
            .returning(
                FeedbackRow.feedback_id,
                FeedbackRow.token,
                FeedbackRow.text,
                FeedbackRow.text_version,
                FeedbackRow.attempts,
                FeedbackRow.failure,
            )
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            rows = session.execute(statement).all()
        # RETURNING has no order of its own; ids grow with age.
        return [
            Claimed(team_id, row.feedback_id, Token(row.token), row.text, row.text_version, row.attempts, row.failure)
            for row in sorted(rows, key=lambda row: row.feedback_id)
        ]

    def renew(self, claimed: Claimed, *, lease: timedelta, at: datetime) -> bool:
        """Lengthen the lease; False when the claim no longer holds."""
        return self._change(claimed, next_attempt_at=at + lease)

    def save(
        self,
        claimed: Claimed,
        classification: Classification,
        *,
        taxonomy_version: str,
        at: datetime,
        posts: Sequence[NewPost] = (),
        placed: Placed = UNPLACED,
    ) -> bool:
        """Save what was found and what is owed for it in one commit, if token and text version still hold.

        False, and nothing is written, when somebody else holds the row or its words changed. An insight that
        is unsure stands as unsure, the others as sure. Of words that were edited, what a person judged and still
        stands goes before what is found in the same words, and the card is due again. A comment in which nothing was
        found goes.
        """
        settled = (
            update(FeedbackRow).where(*_held(claimed)).values(state=FeedbackState.CLASSIFIED, token=None, failure=None)
        )
        with self._database.writing() as session:
            if not changed(session, settled):
                return False
            if let_go(session, claimed.team_id, claimed.feedback_id, classification):
                return True
            _write_found(session, claimed, classification, taxonomy_version, at)
            _settle_stated(session, claimed, at)
            write_placed(session, claimed.team_id, claimed.feedback_id, placed, at)
            for post in posts:
                write_post(session, claimed.team_id, post, at)
            if claimed.text_version > 1:
                revise_card(session, claimed.team_id, claimed.feedback_id, at)
            return True

    def release(self, claimed: Claimed, *, at: datetime) -> bool:
        """Give a claim back untried, so that shutting down delays nothing; the attempt is uncounted."""
        return self._change(claimed, token=None, next_attempt_at=at, attempts=FeedbackRow.attempts - 1)

    def put_off(self, claimed: Claimed, *, reason: str, until: datetime) -> bool:
        """Keep it waiting until then, with the reason of the last failure."""
        return self._change(claimed, token=None, next_attempt_at=until, failure=reason)

    def give_up(self, claimed: Claimed, *, reason: str) -> bool:
        """Mark it failed, visibly, with the reason."""
        return self._change(claimed, token=None, state=FeedbackState.FAILED, failure=reason)

    def retry_failed(self, team_id: TeamId, *, at: datetime, limit: int = 1000) -> int:
        """Put failed feedback back in the queue, oldest first; return how many."""
        failed = (
            select(FeedbackRow.feedback_id)
            .where(FeedbackRow.team_id == team_id, FeedbackRow.state == FeedbackState.FAILED)
            .order_by(FeedbackRow.feedback_id)
            .limit(limit)
        )
        again = (
            update(FeedbackRow)
            .where(FeedbackRow.feedback_id.in_(failed), FeedbackRow.state == FeedbackState.FAILED)
            .values(state=FeedbackState.WAITING, attempts=0, next_attempt_at=at, failure=None)
            .returning(FeedbackRow.feedback_id)
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            return len(session.scalars(again).all())

    def seconds_until_next(self, at: datetime) -> float | None:
        """Tell when the next waiting row becomes claimable; None when nothing waits, 0 when one does already."""
        earliest = earliest_a_team(FeedbackRow.team_id, FeedbackRow.next_attempt_at, _WAITS)
        with self._database.reading() as session:
            return seconds_until(session.scalar(select(func.min(earliest.c.earliest))), at)

    def counts(self, team_id: TeamId) -> dict[str, int]:
        """Count the team's feedback a state; every state is named, with 0 where there is none."""
        counted = select(FeedbackRow.state, func.count()).where(FeedbackRow.team_id == team_id)
        with self._database.reading() as session:
            found = {state.value: count for state, count in session.execute(counted.group_by(FeedbackRow.state))}
        return {state.value: found.get(state.value, 0) for state in FeedbackState}

    def _change(self, claimed: Claimed, **values: Any) -> bool:  # noqa: ANN401 - columns differ in type
        with self._database.writing() as session:
            return changed(session, update(FeedbackRow).where(*_held(claimed)).values(**values))


def _write_found(
    session: Session, claimed: Claimed, classification: Classification, taxonomy_version: str, at: datetime
) -> None:
    """Make what was found the feedback's current findings, with what a person judged of the same words."""
    team_id, feedback_id = claimed.team_id, claimed.feedback_id
    judged = judged_insights(session, team_id, feedback_id) if claimed.text_version > 1 else ()
    run = write_findings(
        session,
        team_id,
        feedback_id,
        beside(judged, classification),
        text_version=claimed.text_version,
        taxonomy_version=taxonomy_version,
        at=at,
    )
    take_over(session, judged, run)
    current = update(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
    changed(session, current.values(current_classification_id=run.classification_id))


def _settle_stated(session: Session, claimed: Claimed, at: datetime) -> None:
    said = select(FeedbackRow).where(
        FeedbackRow.team_id == claimed.team_id,
        FeedbackRow.feedback_id == claimed.feedback_id,
        FeedbackRow.stated_by.is_not(None),
    )
    for row in session.scalars(said):
        settle_stated(session, row, at)


def _held(claimed: Claimed) -> list[ColumnElement[bool]]:
    """Hold a change to the very claim that it comes from."""
    return [
        FeedbackRow.team_id == claimed.team_id,
        FeedbackRow.feedback_id == claimed.feedback_id,
        FeedbackRow.token == claimed.token,
        FeedbackRow.text_version == claimed.text_version,
        _WAITS,
    ]

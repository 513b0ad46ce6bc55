"""Copies: the same message shared again. Each is kept with its reporter; one of them counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from storage.errors import DatabaseUnavailableError
from storage.ids import FeedbackId, Origin, TeamId
from storage.rows import FeedbackRow
from storage.standing_in import HAS_WORDS, best_first, prefer_copy
from storage.statements import insert_once
from storage.vocabulary import FeedbackState

_TRIES = 5


def follow_forwards(session: Session, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let what forwards a forward count as what that one counts as, so that all of them count once."""
    if values["counts_as"] == values["origin"]:
        return values
    holder = aliased(FeedbackRow)
    known = (
        select(func.coalesce(holder.counts_as, FeedbackRow.counts_as))
        .select_from(FeedbackRow)
        .outerjoin(holder, holder.feedback_id == FeedbackRow.same_as)
        .where(FeedbackRow.team_id == values["team_id"], FeedbackRow.origin == values["counts_as"])
    )
    return {**values, "counts_as": session.scalar(known) or values["counts_as"]}


def insert_copy(session: Session, values: Mapping[str, Any]) -> FeedbackId | None:
    """Insert feedback that another counts for already, linked to it; None when its own origin is known meanwhile.

    Where the other is erased at this very moment, this one counts; and where this one has words that everybody may
    see and the other has not.
    """
    holds_it = (
        select(FeedbackRow.feedback_id)
        .where(FeedbackRow.team_id == values["team_id"], FeedbackRow.counts_as == values["counts_as"])
        .with_for_update(key_share=True)  # whoever erases it waits, and then finds this copy
    )
    for _ in range(_TRIES):
        holder = session.scalar(holds_it)
        linked = {} if holder is None else _linked(holder)
        inserted: FeedbackId | None = insert_once(
            session, FeedbackRow, {**values, **linked}, returning=FeedbackRow.feedback_id
        )
        if inserted is not None and holder is not None:
            prefer_copy(session, values["team_id"], inserted, values["captured_at"])
        if inserted is not None or holder is not None:
            return inserted
    message = "the database was busy with the same message: try again"
    raise DatabaseUnavailableError(message)


def let_copy_count(session: Session, team_id: TeamId, gone: FeedbackId, freed: Origin | None, at: datetime) -> None:
    """Let the best copy of what was erased count in its place: it waits to be classified, the others follow it."""
    # As rows: the session may be about to erase the copy too, and must know then what it has come to count as.
    copies = session.scalars(
        select(FeedbackRow)
        .where(FeedbackRow.team_id == team_id, FeedbackRow.same_as == gone)
        .order_by(HAS_WORDS.desc(), *best_first(team_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not copies:
        return
    first, *others = copies
    first.counts_as, first.same_as = freed, None
    first.state = FeedbackState.WAITING if first.text else first.state
    first.text_version += 1  # what was judged of its words before is kept by who reads them
    first.attempts, first.next_attempt_at = 0, at
    for other in others:
        other.same_as = first.feedback_id
    session.flush()


def _linked(holder: FeedbackId) -> dict[str, Any]:
    return {"counts_as": None, "same_as": holder, "state": FeedbackState.CLASSIFIED}

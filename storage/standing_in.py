"""Which of several copies counts: one with words, and of these one that everybody may see, so that none is hidden."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.asking import is_shown
from storage.handing_over import hand_over
from storage.ids import ChannelId, FeedbackId, TeamId
from storage.owing import revise_card
from storage.rows import FeedbackRow
from storage.statements import changed
from storage.vocabulary import FeedbackState

HAS_WORDS = FeedbackRow.text != ""


def best_first(team_id: TeamId) -> tuple[SQLColumnExpression[Any], ...]:
    """Order copies: one that everybody may see goes before one that few may, and then the earliest."""
    return is_shown(team_id, None).desc(), FeedbackRow.said_at, FeedbackRow.feedback_id


def prefer_copy(session: Session, team_id: TeamId, copy: FeedbackId, at: datetime) -> None:
    """Let a copy that just got its words count in place of what it repeats, should that be closed or without words."""
    _prefer(session, _preferable(team_id, aliased(FeedbackRow)).where(FeedbackRow.feedback_id == copy), at)


def prefer_open(session: Session, team_id: TeamId, channel_id: ChannelId) -> None:
    """Let the copies that everybody may see count in place of closed messages, once a channel was closed or opened."""
    holder = aliased(FeedbackRow)
    of_channel = or_(FeedbackRow.channel_id == channel_id, holder.channel_id == channel_id)
    _prefer(session, _preferable(team_id, holder).where(of_channel))


def let_copy_stand_in(session: Session, holder: FeedbackRow, at: datetime) -> None:
    """Let a copy that has words, should there be one, count in place of a feedback that is about to lose its own."""
    of_it = FeedbackRow.team_id == holder.team_id, FeedbackRow.same_as == holder.feedback_id
    copies = select(FeedbackRow).where(*of_it, HAS_WORDS).order_by(*best_first(holder.team_id)).limit(1)
    copy = session.scalars(copies.with_for_update(key_share=True)).one_or_none()
    if copy is not None:
        _stand_in(session, copy, holder, at)


def _preferable(team_id: TeamId, holder: type[FeedbackRow]) -> Select[FeedbackRow, FeedbackRow]:
    """Select what should count of two: a copy with words, instead of what has none or is seen by few.

    Not instead of that of which only the time of its words is over: it has been counted, and quotes nothing.
    """
    is_hidden = is_shown(team_id, None) & ~is_shown(team_id, None, holder)
    return (
        select(FeedbackRow, holder)
        .join(holder, holder.feedback_id == FeedbackRow.same_as)
        .where(FeedbackRow.team_id == team_id, FeedbackRow.same_as.is_not(None), HAS_WORDS)
        .where(holder.words_erased_at.is_(None), or_(holder.text == "", is_hidden))
        .order_by(FeedbackRow.said_at, FeedbackRow.feedback_id)
        .limit(1)
    )


def _prefer(session: Session, wanted: Select[FeedbackRow, FeedbackRow], at: datetime | None = None) -> None:
    one_by_one = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    while pair := session.execute(one_by_one).one_or_none():  # each lets the other copies follow it
        copy, holder = pair
        _stand_in(session, copy, holder, copy.captured_at if at is None else at)


def _stand_in(session: Session, copy: FeedbackRow, holder: FeedbackRow, at: datetime) -> None:
    """Let one count in place of the other, which becomes its copy: it waits to be classified, the others follow it."""
    hand_over(session, holder, copy)
    freed = holder.counts_as
    holder.counts_as, holder.same_as = None, copy.feedback_id
    holder.state, holder.token, holder.failure = FeedbackState.CLASSIFIED, None, None
    session.flush()  # first, for two cannot count as the same
    copy.counts_as, copy.same_as = freed, None
    copy.state, copy.attempts, copy.next_attempt_at = FeedbackState.WAITING, 0, at
    copy.text_version += 1  # what was judged of its words before is kept by who reads them
    session.flush()
    others = update(FeedbackRow).where(FeedbackRow.team_id == copy.team_id, FeedbackRow.same_as == holder.feedback_id)
    changed(session, others.values(same_as=copy.feedback_id))
    revise_card(session, copy.team_id, holder.feedback_id, at)
    revise_card(session, copy.team_id, copy.feedback_id, at)

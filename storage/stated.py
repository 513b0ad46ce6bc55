"""What somebody said of a message when they saved it: kept with it, and made a review once the message is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from classifiers.vocabulary import UNKNOWN_PERSONA, Evidence, Labels, Persona, Side, Theme
from storage.added import add_insight
from storage.database import Database
from storage.ids import FeedbackId, Origin, TeamId, UserId
from storage.mapping import current_labels_of
from storage.owing import revise_card
from storage.placing import owe_picker
from storage.records import Decision
from storage.reviews import append_review, write_proposal
from storage.rows import FeedbackRow, InsightRow, ReviewRow
from storage.text import fold
from storage.vocabulary import FeedbackState, Verdict


@dataclass(frozen=True, slots=True)
class Stated:
    """Hold what somebody said of a message, as far as they knew; a theme names its side too."""

    by: UserId
    decides: bool
    """Whether they may decide labels; if not, what they said becomes a proposal."""
    side: Side | None = None
    theme: Theme | None = None
    persona: Persona | None = None
    note: str | None = None
    account: str | None = None
    person: str | None = None


class Stating:
    """Keep what people say of messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, team_id: TeamId, feedback_id: FeedbackId, stated: Stated, at: datetime) -> bool:
        """Keep what somebody said beside a feedback; False when there is no such feedback, or it has no words left.

        What others said before stays: a note is added to theirs; account, person and labels fill what is empty, but
        that the labels of who may decide go before those of who may not. Labels of a message that has been read count
        at once.
        """
        wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
        with self._database.writing() as session:
            row = session.scalars(wanted.with_for_update(key_share=True)).one_or_none()
            if row is None or not row.text:
                return False
            _fill_in(row, stated)
            session.flush()
            if row.state is FeedbackState.CLASSIFIED:
                settle_stated(session, row, at)
                owe_picker(session, row, at)
            return True

    def is_saved_by_hand(self, team_id: TeamId, origin: Origin) -> bool:
        """Tell whether somebody saved a message by hand: then no rule about what is taken in leaves it out."""
        saved = select(FeedbackRow.feedback_id).where(
            FeedbackRow.team_id == team_id, FeedbackRow.origin == origin, FeedbackRow.saved_by.is_not(None)
        )
        with self._database.reading() as session:
            return session.scalar(saved) is not None


def settle_stated(session: Session, row: FeedbackRow, at: datetime) -> None:
    """Make a review, or a proposal, of what was said of a feedback that has just been read.

    It is made of the one insight that it fits: the only one of the stated theme, else of the stated side, else the
    only one there is, unless that is of the other side and no theme was named. Where none was found, the whole message
    becomes the insight of who may decide and named a theme. Else nothing is decided and what was said stays beside
    the message. What people have judged already is left alone, and so is a copy, whose problems stand at the message
    that counts for it, and one without words.
    """
    by = row.stated_by
    if by is None or row.same_as is not None or not row.text:
        return
    insights = session.scalars(_insights_of(row).with_for_update()).all()
    if _is_judged(session, row):  # asked when they are locked, so that a verdict of this moment is seen
        return
    fitting = _fitting(insights, row)
    if fitting is not None:
        _judge(session, row, fitting, by, at)
    elif not insights and row.stated_decides and (labels := _whole_labels(row)) is not None:
        _add_whole(session, row, labels, by, at)
    else:
        return
    revise_card(session, row.team_id, row.feedback_id, at)


def _fill_in(row: FeedbackRow, stated: Stated) -> None:
    row.saved_by = row.saved_by or stated.by
    if stated.note and f"\n{stated.note}\n" not in f"\n{row.note or ''}\n":
        row.note = "\n".join(part for part in (row.note, stated.note) if part)
    if stated.account and row.account is None:
        row.account, row.account_folded = stated.account, fold(stated.account)
    row.person = row.person or stated.person
    is_first = row.stated_by is None or (stated.decides and not row.stated_decides)
    if is_first and (stated.side or stated.persona):
        row.stated_side, row.stated_theme, row.stated_persona = stated.side, stated.theme, stated.persona
        row.stated_by, row.stated_decides = stated.by, stated.decides


def _fitting(insights: Sequence[InsightRow], row: FeedbackRow) -> InsightRow | None:
    of_theme = [one for one in insights if one.current_theme == row.stated_theme]
    of_side = [one for one in insights if one.current_side == row.stated_side]
    for found in (of_theme, of_side):
        if len(found) == 1:
            return found[0]
    only = len(insights) == 1 and (row.stated_theme is not None or row.stated_side is None)
    return insights[0] if only else None


def _judge(session: Session, row: FeedbackRow, insight: InsightRow, by: UserId, at: datetime) -> None:
    before = current_labels_of(insight)
    labels = Labels(
        side=Side(row.stated_side) if row.stated_side and row.stated_theme else before.side,
        theme=Theme(row.stated_theme) if row.stated_theme else before.theme,
        persona=Persona(row.stated_persona) if row.stated_persona else before.persona,
    )
    verdict = Verdict.CONFIRMED if labels == before else Verdict.CORRECTED
    if row.stated_decides:
        append_review(session, insight, (), verdict, labels, by, at)
        return
    corrected = None if verdict is Verdict.CONFIRMED else labels
    write_proposal(session, insight, Decision(row.team_id, insight.insight_id, verdict, by, at, 0, corrected))


def _whole_labels(row: FeedbackRow) -> Labels | None:
    if row.stated_side is None or row.stated_theme is None:
        return None
    persona = Persona(row.stated_persona or UNKNOWN_PERSONA)
    return Labels(side=Side(row.stated_side), theme=Theme(row.stated_theme), persona=persona)


def _add_whole(session: Session, row: FeedbackRow, labels: Labels, by: UserId, at: datetime) -> None:
    quote = row.text.strip()
    start = row.text.index(quote)
    evidence = Evidence(quote=quote, start=start, end=start + len(quote))
    insight = add_insight(session, row, labels, evidence, at)
    append_review(session, insight, (), Verdict.ADDED, labels, by, at)


def _insights_of(row: FeedbackRow) -> Select[InsightRow]:
    wanted = select(InsightRow).where(
        InsightRow.team_id == row.team_id, InsightRow.classification_id == row.current_classification_id
    )
    return wanted.order_by(InsightRow.position)


def _is_judged(session: Session, row: FeedbackRow) -> bool:
    judged = select(ReviewRow.review_id).where(
        ReviewRow.team_id == row.team_id, ReviewRow.feedback_id == row.feedback_id
    )
    return session.scalar(judged.limit(1)) is not None

"""The account of a feedback: the clues to it, writing it down, and whom to ask where it stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Subquery, func, select, update
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import ChannelId, FeedbackId, TeamId, UserId
from storage.leases import earliest_a_team, seconds_until
from storage.outsiders import owe_asking, write_outside
from storage.rows import AccountAskedRow, FeedbackRow, InsightRow
from storage.statements import changed, insert_once
from storage.text import clean, fold
from storage.vocabulary import BY_HAND

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Clues:
    """Know what may tell a feedback's account."""

    feedback_id: FeedbackId
    text: str
    account: str | None = None
    author_name: str | None = None
    reporter_name: str | None = None
    context: str | None = None
    note: str | None = None
    saved_by: UserId | None = None
    """Who saved it by hand, and can be asked."""
    reporter: UserId | None = None
    outside: bool | None = None
    """Whether the reporter is a guest or of another organisation, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Hold what was found out about whose a feedback is, to be written with what was found in its words."""

    account: str | None = None
    ask: UserId | None = None
    """Whom to offer the picker, where nobody knows."""
    outside: bool | None = None
    """Whether the reporter is a guest or of another organisation; None where nobody told yet."""
    ask_outside: bool = False
    """Whether Slack is to be asked that, beside the reading."""


UNPLACED = Placed()


@dataclass(frozen=True, slots=True)
class Asked:
    """Know whom to offer the picker of which feedback, and where it was said."""

    team_id: TeamId
    feedback_id: FeedbackId
    asked: UserId
    attempts: int
    channel_id: ChannelId | None
    permalink: str | None


class Placing:
    """Read the clues, write the account, and hand out whom to ask."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def clues(self, team_id: TeamId, feedback_id: FeedbackId) -> Clues | None:
        """Read the clues of a feedback; None when it is gone."""
        wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.feedback_id == feedback_id)
        with self._database.reading() as session:
            row = session.scalars(wanted).one_or_none()
            return None if row is None else _clues(row)

    def page(self, team_id: TeamId, *, after: FeedbackId | None = None, limit: int = 200) -> Sequence[Clues]:
        """List the clues of feedback whose words stand, by id; the next page begins after the last id."""
        wanted = select(FeedbackRow).where(FeedbackRow.team_id == team_id, FeedbackRow.words_erased_at.is_(None))
        if after is not None:
            wanted = wanted.where(FeedbackRow.feedback_id > after)
        with self._database.reading() as session:
            return [_clues(row) for row in session.scalars(wanted.order_by(FeedbackRow.feedback_id).limit(limit))]

    def place(self, team_id: TeamId, accounts: Sequence[tuple[FeedbackId, str]]) -> int:
        """Write the accounts of feedback, in one transaction; return how many there were to write."""
        with self._database.writing() as session:
            return sum(write_account(session, team_id, feedback_id, account) for feedback_id, account in accounts)

    def teams_to_ask(self, at: datetime) -> Sequence[TeamId]:
        """List the workspaces in which somebody is to be offered a picker now."""
        earliest = _earliest()
        with self._database.reading() as session:
            return session.scalars(select(earliest.c.team_id).where(earliest.c.earliest <= at)).all()

    def claim_asked(self, team_id: TeamId, *, at: datetime, limit: int = 10) -> Sequence[Asked]:
        """Take whom to ask, noted as told: a crash after this loses an offer and never makes it twice."""
        with self._database.writing() as session:
            due = (
                select(AccountAskedRow)
                .where(AccountAskedRow.team_id == team_id, *_due(at))
                .order_by(AccountAskedRow.asked_at, AccountAskedRow.feedback_id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            claimed = []
            for row in session.scalars(due).all():
                row.told_at, row.attempts = at, row.attempts + 1
                feedback = session.scalars(_feedback_of(row)).one()
                if feedback.account is None and feedback.words_erased_at is None:
                    claimed.append(_asked(row, feedback))
            return claimed

    def put_off(self, asked: Asked, *, until: datetime) -> bool:
        """Ask again later, because Slack did not take it; False when it was tried often enough."""
        if asked.attempts >= _TRIES:
            return False
        later = update(AccountAskedRow).where(
            AccountAskedRow.team_id == asked.team_id, AccountAskedRow.feedback_id == asked.feedback_id
        )
        with self._database.writing() as session:
            return changed(session, later.values(told_at=None, asked_at=until))

    def seconds_until_next(self, at: datetime) -> float | None:
        """Tell when somebody is to be asked next; None when nobody is."""
        with self._database.reading() as session:
            return seconds_until(session.scalar(select(func.min(_earliest().c.earliest))), at)

    def was_asked(self, team_id: TeamId, feedback_id: FeedbackId, person: UserId) -> bool:
        """Tell whether this person was offered the picker of this feedback."""
        with self._database.reading() as session:
            row = session.get(AccountAskedRow, (team_id, feedback_id))
            return row is not None and row.asked == person


def write_placed(session: Session, team_id: TeamId, feedback_id: FeedbackId, placed: Placed, at: datetime) -> None:
    """Write a feedback's account, or whom to ask for it, in the transaction that saves what was found in it.

    And whether its reporter is from outside, or that this is to be asked.
    """
    if placed.outside is not None:
        write_outside(session, team_id, [feedback_id], outside=placed.outside)
    elif placed.ask_outside:
        owe_asking(session, team_id, feedback_id)
    if placed.account is not None:
        write_account(session, team_id, feedback_id, placed.account)
    elif placed.ask is not None:
        values = {"team_id": team_id, "feedback_id": feedback_id, "asked": placed.ask, "asked_at": at, "attempts": 0}
        insert_once(session, AccountAskedRow, values, returning=AccountAskedRow.feedback_id)


def owe_picker(session: Session, row: FeedbackRow, at: datetime) -> None:
    """Note that whoever saved a message that was read before is to be asked for its account, where nothing tells it."""
    found = select(InsightRow.account).where(
        InsightRow.team_id == row.team_id, InsightRow.classification_id == row.current_classification_id
    )
    accounts = session.scalars(found).all()
    if accounts and row.account is None and not any(accounts):
        write_placed(session, row.team_id, row.feedback_id, Placed(ask=row.saved_by), at)


def write_account(session: Session, team_id: TeamId, feedback_id: FeedbackId, account: str) -> bool:
    """Write a feedback's account; False when it stands there already, or the words were erased."""
    name = clean(account)
    here = update(FeedbackRow).where(
        FeedbackRow.team_id == team_id,
        FeedbackRow.feedback_id == feedback_id,
        FeedbackRow.words_erased_at.is_(None),
        FeedbackRow.account.is_distinct_from(name),
    )
    return changed(session, here.values(account=name, account_folded=fold(name)))


def _feedback_of(asked: AccountAskedRow) -> Select[FeedbackRow]:
    return select(FeedbackRow).where(FeedbackRow.team_id == asked.team_id, FeedbackRow.feedback_id == asked.feedback_id)


def _earliest() -> Subquery:
    return earliest_a_team(AccountAskedRow.team_id, AccountAskedRow.asked_at, AccountAskedRow.told_at.is_(None))


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return AccountAskedRow.told_at.is_(None), AccountAskedRow.asked_at <= at


def _clues(row: FeedbackRow) -> Clues:
    return Clues(
        feedback_id=row.feedback_id,
        text=row.text,
        account=row.account,
        author_name=row.author_name,
        reporter_name=row.reporter_name,
        context=row.context,
        note=row.note,
        saved_by=row.saved_by or (row.reporter if row.source in BY_HAND else None),
        reporter=row.reporter,
        outside=row.outside,
    )


def _asked(row: AccountAskedRow, feedback: FeedbackRow) -> Asked:
    return Asked(row.team_id, row.feedback_id, row.asked, row.attempts, feedback.channel_id, feedback.permalink)

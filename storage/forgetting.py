"""Forgetting what somebody asked to be forgotten: of a reporter, an account, a channel, or a name in texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.engines import empty_log
from storage.erasing import erase_whole
from storage.held import Held, Target
from storage.ids import AccountId, FeedbackId, TeamId
from storage.lots import AT_ONCE, lots
from storage.naming import Naming
from storage.rows import AccountNameRow, AccountRow, FeedbackRow, InsightRow, PostRow
from storage.schema import old_copies
from storage.statements import Column, changed
from storage.text import fold
from storage.traces import count_traces, erase_traces
from storage.vocabulary import Erasure, PostKind, Whose


class Forgetting:
    """Erase whole: of each message stays only that something was there, so that no way in brings it back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, target: Target) -> Held:
        """Count what ``forget`` would erase, and change nothing."""
        with self._database.reading() as session:
            naming = _naming(session, target)
            found = _found(session, target, naming)
            traces = count_traces(session, target, naming)
            return Held(
                messages=len(found),
                problems=_count_of(session, target.team_id, InsightRow.feedback_id, found),
                cards=_count_of(
                    session,
                    target.team_id,
                    PostRow.feedback_id,
                    found,
                    PostRow.kind == PostKind.CARD,
                    PostRow.ts.is_not(None),
                ),
                deliveries=traces.deliveries,
                notices=traces.notices,
                accounts=len(_accounts(session, target, naming)),
                mentions=_mentions(session, target, naming, set(found)),
            )

    def forget(self, target: Target, *, at: datetime) -> Held:
        """Erase words, quotes, names, links and accounts; return what was counted before.

        All is erased some at a time, each lot committed: cut off, it goes on when it is asked again. What is
        erased is overwritten in the file of SQLite, whose log is emptied; PostgreSQL frees it at its next vacuum.
        """
        held = self.count(target)
        with self._database.reading() as session:
            naming = _naming(session, target)
        while found := self._find(target, naming):
            for lot in lots(found):
                self._erase(target.team_id, lot, at)
        erase_traces(self._database, target, naming)
        self._drop_accounts(target, naming)
        empty_log(self._database.engine)
        return held

    def copies(self) -> tuple[Path, ...]:
        """List the copies of the database from before upgrades, which ``forget`` does not reach."""
        return old_copies(self._database)

    def _find(self, target: Target, naming: Naming) -> Sequence[FeedbackId]:
        with self._database.reading() as session:
            return _found(session, target, naming)

    def _erase(self, team_id: TeamId, lot: Sequence[FeedbackId], at: datetime) -> None:
        wanted = select(FeedbackRow).where(
            FeedbackRow.team_id == team_id, FeedbackRow.feedback_id.in_(lot), _still_stands()
        )
        with self._database.writing() as session:
            for row in session.scalars(wanted.order_by(FeedbackRow.feedback_id).with_for_update()).all():
                erase_whole(session, row, Erasure.FORGOTTEN, at)

    def _drop_accounts(self, target: Target, naming: Naming) -> None:
        with self._database.reading() as session:
            found = _accounts(session, target, naming)
        for lot in lots(found):
            gone = delete(AccountRow).where(AccountRow.team_id == target.team_id, AccountRow.account_id.in_(lot))
            with self._database.writing() as session:
                changed(session, gone)


def _still_stands() -> ColumnElement[bool]:
    """Leave out what is erased whole already; where only the time of the words was over, the rest stands."""
    return or_(FeedbackRow.erased_why.is_(None), FeedbackRow.erased_why == Erasure.TIME.value)


def _naming(session: Session, target: Target) -> Naming:
    """Find an account by all the names it is known by, and everything else by what was given."""
    if target.whose is not Whose.ACCOUNT:
        return Naming([target.value])
    return Naming([target.value, *_known_as(session, target)])


def _known_as(session: Session, target: Target) -> Sequence[str]:
    """List the other names, folded, of the account that bears this one."""
    folded, team = fold(target.value), AccountRow.team_id == target.team_id
    bearing = select(AccountNameRow.account_id).where(
        AccountNameRow.team_id == target.team_id, AccountNameRow.folded == folded
    )
    meant = select(AccountRow.account_id).where(
        team, or_(AccountRow.folded == folded, AccountRow.account_id.in_(bearing))
    )
    names = session.scalars(select(AccountRow.folded).where(team, AccountRow.account_id.in_(meant)))
    called = AccountNameRow.team_id == target.team_id, AccountNameRow.account_id.in_(meant)
    aliases = session.scalars(select(AccountNameRow.folded).where(*called))
    return [*names, *aliases]


def _found(session: Session, target: Target, naming: Naming) -> Sequence[FeedbackId]:
    standing = select(FeedbackRow.feedback_id).where(FeedbackRow.team_id == target.team_id, _still_stands())
    match target.whose:
        case Whose.REPORTER:
            theirs = or_(FeedbackRow.reporter == target.value, FeedbackRow.author == target.value)
            return session.scalars(standing.where(theirs)).all()
        case Whose.CHANNEL:
            return session.scalars(standing.where(FeedbackRow.channel_id == target.value)).all()
        case Whose.ACCOUNT:
            names = {fold(target.value), *_known_as(session, target)}
            named = select(InsightRow.feedback_id).where(
                InsightRow.team_id == target.team_id, InsightRow.account_folded.in_(names)
            )
            about = or_(FeedbackRow.account_folded.in_(names), FeedbackRow.feedback_id.in_(named))
            return _with_copies(session, target, session.scalars(standing.where(about)).all())
        case Whose.NAME:
            return _with_copies(session, target, sorted(set(_naming_it(session, target, naming))))


def _with_copies(session: Session, target: Target, found: Sequence[FeedbackId]) -> Sequence[FeedbackId]:
    """Add the copies, which say the same: one of them would count next and be found to name it anew."""
    copies = select(FeedbackRow.feedback_id).where(FeedbackRow.team_id == target.team_id, _still_stands())
    more = [copy for lot in lots(found) for copy in session.scalars(copies.where(FeedbackRow.same_as.in_(lot)))]
    return sorted({*found, *more})


def _naming_it(session: Session, target: Target, naming: Naming) -> Iterator[FeedbackId]:
    """Read every text of the team: no index knows whole words, and the two databases fold differently."""
    told = (
        FeedbackRow.text,
        FeedbackRow.reporter_name,
        FeedbackRow.author_name,
        FeedbackRow.person,
        FeedbackRow.context,
        FeedbackRow.note,
        FeedbackRow.account,
    )
    wanted = select(FeedbackRow.feedback_id, *told).where(FeedbackRow.team_id == target.team_id, _still_stands())
    for feedback_id, *texts in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        if naming.stands_in(*texts):
            yield feedback_id
    remarked = (InsightRow.account, InsightRow.rationale, InsightRow.stake_quote)
    remarks = (
        select(InsightRow.feedback_id, *remarked)
        .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
        .where(InsightRow.team_id == target.team_id, _still_stands(), or_(*(each.is_not(None) for each in remarked)))
    )
    for feedback_id, *texts in session.execute(remarks, execution_options={"yield_per": AT_ONCE}):
        if naming.stands_in(*texts):
            yield feedback_id


def _mentions(session: Session, target: Target, naming: Naming, found: set[FeedbackId]) -> int:
    if target.whose not in {Whose.REPORTER, Whose.ACCOUNT}:
        return 0
    return len(set(_naming_it(session, target, naming)) - found)


def _accounts(session: Session, target: Target, naming: Naming) -> Sequence[AccountId]:
    if target.whose not in {Whose.ACCOUNT, Whose.NAME}:
        return []
    listed = session.execute(select(AccountRow.account_id, AccountRow.name).where(AccountRow.team_id == target.team_id))
    if target.whose is Whose.NAME:
        return [account_id for account_id, name in listed if naming.stands_in(name)]
    names = {fold(target.value), *_known_as(session, target)}
    return [account_id for account_id, name in listed if fold(name) in names]


def _count_of(
    session: Session, team_id: TeamId, column: Column, found: Sequence[FeedbackId], *also: ColumnElement[bool]
) -> int:
    counted = select(func.count()).where(column.class_.team_id == team_id, *also)
    return sum(session.scalar(counted.where(column.in_(lot))) or 0 for lot in lots(found))

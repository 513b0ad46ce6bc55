"""Forgetting what somebody asked to be forgotten: of a reporter, an account, a channel, or a name in texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from storage.choice_log import Choosing
from storage.database import Database
from storage.erasing import erase_whole
from storage.held import NO_WORDS, Held, Target
from storage.ids import FeedbackId, TeamId, UserId
from storage.lots import lots
from storage.meant import count_mentions, find_accounts, find_meant, naming_of, still_stands
from storage.naming import Naming
from storage.own_words import count_own_words, mask_own_words
from storage.rows import AccountRow, FeedbackRow, InsightRow, PostRow
from storage.schema import old_copies
from storage.statements import Column, changed
from storage.traces import count_traces, erase_traces
from storage.vocabulary import Erasure, PostKind, Whose


class Forgetting:
    """Erase whole: of each message stays only that something was there, so that no way in brings it back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, target: Target) -> Held:
        """Count what ``forget`` would erase, and change nothing."""
        with self._database.reading() as session:
            naming = naming_of(session, target)
            meant, going = find_meant(session, target, naming), find_accounts(session, target, naming)
            found, own_words = meant.all, count_own_words(session, target.team_id, naming, going)
            reaches_words = target.whose is Whose.NAME
            traces = count_traces(session, target, naming, found)
            return Held(
                messages=len(found),
                forwards=len(meant.forwards),
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
                saved=traces.saved,
                requests=traces.requests,
                accounts=len(going),
                own_words=own_words if reaches_words else NO_WORDS,
                mentions=count_mentions(session, target, naming, meant),
                unreached_words=0 if reaches_words else own_words.total,
            )

    def forget(self, target: Target, *, by: UserId, at: datetime) -> Held:
        """Erase words, quotes, names, links and accounts; return what was counted before.

        All is erased some at a time, each lot committed: cut off, it goes on when it is asked again. What is
        erased is overwritten in the file of SQLite, whose log is emptied; PostgreSQL frees it at its next vacuum.
        """
        held = self.count(target)
        with self._database.reading() as session:
            naming = naming_of(session, target)
        while found := self._find(target, naming):
            for lot in lots(found):
                self._erase(target.team_id, lot, at)
        erase_traces(self._database, target, naming)
        self._drop_accounts(target, naming)
        if target.whose is Whose.NAME:
            mask_own_words(self._database, Choosing(target.team_id, None, by, at), naming)
        self._database.erase_log()
        return held

    def copies(self) -> tuple[Path, ...]:
        """List the copies of the database from before upgrades, which ``forget`` does not reach."""
        return old_copies(self._database)

    def _find(self, target: Target, naming: Naming) -> Sequence[FeedbackId]:
        with self._database.reading() as session:
            return find_meant(session, target, naming).all

    def _erase(self, team_id: TeamId, lot: Sequence[FeedbackId], at: datetime) -> None:
        wanted = select(FeedbackRow).where(
            FeedbackRow.team_id == team_id, FeedbackRow.feedback_id.in_(lot), still_stands()
        )
        with self._database.writing() as session:
            for row in session.scalars(wanted.order_by(FeedbackRow.feedback_id).with_for_update(key_share=True)).all():
                erase_whole(session, row, Erasure.FORGOTTEN, at)

    def _drop_accounts(self, target: Target, naming: Naming) -> None:
        with self._database.reading() as session:
            found = find_accounts(session, target, naming)
        for lot in lots(found):
            gone = delete(AccountRow).where(AccountRow.team_id == target.team_id, AccountRow.account_id.in_(lot))
            with self._database.writing() as session:
                changed(session, gone)


def _count_of(
    session: Session, team_id: TeamId, column: Column, found: Sequence[FeedbackId], *also: ColumnElement[bool]
) -> int:
    counted = select(func.count()).where(column.class_.team_id == team_id, *also)
    return sum(session.scalar(counted.where(column.in_(lot))) or 0 for lot in lots(found))

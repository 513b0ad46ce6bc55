"""The accounts that a team knows, and the names and domains by which they are recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.ids import AccountId, TeamId
from storage.rows import AccountNameRow, AccountRow
from storage.rows.account import NameKind
from storage.statements import insert_once
from storage.text import clean, fold, pattern_of
from storage.workspaces import lock_workspace

__all__ = ["Account", "Accounts", "AccountsStamp", "Clash", "NameKind", "NewAccount", "Put"]
_PAGE = 500


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Hold an account as a list gives it. What the list does not tell is None, and stays as it is known."""

    name: str
    domains: tuple[str, ...] | None = None
    aliases: tuple[str, ...] | None = None
    plan: str | None = None
    revenue_band: str | None = None
    charter: bool | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Know an account."""

    account_id: AccountId
    name: str
    domains: tuple[str, ...]
    aliases: tuple[str, ...]
    plan: str | None
    revenue_band: str | None
    charter: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Say that a name or domain was not given to an account because another has it."""

    account: str
    kind: NameKind
    name: str
    holder: str


@dataclass(frozen=True, slots=True)
class Put:
    """Say what became of an account of a list."""

    new: bool
    changed: bool
    clashes: tuple[Clash, ...]


class AccountsStamp(NamedTuple):
    """Tell two states of a team's list apart."""

    accounts: int
    changed_at: datetime | None


class Accounts:
    """Keep a team's list of accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, team_id: TeamId, accounts: Sequence[NewAccount], at: datetime) -> Sequence[Put]:
        """Insert accounts or bring those of the same name up to date, in one transaction; say what each became.

        An alias or domain belongs to one account: one that another has, as its alias, domain or name, stays there
        and is told. Raises NotFoundError for an unknown team.
        """
        with self._database.writing() as session:
            lock_workspace(session, team_id)  # who else puts at once must see the names that were given here
            return [_put(session, team_id, account, at) for account in accounts]

    def page(self, team_id: TeamId, *, after: str | None = None, limit: int = 100) -> Sequence[Account]:
        """List accounts by their folded names; the next page begins after the last one's name."""
        wanted = select(AccountRow).where(AccountRow.team_id == team_id)
        if after is not None:
            wanted = wanted.where(AccountRow.folded > fold(after))
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(AccountRow.folded).limit(limit)).all()
            return _whole(session, rows)

    def each(self, team_id: TeamId) -> Iterator[Account]:
        """Give every account, page by page."""
        after: str | None = None
        while page := self.page(team_id, after=after, limit=_PAGE):
            yield from page
            after = page[-1].name

    def find(self, team_id: TeamId, account_id: AccountId) -> Account | None:
        """Find an account; None when it is not on the list any more."""
        with self._database.reading() as session:
            wanted = select(AccountRow).where(AccountRow.team_id == team_id, AccountRow.account_id == account_id)
            found = _whole(session, session.scalars(wanted).all())
        return found[0] if found else None

    def search(self, team_id: TeamId, words: str, *, limit: int = 100) -> Sequence[Account]:
        """List accounts of which the name, an alias or a domain holds these words; names that begin so come first."""
        pattern = pattern_of(fold(words))
        named = select(AccountNameRow.account_id).where(
            AccountNameRow.team_id == team_id, AccountNameRow.folded.like(pattern, escape="\\")
        )
        holds = AccountRow.folded.like(pattern, escape="\\")
        begins = AccountRow.folded.like(pattern.removeprefix("%"), escape="\\")
        wanted = (
            select(AccountRow)
            .where(AccountRow.team_id == team_id, or_(holds, AccountRow.account_id.in_(named)))
            .order_by(begins.desc(), AccountRow.folded)
            .limit(limit)
        )
        with self._database.reading() as session:
            return _whole(session, session.scalars(wanted).all())

    def stamp(self, team_id: TeamId) -> AccountsStamp:
        """Tell the state of the list, so that what was made of it is made anew when it changed."""
        wanted = select(func.count(), func.max(AccountRow.changed_at)).where(AccountRow.team_id == team_id)
        with self._database.reading() as session:
            accounts, changed_at = session.execute(wanted).one()
        return AccountsStamp(accounts, changed_at)


def _put(session: Session, team_id: TeamId, account: NewAccount, at: datetime) -> Put:
    name, folded = clean(account.name), fold(account.name)
    if (holder := _holder(session, team_id, NameKind.ALIAS, folded)) and fold(holder) != folded:
        return Put(new=False, changed=False, clashes=(Clash(name, NameKind.ALIAS, name, holder),))
    values = {"team_id": team_id, "name": name, "folded": folded, "charter": False, "changed_at": at}
    new = insert_once(session, AccountRow, values, returning=AccountRow.account_id) is not None
    row = session.scalars(
        select(AccountRow).where(AccountRow.team_id == team_id, AccountRow.folded == folded).with_for_update()
    ).one()
    told = {"name": name, "plan": account.plan, "revenue_band": account.revenue_band, "charter": account.charter}
    changes = {column: value for column, value in told.items() if value is not None and getattr(row, column) != value}
    for column, value in changes.items():
        setattr(row, column, value)
    domains = _put_names(session, row, NameKind.DOMAIN, account.domains)
    aliases = _put_names(session, row, NameKind.ALIAS, account.aliases)
    changed = bool(changes) or domains.changed or aliases.changed
    if changed:
        row.changed_at = at
    return Put(new=new, changed=changed and not new, clashes=(*domains.clashes, *aliases.clashes))


class _Names(NamedTuple):
    changed: bool
    clashes: tuple[Clash, ...] = ()


def _put_names(session: Session, row: AccountRow, kind: NameKind, names: Sequence[str] | None) -> _Names:
    """Give an account these names of a kind and no others, save those that another account has."""
    if names is None:
        return _Names(changed=False)
    wanted = {fold(name): name for name in names if fold(name) and fold(name) != row.folded}
    own = (
        AccountNameRow.team_id == row.team_id,
        AccountNameRow.account_id == row.account_id,
        AccountNameRow.kind == kind,
    )
    standing = set(session.scalars(select(AccountNameRow.folded).where(*own)))
    gone = standing - wanted.keys()
    session.execute(
        delete(AccountNameRow).where(*own, AccountNameRow.folded.in_(gone)),
        execution_options={"synchronize_session": False},
    )
    fresh = [folded for folded in wanted if folded not in standing]
    held = {folded: holder for folded in fresh if (holder := _holder(session, row.team_id, kind, folded))}
    session.add_all(
        AccountNameRow(
            team_id=row.team_id, kind=kind, folded=folded, name=clean(wanted[folded]), account_id=row.account_id
        )
        for folded in fresh
        if folded not in held
    )
    session.flush()
    clashes = tuple(Clash(row.name, kind, wanted[folded], holder) for folded, holder in held.items())
    return _Names(bool(gone) or len(held) < len(fresh), clashes)


def _holder(session: Session, team_id: TeamId, kind: NameKind, folded: str) -> str | None:
    """Name the account that has this alias or domain; of an alias, also the one that is called so."""
    has = (
        select(AccountRow.name)
        .join(AccountNameRow, AccountNameRow.account_id == AccountRow.account_id)
        .where(AccountNameRow.team_id == team_id, AccountNameRow.kind == kind, AccountNameRow.folded == folded)
    )
    called = select(AccountRow.name).where(AccountRow.team_id == team_id, AccountRow.folded == folded)
    return session.scalar(has) or (session.scalar(called) if kind is NameKind.ALIAS else None)


def _whole(session: Session, rows: Sequence[AccountRow]) -> Sequence[Account]:
    names = select(AccountNameRow).where(
        AccountNameRow.team_id.in_({row.team_id for row in rows}),
        AccountNameRow.account_id.in_([row.account_id for row in rows]),
    )
    held: dict[tuple[AccountId, NameKind], list[str]] = {}
    for name in session.scalars(names.order_by(AccountNameRow.folded)):
        held.setdefault((name.account_id, name.kind), []).append(name.name)
    return [
        Account(
            account_id=row.account_id,
            name=row.name,
            domains=tuple(held.get((row.account_id, NameKind.DOMAIN), ())),
            aliases=tuple(held.get((row.account_id, NameKind.ALIAS), ())),
            plan=row.plan,
            revenue_band=row.revenue_band,
            charter=row.charter,
        )
        for row in rows
    ]

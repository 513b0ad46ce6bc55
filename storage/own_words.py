"""What a team wrote and named itself, in which the name of a person may stand: apart from the messages."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.choice_log import Choosing
from storage.database import Database
from storage.held import OwnWords
from storage.ids import AccountId, TeamId
from storage.lots import lots
from storage.naming import MASK, Naming
from storage.rows import AccountNameRow, AccountRow, AppRow, ChangeRow, ChannelRow, SettingRow, TeamPersonaRow
from storage.statements import changed
from storage.vocabulary import Chosen
from storage.workspaces import lock_workspace

_TEXTS = ("name", "gloss", "definition", "motivations", "pains", "success")
_LISTS = ("aliases", "examples")
"""Columns with one text a line."""


def count_own_words(session: Session, team_id: TeamId, naming: Naming, going: Collection[AccountId]) -> OwnWords:
    """Count them; without the names of the accounts that are ``going`` whole."""
    return OwnWords(
        personas=len(_personas(session, team_id, naming)),
        names=len(_names(session, team_id, naming, going)),
        ignored=sum(map(naming.stands_in, _ignored(session, team_id))),
        logged=len(_logged(session, team_id, naming)),
        places=len(_places(session, team_id, naming)),
    )


def mask_own_words(database: Database, choosing: Choosing, naming: Naming) -> None:
    """Put … for the name in personas and in the log; drop words to ignore and names of channels, apps and accounts.

    Accounts of which nothing is to stay must be gone before. That a word to ignore was dropped is logged, with …
    where it stood.
    """
    team_id = choosing.team_id
    with database.reading() as session:
        names = _names(session, team_id, naming, ())
    for lot in lots(names):
        with database.writing() as session:
            _drop_names(session, team_id, lot, choosing.at)
    with database.writing() as session:
        lock_workspace(session, team_id)  # somebody may be choosing words to ignore this moment
        for persona in _personas(session, team_id, naming):
            _mask_persona(persona, naming)
        _drop_ignored(session, choosing, naming)
        for change in _logged(session, team_id, naming):
            change.before, change.after = _masked(change.before, naming), _masked(change.after, naming)
        for place in _places(session, team_id, naming):
            place.name = None


def _personas(session: Session, team_id: TeamId, naming: Naming) -> Sequence[TeamPersonaRow]:
    rows = session.scalars(select(TeamPersonaRow).where(TeamPersonaRow.team_id == team_id))
    return [row for row in rows if naming.stands_in(*_texts_of(row))]


def _texts_of(row: TeamPersonaRow) -> Sequence[str]:
    listed = (getattr(row, column).splitlines() for column in _LISTS)
    return [*(getattr(row, column) for column in _TEXTS), *chain.from_iterable(listed)]


def _mask_persona(row: TeamPersonaRow, naming: Naming) -> None:
    """Mask a persona's texts; an alias is there to be found in messages, so one that holds the name goes."""
    for column in _TEXTS:
        setattr(row, column, naming.mask(getattr(row, column)))
    row.aliases = "\n".join(alias for alias in row.aliases.splitlines() if not naming.stands_in(alias))
    row.examples = "\n".join(map(naming.mask, row.examples.splitlines()))


def _names(
    session: Session, team_id: TeamId, naming: Naming, going: Collection[AccountId]
) -> Sequence[tuple[AccountId, str]]:
    listed = select(AccountNameRow.account_id, AccountNameRow.folded, AccountNameRow.name)
    found = session.execute(listed.where(AccountNameRow.team_id == team_id))
    return [(each, folded) for each, folded, name in found if naming.stands_in(name) and each not in going]


def _drop_names(session: Session, team_id: TeamId, lot: Sequence[tuple[AccountId, str]], at: datetime) -> None:
    """Drop names of accounts, and note that these changed, for they are recognised by what is left."""
    ids = {account_id for account_id, _ in lot}
    theirs = AccountNameRow.team_id == team_id, AccountNameRow.account_id.in_(ids)
    changed(session, delete(AccountNameRow).where(*theirs, AccountNameRow.folded.in_({folded for _, folded in lot})))
    accounts = update(AccountRow).where(AccountRow.team_id == team_id, AccountRow.account_id.in_(ids))
    changed(session, accounts.values(changed_at=at))


def _ignored(session: Session, team_id: TeamId) -> Sequence[str]:
    setting = session.get(SettingRow, (team_id, Chosen.IGNORED_WORDS.value))
    return () if setting is None else list(json.loads(setting.value))


def _drop_ignored(session: Session, choosing: Choosing, naming: Naming) -> None:
    words = _ignored(session, choosing.team_id)
    stays = [word for word in words if not naming.stands_in(word)]
    if len(stays) < len(words):
        session.get_one(SettingRow, (choosing.team_id, Chosen.IGNORED_WORDS.value)).value = json.dumps(stays)
        choosing.append(session, Chosen.IGNORED_WORDS, _masked("\n".join(words), naming), "\n".join(stays) or None)


def _logged(session: Session, team_id: TeamId, naming: Naming) -> Sequence[ChangeRow]:
    of_words = ChangeRow.team_id == team_id, ChangeRow.name == Chosen.IGNORED_WORDS.value
    rows = session.scalars(select(ChangeRow).where(*of_words))
    return [row for row in rows if naming.stands_in(*(row.before or "").splitlines(), *(row.after or "").splitlines())]


def _masked(words: str | None, naming: Naming) -> str | None:
    """Mask each word to ignore whole; that one was set or taken back stays on record."""
    if words is None:
        return None
    return "\n".join(MASK if naming.stands_in(word) else word for word in words.splitlines())


def _places(session: Session, team_id: TeamId, naming: Naming) -> Sequence[ChannelRow | AppRow]:
    channels = session.scalars(select(ChannelRow).where(ChannelRow.team_id == team_id))
    apps = session.scalars(select(AppRow).where(AppRow.team_id == team_id))
    return [row for row in (*channels, *apps) if naming.stands_in(row.name)]

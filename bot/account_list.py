"""Reading a team's list of accounts, as a CRM exports it or somebody keeps it: a row an account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.account_domains import domain_of, is_freemail
from bot.errors import InputError
from bot.reading import take_sample
from bot.reading_columns import fold_name, listed
from bot.reading_form import find_form, open_records
from bot.reading_records import Record
from storage.accounts import NewAccount
from storage.text import fold

_NAMES: Mapping[str, Sequence[str]] = {
    "name": (
        "name",
        "account name",
        "account",
        "company name",
        "company",
        "customer",
        "organization",
        "firma",
        "kunde",
    ),
    "domains": ("domains", "domain", "email domains", "email domain", "domain names", "website", "company domain name"),
    "aliases": ("aliases", "alias", "also known as", "aka", "other names", "short name", "short names"),
    "plan": ("plan", "tier", "edition", "subscription"),
    "revenue_band": ("revenue band", "revenue", "arr band", "arr", "annual revenue", "band"),
    "charter": ("charter", "charter flag", "charter customer", "charter account", "design partner"),
}
_PARTS = {"revenue": "revenue_band", **{name: name for name in _NAMES}}
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "ja", "oui", "si", "sí", "sim", "on", "✓", "✔"})
_NO = frozenset({"", "no", "n", "false", "f", "0", "nein", "non", "não", "off", "-", "–"})
_LEGAL = re.compile(
    r"(?:inc|ltd|llc|llp|plc|corp|co|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy|pty|kk)\.?", re.IGNORECASE
)
_LONGEST = 200
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one row: the account that it gives, and what of it cannot be used."""

    line: int
    account: NewAccount | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountList:
    """Hold a file's accounts, each once, and what of it cannot be used."""

    columns: Mapping[str, str]
    """Which column is which part."""
    accounts: tuple[NewAccount, ...]
    faults: tuple[str, ...]


def read_accounts(path: Path, written: str | None = None) -> AccountList:
    """Read a list, several rows of one name as one account. Raises InputError where no column is the name."""
    form = find_form(path, headed=True)
    columns = _columns(take_sample(path, form).names, written)
    faults: list[str] = []
    merged: dict[str, NewAccount] = {}
    with open_records(path, form) as records:
        for record in records:
            line = _read(record, columns) if isinstance(record, Record) else Line(record.line, None, (record.reason,))
            faults += [f"line {line.line}: {fault}" for fault in line.faults]
            if line.account:
                key = fold(line.account.name)
                merged[key] = _joined(merged[key], line.account) if key in merged else line.account
    return AccountList(columns, tuple(merged.values()), tuple(faults))


def _columns(names: Sequence[str], written: str | None) -> dict[str, str]:
    known = {fold_name(name): name for name in names}
    found = {
        part: known[name] for part, called in _NAMES.items() if (name := next((n for n in called if n in known), None))
    }
    found |= dict(_named(known, names, written))
    if "name" not in found:
        message = f"No column is the accounts' name. Say which: --map name=COLUMN. The columns are {listed(names)}."
        raise InputError(message)
    return found


def _named(known: Mapping[str, str], names: Sequence[str], written: str | None) -> Iterator[tuple[str, str]]:
    for pair in (written or "").split(",") if written else ():
        part, _, name = (piece.strip() for piece in pair.partition("="))
        if part.casefold() not in _PARTS or fold_name(name) not in known:
            message = (
                f"“{pair.strip()[:60]}” names no part and column. Parts are {', '.join(sorted(_PARTS))}; "
                f"the columns are {listed(names)}."
            )
            raise InputError(message)
        yield _PARTS[part.casefold()], known[fold_name(name)]


def _read(record: Record, columns: Mapping[str, str]) -> Line:
    cells = {part: " ".join(record.cells.get(name, "").split()) for part, name in columns.items()}
    if not cells["name"] or len(cells["name"]) > _LONGEST:
        return Line(record.line, None, ("the account has no name" if not cells["name"] else "the name is too long",))
    domains, faults = _domains(cells.get("domains"))
    charter = _flag(cells.get("charter"))
    if charter is None and "charter" in cells:
        faults = [*faults, f"charter is neither yes nor no: “{cells['charter'][:20]}”"]
    account = NewAccount(
        name=cells["name"],
        domains=domains,
        aliases=None if "aliases" not in cells else tuple(_several(cells["aliases"])),
        plan=cells.get("plan") or None,
        revenue_band=cells.get("revenue_band") or None,
        charter=charter,
    )
    return Line(record.line, account, tuple(faults))


def _domains(cell: str | None) -> tuple[tuple[str, ...] | None, list[str]]:
    """Read the domains of a cell, and say which of them are none or are shared by many."""
    if cell is None:
        return None, []
    read = {written: domain_of(written) for written in _several(cell)}
    faults = [f"“{written[:40]}” is no domain" for written, domain in read.items() if domain is None]
    shared = [domain for domain in read.values() if domain and is_freemail(domain)]
    faults += [f"{domain} is a mail provider's, which many share" for domain in shared]
    return tuple(domain for domain in read.values() if domain and domain not in shared), faults


def _flag(cell: str | None) -> bool | None:
    folded = None if cell is None else cell.casefold()
    return True if folded in _YES else False if folded in _NO else None


def _several(cell: str) -> list[str]:
    """Read several names of one cell: a list in JSON, or divided by semicolons or bars, else by commas.

    "Acme, Inc." is one name.
    """
    with suppress(ValueError, TypeError):
        return [str(one).strip() for one in json.loads(cell) if str(one).strip()]
    names: list[str] = []
    for piece in re.split(r"[;|]" if re.search(r"[;|]", cell) else ",", cell):
        name = piece.strip()[:_LONGEST]
        if name and names and _LEGAL.fullmatch(name):
            names[-1] = f"{names[-1]}, {name}"
        elif name:
            names.append(name)
    return names


def _joined(one: NewAccount, other: NewAccount) -> NewAccount:
    return replace(
        other,
        domains=_both(one.domains, other.domains),
        aliases=_both(one.aliases, other.aliases),
        plan=other.plan or one.plan,
        revenue_band=other.revenue_band or one.revenue_band,
        charter=other.charter or one.charter,
    )


def _both(one: Iterable[str] | None, other: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if one is None or other is None else tuple(dict.fromkeys([*one, *other]))

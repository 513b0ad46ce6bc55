"""``ballast accounts``: the list of customers by which the account of a feedback is recognised."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.account_list import AccountList, read_accounts
from bot.build import utc_now
from bot.cli.history import history_of, kept_in
from bot.cli.listing import Listing
from bot.placing import Placer
from bot.settings import load_settings
from storage.accounts import Account, NameKind, Put

_BATCH = 100
"""Accounts a transaction, so that capture never waits long for the write lock."""
_SHOWN = 20
_HEAD = ("name", "domains", "aliases", "plan", "revenue band", "charter")
_Team = Annotated[str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")]


def import_accounts_command(
    file: Annotated[Path, typer.Argument(help="A row an account: name, domains, aliases, plan, revenue band, …")],
    *,
    mapping: Annotated[
        str | None, typer.Option("--map", metavar="name=Company,domains=Website,…", help="Columns that are not found.")
    ] = None,
    team: _Team = None,
) -> None:
    """Bring the list of accounts up to date; the same file again changes nothing."""
    console = Console(highlight=False)
    given = read_accounts(file, mapping)
    settings = load_settings(os.environ, Path(".env"))
    with history_of(settings, team, keeps=True) as (store, team_id):
        puts: list[Put] = []
        accounts = iter(given.accounts)
        while batch := list(islice(accounts, _BATCH)):
            puts += store.accounts.put(team_id, batch, utc_now())
        with console.status("Looking for them in what was said"):
            placed = Placer(store.accounts, store.placing, settings.own_domains).place_again(team_id)
        place = kept_in(store, team_id)
    for sentence in (*told(given, puts, placed), place):
        console.print(escape(sentence), soft_wrap=True)


def list_accounts_command(
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write a file that “accounts import” takes.")] = False,
    team: _Team = None,
) -> None:
    """Show the accounts that are known."""
    console = Console(highlight=False)
    with history_of(load_settings(os.environ, Path(".env")), team) as (store, team_id):
        rows = [_row(account) for account in store.accounts.each(team_id)]
    if as_csv:
        csv.writer(sys.stdout).writerows([_HEAD, *rows])
        return
    if not rows:
        console.print("No account is known yet. Import a list with ballast accounts import FILE.")
        return
    console.print(Listing(_HEAD, rows))


def told(given: AccountList, puts: Sequence[Put], placed: int) -> Iterator[str]:
    """Say how the file was read, what it brought, and what of it clashes or cannot be used."""
    yield "Columns: " + ", ".join(f"{part.replace('_', ' ')} = “{name}”" for part, name in given.columns.items()) + "."
    clashes = [clash for put in puts for clash in put.clashes]
    new, changed = sum(put.new for put in puts), sum(put.changed for put in puts)
    yield f"{new:,} new accounts, {changed:,} changed, {len(puts) - new - changed:,} as they were."
    if placed:
        yield f"{placed:,} {'message' if placed == 1 else 'messages'} got their account by this list."
    yield from _first(
        [
            f"{clash.account}: the {_KINDS[clash.kind]} “{clash.name}” is {clash.holder}'s and stays there."
            for clash in clashes
        ]
    )
    yield from _first([f"Not used, {fault}." for fault in given.faults])


_KINDS = {NameKind.ALIAS: "name", NameKind.DOMAIN: "domain"}


def _first(sentences: Sequence[str]) -> Iterator[str]:
    yield from sentences[:_SHOWN]
    if len(sentences) > _SHOWN:
        yield f"… and {len(sentences) - _SHOWN:,} more of this kind."


def _row(account: Account) -> tuple[str, ...]:
    charter = "yes" if account.charter else ""
    domains, aliases = "; ".join(account.domains), "; ".join(account.aliases)
    return account.name, domains, aliases, account.plan or "", account.revenue_band or "", charter

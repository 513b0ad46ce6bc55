"""``ballast forget``: erase what is kept of a person, account, channel or name, and say what is not reached."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.build import build_store, open_history, utc_now
from bot.cli.backfill import find_channel
from bot.cli.digest import choose_team, unseen_lines
from bot.errors import InputError
from bot.forgetting import copies_lines, held_lines
from bot.parts import Store
from bot.settings import load_settings
from bot.unknown_names import check_account, check_id
from bot.views.labels import TERMINAL_USER
from storage.forgetting import Forgetting
from storage.held import Target
from storage.vocabulary import Whose


def forget_command(
    *,
    reporter: Annotated[str | None, typer.Option(metavar="U…", help="What this person shared or wrote.")] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="What is about this customer company.")] = None,
    channel: Annotated[str | None, typer.Option(metavar="C…|#name", help="What was said in this channel.")] = None,
    name: Annotated[
        str | None, typer.Option(metavar="“Jane Doe”", help="Every message in which this name stands.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is kept, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    copies: Annotated[
        bool, typer.Option("--copies", help="Also delete the copies of the database from before upgrades.")
    ] = False,
    team: Annotated[
        str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")
    ] = None,
) -> None:
    """Erase words, quotes, names, links and account of what is named; only that something was there stays."""
    whose, value = choose_one(
        {Whose.REPORTER: reporter, Whose.ACCOUNT: account, Whose.CHANNEL: channel, Whose.NAME: name}
    )
    database = open_history(load_settings(os.environ, Path(".env")))
    try:
        store = build_store(database)
        target, forgetting = _target(store, team, whose, value), store.forgetting
        _say(unseen_lines(store, target.team_id, team))
        held = forgetting.count(target)
        if held.is_nothing:
            check_id(target)
            check_account(store.history, target, None)
        _say(held_lines(held, whose))
        if dry_run:
            _say([*copies_lines(forgetting.copies()), "Nothing was erased. Leave out --dry-run to erase."])
            return
        if copies:
            _say(copies_lines(forgetting.copies()))
        if not held.is_nothing or (copies and forgetting.copies()):
            _confirm(yes=yes)
        if not held.is_nothing:
            forgetting.forget(target, by=TERMINAL_USER, at=utc_now())
            _say(["Erased. Cards that Ballast posted are removed from Slack by the running bot."])
        _say(_after_copies(forgetting, delete=copies))
    finally:
        database.close()


def choose_one(given: dict[Whose, str | None]) -> tuple[Whose, str]:
    """Return the one thing that was named. Raises InputError unless it is one."""
    named = [(whose, value.strip()) for whose, value in given.items() if value is not None and value.strip()]
    if len(named) != 1:
        message = "Name one of --reporter, --account, --channel and --name."
        raise InputError(message)
    return named[0]


def _target(store: Store, team: str | None, whose: Whose, value: str) -> Target:
    team_id = choose_team(store, team)
    is_channel = whose is Whose.CHANNEL
    return Target(team_id, whose, find_channel(store.workspaces, team_id, value) if is_channel else value)


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        message = "Nothing was erased: nobody is here to be asked. Add --yes to erase without asking."
        raise InputError(message)
    typer.confirm("This cannot be undone. Erase?", abort=True)


def _after_copies(forgetting: Forgetting, *, delete: bool) -> Sequence[str]:
    """Delete the copies where that is asked, else name them."""
    left = forgetting.copies()
    if not delete:
        return [*copies_lines(left), *(["Add --copies to delete them."] if left else [])]
    for copy in left:
        copy.unlink(missing_ok=True)
    return [f"Deleted: {copy.name}" for copy in left]


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        typer.echo(line)

"""``ballast persona``: the personas that a team adds to those that ship."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.build import utc_now
from bot.cli.history import history_of, kept_in
from bot.cli.listing import Listing
from bot.cli.waiting import say
from bot.errors import InputError
from bot.personas import Described, find_own, make_persona
from bot.settings import load_settings
from bot.views.labels import TERMINAL_USER
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import PersonaEntry
from storage.personas import MOST

_Team = Annotated[str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")]


def add_persona_command(
    name: Annotated[str, typer.Argument(help="How people call it: “Mary, the CFO”.")],
    *,
    definition: Annotated[str, typer.Option(metavar="TEXT", help="Who that is and what they do, in a sentence.")],
    alias: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="What messages call them too; may stand several times.")
    ] = None,
    example: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="What they would say; may stand several times.")
    ] = None,
    motivations: Annotated[str, typer.Option(metavar="TEXT", help="What they want.")] = "",
    pains: Annotated[str, typer.Option(metavar="TEXT", help="What they suffer from.")] = "",
    success: Annotated[str, typer.Option(metavar="TEXT", help="When they have succeeded.")] = "",
    team: _Team = None,
) -> None:
    """Add a persona of your own, by which messages are read from now on."""
    described = Described(name, definition, alias or (), example or (), motivations, pains, success)
    with history_of(load_settings(os.environ, Path(".env")), team, keeps=True) as (store, team_id):
        entry = make_persona(described, load_taxonomy().with_personas(store.personas.of(team_id)))
        if not store.personas.add(team_id, entry, TERMINAL_USER, utc_now()):
            message = f"There are {MOST} personas of your own, and no more fit. Remove one with ballast persona remove."
            raise InputError(message)
        place = kept_in(store, team_id)
    say(Console(highlight=False), [f"Added: {entry.name} ({entry.key}). New messages are read with it. {place}"])


def list_personas_command(*, team: _Team = None) -> None:
    """Show the personas that you added."""
    console = Console(highlight=False)
    with history_of(load_settings(os.environ, Path(".env")), team) as (store, team_id):
        own = store.personas.of(team_id)
    if not own:
        say(console, ["No persona of your own yet. Add one with ballast persona add NAME --definition TEXT."])
        return
    console.print(Listing(("key", "name", "definition", "also called", "examples"), [_row(entry) for entry in own]))


def remove_persona_command(
    name: Annotated[str, typer.Argument(help="Its name, its key, or what it is also called.")], *, team: _Team = None
) -> None:
    """Remove a persona of your own; problems that carry it keep their label."""
    with history_of(load_settings(os.environ, Path(".env")), team) as (store, team_id):
        entry = find_own(name, store.personas.of(team_id), load_taxonomy())
        carrying = store.personas.remove(team_id, entry.key) or 0
    told = "1 problem carries" if carrying == 1 else f"{carrying:,} problems carry"
    say(Console(highlight=False), [f"Removed: {entry.name}. {told} it and will go by “{entry.key}”."])


def _row(entry: PersonaEntry) -> tuple[str, ...]:
    return entry.key, entry.name, entry.definition, "; ".join(entry.aliases), str(len(entry.examples) or "")

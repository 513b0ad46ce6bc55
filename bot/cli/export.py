"""``ballast export``: everything that is kept of a workspace, as files that other programs read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from bot.build import build_store, open_history, utc_now
from bot.cli.digest import choose_team, unseen_lines
from bot.exporting import README, Exported, export
from bot.settings import load_settings
from storage.exporting import Exporting, Scope


def export_command(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    *,
    with_reporters: Annotated[
        bool, typer.Option("--with-reporters", help="Also who shared, wrote, saved, reviewed and chose.")
    ] = False,
    with_private: Annotated[
        bool, typer.Option("--with-private", help="Also what was said in channels that are not public.")
    ] = False,
    team: Annotated[
        str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")
    ] = None,
) -> None:
    """Write everything that is kept into a folder: JSON Lines, with a page that explains each column."""
    settings = load_settings(os.environ, Path(".env"))
    database = open_history(settings)
    console = Console(highlight=False)
    try:
        store = build_store(database)
        scope = Scope(choose_team(store, team), with_people=with_reporters, with_closed=with_private)
        unseen = unseen_lines(store, scope.team_id, team)
        with Progress(SpinnerColumn(), TextColumn("{task.completed:,} lines written"), console=console) as bar:
            task = bar.add_task("", total=None)
            written = export(
                Exporting(database), scope, folder, at=utc_now(), progress=lambda lines: bar.advance(task, lines)
            )
    finally:
        database.close()
    for line in (*told(written, scope, folder), *unseen):
        console.print(line, markup=False)


def told(written: Exported, scope: Scope, folder: Path) -> list[str]:
    """Say in sentences what was written and what was left out."""
    messages, problems = written.lines["feedback"], written.lines["problems"]
    lines = [f"{messages:,} messages with {problems:,} problems stand in {folder}; {README} explains every column."]
    if not scope.with_people:
        lines.append("Who shared, wrote, reviewed and chose is left out; --with-reporters puts it in.")
    if not scope.with_closed and written.left_out:
        lines.append(
            f"{written.left_out:,} messages from channels that are not public are left out; "
            "--with-private puts them in."
        )
    lines.append("The files hold customers' words: keep them as you keep the database.")
    return lines

"""``ballast backfill``: read what was said in a channel before it was watched, and see how far it is."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.build import build_terminal_parts, open_history
from bot.cli.reclassify import read_day
from bot.commands.backfill import as_long_as_kept, check_readable, check_watch_first, span_of
from bot.errors import InputError
from bot.parts import Parts
from bot.reach.past import read_past
from bot.settings import load_settings
from bot.shapes.times import write_ts
from bot.views.backfill import share_read
from bot.views.labels import TERMINAL_USER
from bot.watching import look_up, meet
from storage.ids import ChannelId, TeamId
from storage.past import Backfill
from storage.vocabulary import BackfillState
from storage.workspaces import Workspaces

_PERCENT = 100


def backfill_command(
    channel: Annotated[
        str, typer.Option(metavar="C…|#name", help="The channel: its id, or its name once Ballast met it.")
    ],
    *,
    since: Annotated[
        str, typer.Option(metavar="90d|2026-08-01", help="How far back, or the first day in the zone BALLAST_TIMEZONE.")
    ] = "90d",
    shared: Annotated[
        bool, typer.Option("--shared", help="Also a channel shared with another organisation: it is agreed there.")
    ] = False,
) -> None:
    """Read what was said in a channel before; it goes on where it was when it is stopped and started again."""
    settings = load_settings(os.environ, Path(".env"))
    database = open_history(settings)
    try:
        parts = build_terminal_parts(settings, database)
        workspace = parts.slack.identify()
        parts.store.workspaces.remember(workspace, parts.clock())
        channel_id = find_channel(parts.store.workspaces, workspace.team_id, channel)
        began_at = read_since(since, settings.timezone, parts.clock())
        facts = look_up(parts, channel_id)
        check_watch_first(parts, workspace.team_id, facts)
        check_readable(facts, "--shared", shared_confirmed=shared)
        meet(parts, workspace.team_id, facts)
        console = Console(highlight=False)
        console.print(ask(parts, workspace.team_id, channel_id, began_at))
        console.print(read_with_bar(parts, workspace.team_id, channel_id, console))
    finally:
        database.close()


def find_channel(workspaces: Workspaces, team_id: TeamId, typed: str) -> ChannelId:
    """Find a channel by its name among those that Ballast met; anything else is taken for an id.

    Raises InputError for a name with “#” that none bears, and for one that several bore one after the other.
    """
    name, after, named = typed.removeprefix("#").lower(), None, list[ChannelId]()
    while page := workspaces.channels(team_id, after=after):
        named += [known.channel_id for known in page if known.name is not None and known.name.lower() == name]
        after = page[-1].channel_id
    if len(named) > 1:
        message = f"Ballast met several channels {typed[:40]}. Give one's id: {', '.join(named)}."
        raise InputError(message)
    if typed.startswith("#") and not named:
        message = f"Ballast never met a channel {typed[:40]}. Invite it there, or give the channel's id."
        raise InputError(message)
    return named[0] if named else ChannelId(typed)


def read_since(typed: str, zone: str, now: datetime) -> datetime:
    """Read how far back: a span such as "90d" or "12w", else a day. Raises InputError."""
    span = span_of(typed)
    return read_day(typed, zone) if span is None else now - span


def ask(parts: Parts, team_id: TeamId, channel_id: ChannelId, since: datetime) -> str:
    """Write down what is to be read; one that was cut off is gone on with instead. Returns what to say of it."""
    now = parts.clock()
    if since >= now:
        message = "Name a day that has begun, or how far back, such as 90d."
        raise InputError(message)
    oldest, why_not_before = as_long_as_kept(parts, team_id, since)
    asked = parts.store.backfills.ask(
        team_id, channel_id, oldest=write_ts(oldest), latest=write_ts(now), by=TERMINAL_USER, at=now
    )
    if asked is not None:
        return f"Reading the channel's past. The channel is told. {why_not_before}".rstrip()
    return "A reading of this channel's past was begun before: going on with that one."


def read_with_bar(parts: Parts, team_id: TeamId, channel_id: ChannelId, console: Console) -> str:
    """Read with a bar of the time that was covered; return what to say at the end."""
    columns = (TextColumn("Reading"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[found]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=_PERCENT, found="")

        def told(backfill: Backfill) -> None:
            bar.update(task, completed=share_read(backfill) * _PERCENT, found=_found(backfill))

        ended = read_past(parts, team_id, channel_id, told=told, wait=time.sleep)
    if ended is None:
        message = "Ballast was removed from the workspace meanwhile."
        raise InputError(message)
    return say_end(ended)


def say_end(ended: Backfill) -> str:
    """Say how a back-fill ended."""
    if ended.state is BackfillState.DONE:
        return f"Done: {_found(ended)}. The running bot sorts them."
    if ended.state is BackfillState.CANCELLED:
        return f"Cancelled in the channel. What was kept until then stays: {_found(ended)}."
    return f"It ended early: {ended.reason} Until then {_found(ended)}."


def _found(backfill: Backfill) -> str:
    return f"{backfill.seen:,} seen, {backfill.new:,} new"

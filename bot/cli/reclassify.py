"""``ballast reclassify``: ask again about feedback that a fall-back read, or none, and show what that changes."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.build import build_reading, build_store, open_history, utc_now
from bot.choosing import LOCAL, Reader, choose_reader
from bot.cli.digest import choose_team
from bot.cli.waiting import read_waiting, say
from bot.errors import InputError
from bot.parts import Store
from bot.period import days, not_too_old
from bot.places import model_host
from bot.reclassifying import Again, Outcome, reclassify, retry_failed
from bot.settings import Settings, load_settings
from storage.ids import TeamId
from storage.vocabulary import FeedbackState


def reclassify_command(
    since: Annotated[
        str | None, typer.Option(metavar="2026-11-01", help="The first day, in the zone of BALLAST_TIMEZONE.")
    ] = None,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Try again what could not be read at all, whenever it was said.")
    ] = False,
    classifier: Annotated[
        str | None, typer.Option(help="local, llm or local-then-llm; BALLAST_CLASSIFIER unless given.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what another classifier or model read on purpose, not only fall-backs.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show what would change, and write nothing; a model is asked and costs the same."
        ),
    ] = False,
    team: Annotated[
        str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")
    ] = None,
) -> None:
    """Ask again about feedback that the local classifier read because the model could not, or that none could read."""
    settings = load_settings(os.environ, Path(".env"))
    settings = settings.model_copy(update={"classifier": classifier or settings.classifier})
    began_at = choose_began_at(since, settings.timezone, utc_now(), failed=failed, every=every)
    if began_at is not None and not every:
        check_is_no_fall_back(settings.classifier)
    reader, console = choose_reader(settings.classifier, settings), Console(highlight=False)
    database = open_history(settings)
    try:
        store = build_store(database)
        team_id = choose_team(store, team)
        if began_at is None:
            _try_failed(store, reader, settings, team_id, console, dry_run=dry_run)
        else:
            again = Again(team_id, began_at, (reader.classifier.name, reader.classifier.model) if every else None)
            _read_again(store, reader, settings, again, console, dry_run=dry_run)
    finally:
        database.close()


def choose_began_at(since: str | None, zone: str, now: datetime, *, failed: bool, every: bool) -> datetime | None:
    """Return from when on is read again; None for what failed.

    Raises InputError unless it is one of both, and for a day to come.
    """
    if failed and (since is not None or every):
        message = "--failed tries everything again that could not be read: leave out --since and --all."
        raise InputError(message)
    if since is None and not failed:
        message = "Say from which day on with --since 2026-11-01, or --failed for what could not be read at all."
        raise InputError(message)
    began_at = None if since is None else read_day(since, zone)
    if began_at is not None and began_at > now:
        message = f"{since} is still to come. “--since” takes a day up to today."
        raise InputError(message)
    return began_at


def check_is_no_fall_back(classifier: str) -> None:
    """Raise InputError for the classifier that falls back: it would answer the same, as if nobody had to be asked."""
    if classifier == LOCAL:
        message = (
            "No language model is turned on, and only that can better what a fall-back read. Name one with"
            " --classifier llm, or add --all to let the local classifier's labels stand."
        )
        raise InputError(message)


def read_day(day: str, zone: str) -> datetime:
    """Return the first moment of a day in the zone. Raises InputError that shows the form."""
    try:
        first = date.fromisoformat(day)
        return not_too_old(days(first, first + timedelta(days=1), zone)).start
    except (ValueError, OverflowError):
        message = f"“{day[:40]}” is no day; write it like 2026-11-01."
        raise InputError(message) from None


def told(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """Say in sentences what a run brought."""
    would = "would change" if dry_run else "changed"
    lines = [f"{outcome.read:,} messages read again; the labels of {outcome.changed:,} {would}."]
    if outcome.kept:
        lines.append(f"{outcome.kept:,} problems that a person decided on stay as they are.")
    if outcome.overtaken:
        lines.append(f"{outcome.overtaken:,} messages changed meanwhile and were left as they are.")
    if outcome.not_reached:
        lines.append(f"{outcome.not_reached:,} messages could not be asked about; they keep their labels.")
    if outcome.tokens:
        cost = "" if outcome.cost is None else f", at a cost of {outcome.cost:.4f}"
        lines.append(f"{outcome.tokens:,} tokens used{cost}.")
    if outcome.ended_early:
        what = "The model cannot be asked now, so this ended early."
        lines.append(
            f"{what} {'The rest was not looked at.' if dry_run else 'Run it again later: it goes on from here.'}"
        )
    if dry_run:
        lines.append("Nothing was written. Leave out --dry-run to write.")
    return lines


def _read_again(
    store: Store, reader: Reader, settings: Settings, again: Again, console: Console, *, dry_run: bool
) -> None:
    count = store.readings.count_again(again.team_id, since=again.since, not_by=again.not_by)
    if not count:
        why = "no fall-back" if again.not_by is None else "no other classifier or model"
        console.print(f"Nothing to read again: {why} read anything since then.")
        return
    _announce(console, settings, count)
    outcome = Outcome()
    context = build_reading(store, reader, settings, again.team_id, lambda: outcome.unbooked)
    columns = TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=count)
        reclassify(
            store,
            again,
            reader.classifier,
            context,
            utc_now,
            write=not dry_run,
            progress=lambda done: bar.advance(task, done),
            outcome=outcome,
        )
    for line in told(outcome, dry_run=dry_run):
        console.print(line)


def _try_failed(
    store: Store, reader: Reader, settings: Settings, team_id: TeamId, console: Console, *, dry_run: bool
) -> None:
    count = store.queue.counts(team_id)[FeedbackState.FAILED] if dry_run else retry_failed(store, team_id, utc_now())
    if not count:
        say(console, ["Nothing to try again: no message is marked as one that could not be read."])
    elif dry_run:
        say(console, [f"{_messages(count)} would be tried again.", "Nothing was written. Leave out --dry-run to try."])
    else:
        say(console, [f"{_messages(count)} that could not be read {'waits' if count == 1 else 'wait'} again."])
        read_waiting(store, reader, settings, team_id, console)


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"


def _announce(console: Console, settings: Settings, count: int) -> None:
    host = model_host(settings)
    going = f"Their words are sent to {host}." if host else "Nothing leaves this machine."
    console.print(f"{count:,} messages to read again. {going}")

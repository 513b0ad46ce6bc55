"""``ballast import``: a file of feedback into the history, each message once."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console

from bot.accounts import account_of_address
from bot.build import build_store, open_history, utc_now
from bot.choosing import choose_reader
from bot.cli import import_options as options
from bot.cli.digest import choose_team
from bot.cli.history import name_of
from bot.cli.progress import bar
from bot.cli.standard_input import as_file
from bot.cli.waiting import read_waiting, say
from bot.errors import InputError
from bot.importing import run_import, try_import
from bot.importing_rejects import rejects_at
from bot.importing_rows import Plan, check_dated
from bot.importing_words import found_words, imported_words, tried_words
from bot.keeping import TERMINAL, remember_terminal
from bot.mappings import Product, laid_over, parse_map, ready_map
from bot.parts import Store
from bot.period import zone_of
from bot.places import database_file
from bot.placing import Placer
from bot.reading import Survey, survey, take_sample
from bot.reading_columns import Columns, asked_columns
from bot.reading_form import find_form
from bot.settings import Settings, load_settings
from storage.ids import ChannelId, TeamId
from storage.imports import Imports
from storage.vocabulary import ChannelKind, FeedbackState

_SHOWN = 5
_NUMBERED = re.compile(r"=\s*column \d", re.IGNORECASE)
"""A column of a file without a header, called by its place."""
_PAGE = 200
_PIPED_REJECTS = Path("import.rejects.csv")
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def import_command(  # noqa: PLR0913 - each is an option of the command line
    file: options.File,
    *,
    mapping: options.Mapping = None,
    product: options.From = None,
    team: options.Team = None,
    dry_run: options.DryRun = False,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    dates: options.Dates = None,
    voice: options.Whose = None,
    keys_of: options.KeysOf = None,
    rejects: options.Rejects = None,
    read: options.Read = True,
) -> None:
    """Bring a file of feedback into the history, each message once however often it is imported."""
    settings, now = load_settings(os.environ, Path(".env")), datetime.now(UTC)
    console, zone = Console(highlight=False), zone_of(settings.timezone)
    with ExitStack() as stack:
        path = stack.enter_context(as_file(file))
        headed = product is not None or (mapping is not None and _NUMBERED.search(mapping) is None)
        form = find_form(path, encoding_name=encoding, delimiter=choose_sign(delimiter), headed=headed)
        sample = take_sample(path, form)
        columns = choose_columns(sample.names, mapping, product)
        with console.status("Looking through the file"):
            surveyed = survey(path, columns, now=now, zone=zone, order=dates, form=form, guess=product is None)
        say(console, found_words(surveyed, sample, zone, voice), style="dim")
        owner = keys_of or (product.value if product else "file")
        plan = Plan(TERMINAL, surveyed, sample.names, zone, now, owner, voice)
        check_dated(plan)
        if dry_run:
            _try(plan, settings, team, console, stack)
        else:
            place = rejects or _beside(file, path)
            _import(plan, settings, team, console, stack, place=place, read=read)


def choose_columns(names: Sequence[str], mapping: str | None, product: Product | None) -> Columns:
    """Take the columns that were named, over those of a product. Raises InputError for one that is not there."""
    asked = asked_columns(names, parse_map(mapping)) if mapping is not None else Columns()
    return laid_over(asked, ready_map(product, names)) if product else asked


def choose_sign(written: str | None) -> str | None:
    """Read a delimiter, by its name or as a sign. Raises InputError for more than one sign."""
    sign = _SIGNS.get(written or "", written)
    if sign is not None and len(sign) != 1:
        message = f"“{sign[:20]}” is no delimiter: write comma, semicolon, tab, bar or one sign."
        raise InputError(message)
    return sign


def place_in(plan: Plan, store: Store, settings: Settings, team: str | None) -> tuple[Plan, str]:
    """Choose the workspace and take from it what rows are read with; also give its name for people."""
    teams = store.workspaces.teams()
    alone = team == TERMINAL or (team is None and set(teams) <= {TERMINAL})
    team_id = TERMINAL if alone else choose_team(store, team)
    workspace = store.workspaces.find(team_id)
    book = Placer(store.accounts, store.placing, settings.own_domains).book(team_id)
    placed = replace(
        plan,
        team_id=team_id,
        workspace_url=workspace.url if workspace else None,
        kinds=_kinds(store, team_id),
        account_of=partial(account_of_address, book),
    )
    return placed, name_of(store, team_id)


def _beside(file: Path, path: Path) -> Path:
    """Say where rejected rows go: beside the file that was named, or here for what came through a pipe.

    Raises InputError where a file is here already: nobody can tell whether it holds rows of the same export.
    """
    if path == file:
        return path.with_name(f"{path.name}.rejects.csv")
    if _PIPED_REJECTS.exists():
        message = (
            f"{_PIPED_REJECTS} is here already and may hold what was rejected of another export. Mend and import it,"
            " move it away or delete it; or name another file with --rejects."
        )
        raise InputError(message)
    return _PIPED_REJECTS


def _import(
    plan: Plan, settings: Settings, team: str | None, console: Console, stack: ExitStack, *, place: Path, read: bool
) -> None:
    database = open_history(settings)
    stack.callback(database.close)
    store = build_store(database)
    plan, into = place_in(plan, store, settings, team)
    if plan.team_id == TERMINAL:
        remember_terminal(store.workspaces, plan.now)
    rows = _rows(plan.surveyed)
    try:
        with rejects_at(place, plan.names) as rejected, bar(console, "Storing", rows, "rows") as advance:
            imported = run_import(plan, Imports(database), rejected, utc_now, advance)
        say(console, imported_words(imported, place, into=into))
        if read and store.queue.counts(plan.team_id)[FeedbackState.WAITING]:
            read_waiting(store, choose_reader(settings.classifier, settings), settings, plan.team_id, console)
    except KeyboardInterrupt:
        say(console, ["Stopped. Start the same import again: it goes on where this one was."])
        raise


def _try(plan: Plan, settings: Settings, team: str | None, console: Console, stack: ExitStack) -> None:
    path, into, imports = database_file(settings), "the terminal's own history", None
    if path is None or path.exists():  # a dry run makes no database
        database = open_history(settings)
        stack.callback(database.close)
        plan, into = place_in(plan, build_store(database), settings, team)
        imports = Imports(database)
    with bar(console, "Checking", _rows(plan.surveyed), "rows") as advance:
        imported, first = try_import(plan, imports, advance, shown=_SHOWN)
    say(console, tried_words(imported, first, into=into))


def _kinds(store: Store, team_id: TeamId) -> dict[ChannelId, ChannelKind]:
    kinds: dict[ChannelId, ChannelKind] = {}
    after: ChannelId | None = None
    while page := store.workspaces.channels(team_id, after=after, limit=_PAGE):
        kinds |= {channel.channel_id: channel.kind for channel in page}
        after = page[-1].channel_id
    return kinds


def _rows(surveyed: Survey) -> int:
    return surveyed.rows + surveyed.empty + surveyed.broken

"""``ballast try``: a team's own feedback sorted, with no Slack, no key and no network."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from bot.choosing import LOCAL, choose_classifier
from bot.cli.own_file import write_own
from bot.cli.progress import bar, quiet_worker
from bot.digest import Digest
from bot.errors import InputError
from bot.keeping import TERMINAL, build_reader, keep
from bot.period import zone_of
from bot.placing import Placer
from bot.reading import Survey, messages, survey
from bot.reading_columns import Columns, asked_columns
from bot.reading_dates import Order
from bot.reading_form import Form, find_form
from bot.settings import Settings, load_settings
from bot.trying import ChosenPeriod, choose_period, digest_of_file
from bot.views.digest_html import GENERATOR, build_html
from bot.views.digest_text import build_text
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import Taxonomy, load_taxonomy

_HEAD = 4096


class _SteadyConsole(Console):
    """Print, and go on to the page when whoever reads has had enough, as in ``ballast try FILE | head``."""

    def on_broken_pipe(self) -> None:
        """Say no more."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to flush has no reader


def _named_file(written: str) -> Path:
    if not written.strip():
        message = "No file was named. Name one, or leave the name out for the sample that comes along."
        raise InputError(message)
    return Path(written)


def _column(holds: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        metavar="NAME", help=f"The column of {holds}, where the guess is wrong."
    )
    return option


def try_command(  # noqa: PLR0913 - each is an option of the command line
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            parser=_named_file,
            help="Messages as .csv, .jsonl or .txt; without it, the sample that comes along.",
        ),
    ] = None,
    *,
    text: Annotated[str | None, _column("the messages")] = None,
    date: Annotated[str | None, _column("the dates")] = None,
    account: Annotated[str | None, _column("the customers")] = None,
    reporter: Annotated[str | None, _column("who noted them")] = None,
    link: Annotated[str | None, _column("the links")] = None,
    voice: Annotated[str | None, _column("how they came: e-mail, call, RFP")] = None,
    dates: Annotated[Order | None, typer.Option(help="How 03/04/2026 is meant, where the guess is wrong.")] = None,
    weeks: Annotated[
        int | None, typer.Option(min=1, max=520, help="Show the file's last weeks; those before are the usual.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the page; next to the file unless given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a page that Ballast did not write.")] = False,
    keep_them: Annotated[
        bool, typer.Option("--keep", help="Also store the messages, for “ballast digest --team terminal”.")
    ] = False,
) -> None:
    """Sort your own feedback: a file's digest, printed and as a page. Nothing leaves this machine or is stored."""
    settings = load_settings(os.environ, Path(".env"))
    asked = Columns(text, date, account, reporter, link, voice)
    source = file if file is not None else sample_file()
    form = form_of(source, asked)  # before the page is named: a folder's name may be none
    page = out or page_of(source, sample=file is None)
    check_may_write(page, source, force=force)
    console, now = _SteadyConsole(), datetime.now(UTC)
    with console.status("Looking through the file"):
        surveyed = survey(source, asked, now=now, zone=zone_of(settings.timezone), order=dates, form=form)
    for sentence in surveyed.found:
        console.print(escape(sentence), style="dim", soft_wrap=True, highlight=False)
    taxonomy, classifier = load_taxonomy(), choose_classifier(LOCAL, settings)
    chosen = choose_period(surveyed, zone=settings.timezone, now=now, weeks=weeks)
    digest = _digest(surveyed, chosen, classifier, taxonomy, now=now, console=console)
    show(console, digest, taxonomy)
    write_page(page, build_html(digest, taxonomy))
    console.print(f"\nWritten to {escape(str(page))}", soft_wrap=True, highlight=False)
    if keep_them:
        console.print(_keep(surveyed, settings, classifier, console), highlight=False, soft_wrap=True)


def sample_file() -> Path:
    """Find the sample that ships with the project."""
    return Path(str(resources.files("bot.sample").joinpath("feedback.csv")))


def form_of(source: Path, asked: Columns) -> Form:
    """Find out how a file is written; its first row is a header, whatever it looks like, where all names asked for are.

    Raises InputError where the file cannot be read.
    """
    form = find_form(source)
    if form.kind == "csv" and asked != Columns():
        headed = find_form(source, headed=True)
        with suppress(InputError):
            asked_columns(headed.names, asked)
            return headed
    return form


def page_of(source: Path, *, sample: bool) -> Path:
    """Name the page of a file: next to it; the sample's in the current folder, for its own may be read-only."""
    name = f"{source.stem}.digest.html"
    return Path(name) if sample else source.with_name(name)


def check_may_write(page: Path, source: Path, *, force: bool) -> None:
    """Raise InputError, before any work is done, where the page would overwrite something that is not ours."""
    if page.is_dir() or not page.parent.is_dir():
        message = f"The page cannot be written to {page}. Name a file in an existing folder with --out."
        raise InputError(message)
    if page.exists() and source.exists() and page.samefile(source):
        message = "The page would overwrite the file of messages. Name another with --out."
        raise InputError(message)
    if page.exists() and not force and not _is_ours(page):
        message = f"{page} exists and Ballast did not write it. Use --force to overwrite it, or --out for another."
        raise InputError(message)


def write_page(page: Path, html: str) -> None:
    """Write the page whole or not at all. Raises InputError where the folder does not allow it."""
    draft = page.with_name(f".{page.name}.part")
    try:
        write_own(draft, html)
        draft.replace(page)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"The page could not be written to {page}: {error.strerror}. Name another place with --out."
        raise InputError(message) from error


def show(console: Console, digest: Digest, taxonomy: Taxonomy) -> None:
    """Print the digest, its title and its headline standing out."""
    title, _, rest = build_text(digest, taxonomy).partition("\n")
    headline, _, rest = rest.partition("\n\n")
    console.print()
    console.print(Text(title, style="bold"), soft_wrap=True)
    console.print(Text(headline, style="bold cyan"), soft_wrap=True)
    console.print()
    console.print(Text(rest), soft_wrap=True)


def _digest(
    surveyed: Survey,
    chosen: ChosenPeriod,
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    now: datetime,
    console: Console,
) -> Digest:
    console.print(escape(chosen.reason), style="dim", soft_wrap=True, highlight=False)
    with bar(console, "Reading", surveyed.rows, "messages") as advance:
        return digest_of_file(surveyed, chosen, classifier, Context(taxonomy), now=now, progress=advance)


def _keep(surveyed: Survey, settings: Settings, classifier: Classifier, console: Console) -> str:
    """Store the messages and read those that wait: nobody who has no Slack runs a worker."""
    from bot.build import build_store, open_history, utc_now  # noqa: PLC0415 - nothing else here needs its vendors

    database = open_history(settings)
    try:
        store, zone = build_store(database), zone_of(settings.timezone)
        kept = keep(messages(surveyed, zone=zone), store.workspaces, store.intake, utc_now())
        context = Context(load_taxonomy())
        placer = Placer(store.accounts, store.placing, settings.own_domains)
        worker = build_reader(store, classifier, lambda _: context, utc_now, placer.place)
        with quiet_worker(), bar(console, "Reading", kept.new, "messages") as advance:
            for number in worker.work_off(TERMINAL):
                advance(number)
    finally:
        database.close()
    undated = f" {kept.undated:,} without a date were not." if kept.undated else ""
    known = f" {kept.known:,} were there already." if kept.known else ""
    return f"Kept {kept.new:,} messages; see a week of them with ballast digest --team {TERMINAL}.{known}{undated}"


def _is_ours(page: Path) -> bool:
    with page.open(encoding="utf-8", errors="replace") as file:
        return GENERATOR in file.read(_HEAD)

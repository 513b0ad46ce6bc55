"""``ballast train``: train the local classifier from the corpus, and where it is asked for from one's own reviews."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.build import build_store, open_history
from bot.cli.digest import choose_team
from bot.cli.evaluation_views import show_report
from bot.cli.own_folder import make_sure_of
from bot.cli.stopping import told_when_stopped
from bot.errors import InputError
from bot.lessons import read_lessons
from bot.own_model import own_model_folder
from bot.settings import Settings, load_settings
from classifiers.corpus import REVIEWS, Message, read_corpus
from classifiers.groups import LeaveOut
from classifiers.model_file import MODEL
from classifiers.taxonomy import load_taxonomy

_STOPPED = "Stopped; nothing was written. With --keep FOLDER a run that is stopped goes on where it was."
_STOPPED_AND_KEPT = "Stopped; start the same training again, and it goes on with the networks that it has finished."


def train_command(
    *,
    with_reviews: Annotated[
        bool, typer.Option("--with-reviews", help="Learn from what your people judged too; it stays on this machine.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the model goes; with reviews your data folder, else the package."),
    ] = None,
    leave_out: Annotated[
        LeaveOut, typer.Option(help="What is left out at a time to measure: a third of the files, or each alone.")
    ] = LeaveOut.GROUPS,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep finished networks there, so that a run that broke off goes on."),
    ] = None,
    team: Annotated[
        str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")
    ] = None,
) -> None:
    """Train the local classifier anew; takes long, and shows how far it is."""
    settings = load_settings(os.environ, Path(".env"))
    folder = choose_folder(out, settings, with_reviews=with_reviews)
    kept = None if keep is None else choose_folder(keep, settings, with_reviews=with_reviews)
    reviews = _read_reviews(settings, team) if with_reviews else []
    _make_sure_of_packages()
    for used in filter(None, (folder, kept)):
        make_sure_of(used)
    console = Console(highlight=False)
    if reviews:
        console.print(f"Learning from {len(reviews):,} judged texts of your own, beside the corpus.")
    with told_when_stopped(_STOPPED if kept is None else _STOPPED_AND_KEPT):
        _train(reviews, folder, console, leave_out, kept)
    console.print(
        f"Written to “{folder}”: the model, its checksums, and CARD.md with what it scores and where it is weak."
    )


def choose_folder(out: Path | None, settings: Settings, *, with_reviews: bool) -> Path:
    """Say where the model goes. Raises InputError where one's own words would get into the package."""
    folder = out or (own_model_folder(settings) if with_reviews else MODEL)
    if with_reviews and folder.expanduser().resolve().is_relative_to(MODEL.parent.resolve()):
        message = (
            "What learnt from your reviews does not go into the package; name another folder, or leave --out away."
        )
        raise InputError(message)
    return folder.expanduser()


def _read_reviews(settings: Settings, team: str | None) -> list[Message]:
    database = open_history(settings)
    try:
        store = build_store(database)
        reviews = read_lessons(store, choose_team(store, team), load_taxonomy())
    finally:
        database.close()
    if not reviews:
        message = "Nobody has judged anything yet, so there is nothing to learn from; leave out --with-reviews."
        raise InputError(message)
    return reviews


def _make_sure_of_packages() -> None:
    """Raise InputError where the packages for training are missing."""
    try:
        import classifiers.train  # noqa: F401, PLC0415 - as below
    except ModuleNotFoundError as error:
        message = (
            f"Training needs packages that running does not, and {error.name} is missing."
            ' In a checkout “make train” installs them beside and trains; give it options as ARGS="--with-reviews".'
        )
        raise InputError(message) from None


def _train(reviews: Sequence[Message], folder: Path, console: Console, leave_out: LeaveOut, kept: Path | None) -> None:
    """Train, write, and show what was measured."""
    from classifiers.train import train_into  # noqa: PLC0415 - running does not need what trains

    messages = [*read_corpus(), *reviews]
    tell = partial(console.print, style="dim")
    training = train_into(folder, messages, load_taxonomy(), tell, leave_out=leave_out, kept=kept)
    if reviews:
        side = training.files[REVIEWS].side.accuracy
        console.print(f"Of your own texts, while held out, the side was right for {side.right:,} of {side.total:,}.")
    console.print(show_report(training.overall))

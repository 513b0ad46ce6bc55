"""``ballast`` itself: its commands, each loaded only when it is asked for, so that help does not wait for vendors."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer


@dataclass(frozen=True, slots=True)
class Entry:
    """Name a command and where it lives; its docstring is its help."""

    name: str
    module: str
    function: str
    group: str | None = None


ENTRIES = (
    Entry("try", "bot.cli.try_file", "try_command"),
    Entry("import", "bot.cli.import_file", "import_command"),
    Entry("run", "bot.cli.run", "run_command"),
    Entry("sandbox", "bot.cli.sandbox", "sandbox_command"),
    Entry("classify", "bot.cli.classify", "classify_command"),
    Entry("evaluate", "bot.cli.evaluate", "evaluate_command"),
    Entry("train", "bot.cli.train", "train_command"),
    Entry("reclassify", "bot.cli.reclassify", "reclassify_command"),
    Entry("backfill", "bot.cli.backfill", "backfill_command"),
    Entry("digest", "bot.cli.digest", "digest_command"),
    Entry("export", "bot.cli.export", "export_command"),
    Entry("forget", "bot.cli.forget", "forget_command"),
    Entry("doctor", "bot.cli.doctor", "doctor_command"),
    Entry("manifest", "bot.cli.manifest", "manifest_command"),
    Entry("import", "bot.cli.accounts", "import_accounts_command", group="accounts"),
    Entry("list", "bot.cli.accounts", "list_accounts_command", group="accounts"),
    Entry("add", "bot.cli.persona", "add_persona_command", group="persona"),
    Entry("list", "bot.cli.persona", "list_personas_command", group="persona"),
    Entry("remove", "bot.cli.persona", "remove_persona_command", group="persona"),
    Entry("upgrade", "bot.cli.db", "upgrade_command", group="db"),
)
_ABOUT = "Ballast shows which side a product team is hearing: the customers who buy or the users who work."
_GROUPS = {
    "accounts": "Keep the list of customers.",
    "persona": "Keep personas of your own.",
    "db": "Look after the database.",
}


def build_application(arguments: Sequence[str]) -> typer.Typer:
    """Build the program. Only commands that ``arguments`` name are loaded; of others the docstring is read."""
    application = typer.Typer(
        name="ballast",
        help=_ABOUT,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    application.callback()(_options)
    groups = {name: typer.Typer(help=text, no_args_is_help=True) for name, text in _GROUPS.items()}
    for entry in ENTRIES:
        home = groups[entry.group] if entry.group else application
        home.command(entry.name)(_load(entry) if entry.name in arguments else _described(entry))
    for name, group in groups.items():
        application.add_typer(group, name=name)
    return application


def _options(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", is_eager=True, callback=lambda on: _version(on=on)
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log in detail and show where an error came from; never anyone's words.")
    ] = False,
) -> None:
    """Take the options of every command."""


def _version(*, on: bool) -> None:
    if on:
        typer.echo(f"ballast {version('ballast-bot')}")
        raise typer.Exit


def _load(entry: Entry) -> Callable[..., Any]:
    command: Callable[..., Any] = getattr(import_module(entry.module), entry.function)
    return command


def _described(entry: Entry) -> Callable[[], None]:
    """Stand in for a command that is not asked for, with its docstring read from the source."""

    def command() -> None:
        message = f"{entry.name} was not loaded"
        raise RuntimeError(message)

    command.__doc__ = _docstring(entry)
    return command


def _docstring(entry: Entry) -> str | None:
    spec = find_spec(entry.module)
    if spec is None or spec.origin is None:
        return None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry.function)
    return next((ast.get_docstring(node) for node in found), None)

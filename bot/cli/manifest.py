"""``ballast manifest``: print the Slack app's manifest, with names of one's own where asked."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from bot import setting_rules as rules
from bot.errors import InputError

SHIPPED_COMMAND = "/ballast"
SHIPPED_NAME = "Ballast"

NAME_LIMIT = 35


def manifest_command(
    *,
    command: Annotated[str, typer.Option(help="The slash command; set BALLAST_COMMAND to the same.")] = SHIPPED_COMMAND,
    name: Annotated[str, typer.Option(help="The name of the app and of its bot user.")] = SHIPPED_NAME,
) -> None:
    """Print the manifest from which Slack makes the app, with the reason for each scope."""
    typer.echo(manifest(command=command, name=name), nl=False)


def manifest(*, command: str = SHIPPED_COMMAND, name: str = SHIPPED_NAME) -> str:
    """Return the manifest as YAML, comments kept. Raises InputError for a name that Slack would refuse."""
    _refuse_bad_command(command)
    if not 1 <= len(name.strip()) <= NAME_LIMIT:
        message = f"The name of a Slack app has 1 to {NAME_LIMIT} characters, such as --name {SHIPPED_NAME}."
        raise InputError(message)
    shipped = _shipped()
    if name.strip() != SHIPPED_NAME:
        quoted = json.dumps(name.strip(), ensure_ascii=False)  # bare, YAML takes On, Yes and No for true and false
        for key in ("name", "display_name"):
            shipped = shipped.replace(f"  {key}: {SHIPPED_NAME}\n", f"  {key}: {quoted}\n")
    return shipped.replace(f"- command: {SHIPPED_COMMAND}\n", f"- command: {command}\n")


def _refuse_bad_command(command: str) -> None:
    try:
        rules.command(command)
    except ValueError as error:
        message = f"The slash command {error}."
        raise InputError(message) from None


def _shipped() -> str:
    """Read the manifest that the package carries; in a checkout it lies beside the packages."""
    carried = resources.files("bot").joinpath("manifest.yaml")
    if carried.is_file():
        return carried.read_text(encoding="utf-8")
    return Path(__file__).parents[2].joinpath("manifest.yaml").read_text(encoding="utf-8")

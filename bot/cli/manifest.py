"""``ballast manifest``: print the Slack app's manifest, with names of one's own where asked."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import InputError

SHIPPED_COMMAND = "/ballast"
SHIPPED_NAME = "Ballast"

NAME_LIMIT = 35
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
TAKEN = frozenset(
    [
        "apps",
        "archive",
        "away",
        "call",
        "collapse",
        "dm",
        "dnd",
        "expand",
        "feed",
        "feedback",
        "help",
        "invite",
        "join",
        "leave",
        "me",
        "msg",
        "mute",
        "open",
        "rename",
        "remind",
        "remove",
        "search",
        "shortcuts",
        "shrug",
        "star",
        "status",
        "topic",
        "who",
    ]
)
"""Commands that are Slack's own or too general for one app; one of them makes Slack refuse the manifest."""


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
    for key, value in (("name", name.strip()), ("display_name", name.strip())):
        shipped = shipped.replace(f"  {key}: {SHIPPED_NAME}\n", f"  {key}: {_scalar(value)}\n")
    return shipped.replace(f"- command: {SHIPPED_COMMAND}\n", f"- command: {command}\n")


def _refuse_bad_command(command: str) -> None:
    if not _COMMAND.fullmatch(command):
        message = (
            "A slash command is a slash and up to 31 lower-case letters, digits, - or _, such as --command /voice."
        )
        raise InputError(message)
    if command.removeprefix("/") in TAKEN:
        message = f"{command} is Slack's own or too general; choose another, such as --command /voice."
        raise InputError(message)


def _scalar(text: str) -> str:
    """Write a YAML scalar: as it is when plain, else in the quotes that YAML shares with JSON."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]*", text) else json.dumps(text, ensure_ascii=False)


def _shipped() -> str:
    """Read the manifest that the package carries; in a checkout it lies beside the packages."""
    carried = resources.files("bot").joinpath("manifest.yaml")
    if carried.is_file():
        return carried.read_text(encoding="utf-8")
    return Path(__file__).parents[2].joinpath("manifest.yaml").read_text(encoding="utf-8")

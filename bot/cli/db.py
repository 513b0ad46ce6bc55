"""``ballast db``: looking after the database."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from bot.places import database_address, database_place
from bot.settings import load_settings
from storage.database import open_database
from storage.schema import Upgraded, upgrade


def upgrade_command() -> None:
    """Bring the database to this version's schema; a SQLite file is copied first."""
    settings = load_settings(os.environ, Path(".env"))
    typer.echo(f"Database: {database_place(settings)}")
    database = open_database(database_address(settings))
    try:
        typer.echo(_told(upgrade(database)))
    finally:
        database.close()


def _told(done: Upgraded) -> str:
    if done.before == done.after:
        return f"Nothing to do: the schema is at {done.after} already."
    if done.before is None:
        return f"Made the schema, {done.after}."
    copy = f" A copy from before lies at {done.backup}." if done.backup else ""
    return f"Brought the schema from {done.before} to {done.after}.{copy}"

"""Can the history be kept: the folder and its free space, the database and its schema."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bot.checks.diagnosis import Diagnosis, fail, ok, skipped, warn
from bot.places import database_address, database_file, database_place
from bot.settings import Settings
from storage.database import Database, open_database
from storage.errors import SchemaError
from storage.schema import check_schema

LOW_MEGABYTES = 500
"""Less free space than this is worth a word; the history of a busy year takes some tens of megabytes."""
FULL_MEGABYTES = 20
_MEGABYTE = 1_000_000


def check_folder(settings: Settings) -> Diagnosis:
    """Say whether the database's folder can be written to and how much room it has; nothing is left there."""
    file = database_file(settings)
    if file is None:
        return skipped("data folder", "The history is not kept in a file, so that no folder is needed.")
    folder = file.parent
    standing = next(place for place in (folder, *folder.parents) if place.exists())
    if not _is_writable(standing):
        return fail(
            "data folder",
            f"{standing} cannot be written to.",
            "Make it writable for the user that runs Ballast, or keep the history elsewhere (BALLAST_DATA_DIR).",
        )
    return _room(folder, standing)


def open_as_it_is(settings: Settings) -> Database | Diagnosis:
    """Open the database without making or upgrading it, or say why that cannot be.

    Tells apart a schema that waits for its upgrade from one that cannot be used, and takes the write lock once.
    """
    file, place = database_file(settings), database_place(settings)
    if file is not None and not file.exists():
        return skipped("database", f"There is none yet; the first start makes it: {place}.")
    database = open_database(database_address(settings))
    try:
        check_schema(database)
        with database.writing():
            pass
    except SchemaError as error:
        database.close()
        return fail("database", f"{place}: {error}.", "Do what the sentence says; a SQLite file is copied before it.")
    except BaseException:
        database.close()
        raise
    return database


def check_database(settings: Settings, database: Database) -> Diagnosis:
    """Say where the database is and that its schema is this program's."""
    return ok("database", f"{database_place(settings)}: can be written to, schema {check_schema(database)}.")


def _is_writable(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    try:
        with tempfile.TemporaryFile(dir=folder):  # asking for permissions would not see a read-only disk
            return os.access(folder, os.X_OK)
    except OSError:
        return False


def _room(folder: Path, standing: Path) -> Diagnosis:
    free = shutil.disk_usage(standing).free // _MEGABYTE
    made = "" if standing == folder else " It is made at the first start."
    sentence = f"{folder}: {free:,} MB free.{made}"
    remedy = "Make room on that disk, or move the history: set BALLAST_DATA_DIR to a folder on another one."
    if free < FULL_MEGABYTES:
        return fail("data folder", sentence, remedy)
    return warn("data folder", sentence, remedy) if free < LOW_MEGABYTES else ok("data folder", sentence)

"""Folders that commands write into."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

from bot.errors import InputError


def make_sure_of(folder: Path) -> None:
    """Make a folder where it is missing. Raises InputError where nothing can be written there: before hours of work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        message = f"Nothing could be written to “{folder}” ({error.strerror}); name a folder that you may write to."
        raise InputError(message) from None

"""Rows that an import does not take, with the reason: a file next to the one that is imported.

It is the one place where their words land, so only whoever imports may read it, and it is whole or not there.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.errors import InputError
from bot.reading_columns import OF_REJECTS
from storage.text import clean

_LINE, _REASON, _ROW = OF_REJECTS
_HEAD = ",".join(OF_REJECTS)


class Rejects:
    """Write rejected rows: line, reason, the row as it stands where it has no cells, and its cells by their names."""

    def __init__(self, place: Path, names: Sequence[str]) -> None:
        self.count = 0
        self._place = place
        self._draft = place.with_name(f".{place.name}.part")
        self._names = names
        self._lines: list[Mapping[str, object]] = []

    def add(self, line: int, reason: str, cells: Mapping[str, str], raw: str = "") -> None:
        """Note a row. Its words are in memory until ``write_on``.

        Of a row that was rejected before, and is again, the words stay where they stood.
        """
        known = {name: clean(cells.get(name, "")) for name in self._names}
        stands = clean(raw.rstrip("\r\n")) or known.get(_ROW, "")
        self._lines.append({**known, _LINE: line, _REASON: reason, _ROW: stands})
        self.count += 1

    def write_on(self) -> None:
        """Add what was noted to the draft. Raises InputError where the folder does not allow it."""
        if not self._lines:
            return
        fields = [*OF_REJECTS, *(name for name in self._names if name not in OF_REJECTS)]
        begins = not self._draft.exists()
        try:
            with os.fdopen(_open_own(self._draft), "a", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, fields, extrasaction="ignore")
                if begins:
                    writer.writeheader()
                writer.writerows(self._lines)
        except OSError as error:
            message = f"Rejected rows cannot be written to {self._place}: {error.strerror}. Name a file with --rejects."
            raise InputError(message) from error
        self._lines.clear()

    def finish(self) -> None:
        """Put the draft in its place; where nothing was rejected, take away what an earlier import left there."""
        self.write_on()
        if self.count:
            self._draft.replace(self._place)
        else:
            self._place.unlink(missing_ok=True)

    def drop(self) -> None:
        """Leave nothing half written behind."""
        self._draft.unlink(missing_ok=True)


@contextmanager
def rejects_at(place: Path, names: Sequence[str]) -> Iterator[Rejects]:
    """Give a file for rejected rows that is whole at the end, or not there when the block raises.

    Raises InputError where the file exists and is none of ours.
    """
    if place.is_dir() or (place.exists() and not _is_ours(place)):
        message = f"{place} exists and Ballast did not write it. Name another place for rejected rows with --rejects."
        raise InputError(message)
    rejects = Rejects(place, names)
    rejects.drop()
    try:
        yield rejects
        rejects.finish()
    finally:
        rejects.drop()


def _open_own(place: Path) -> int:
    return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _is_ours(place: Path) -> bool:
    with place.open(encoding="utf-8", errors="replace") as file:
        return file.readline().startswith(_HEAD)

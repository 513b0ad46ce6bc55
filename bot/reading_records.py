"""Records of a file one by one: rows of a CSV, lines or paragraphs of plain text.

A record that cannot be read is a value too, ``Broken``, with its line and the reason; reading goes on after it.
Memory stays flat: at most one record is held, and one that never ends is given up at a limit.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bot.reading_encoding import Encoding

LINE_LIMIT = 32 * 1024 * 1024
"""Characters of one line; a row of 10 MB is well within."""
_RECORD_LINES = 2_000
"""A quoted cell over more lines than this was never closed."""


@dataclass(frozen=True, slots=True)
class Record:
    """Hold one record and the line, from 1, on which it begins."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """Say where a record could not be read, and why; its words stand beside, for a list of what was rejected alone."""

    line: int
    reason: str
    raw: str = field(default="", repr=False, compare=False)
    """The line as it stands in the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the cells of one CSV row, before they have names."""

    line: int
    cells: Sequence[str]


class Lines:
    """Give the lines of a file with their numbers; lines given back come again first."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self._number = 0

    def next(self) -> str | None:
        """Return the next line with its end, or None after the last. A longer one than the limit comes cut."""
        line = self._returned.popleft() if self._returned else self._read()
        self._number += line is not None
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        """Take lines back that belong to the next record."""
        self._number -= len(lines)
        self._returned.extendleft(reversed(lines))

    @property
    def number(self) -> int:
        """The number of the line that ``next`` gave last."""
        return self._number

    def _read(self) -> str | None:
        line = self._file.readline(LINE_LIMIT)
        if len(line) == LINE_LIMIT and not line.endswith("\n"):
            self._skip_rest()
        return line or None

    def _skip_rest(self) -> None:
        while (rest := self._file.readline(LINE_LIMIT)) and not rest.endswith("\n"):
            pass


def open_text(path: Path, encoding: Encoding) -> IO[str]:
    """Open a file for reading; bytes that do not fit become U+FFFD."""
    return path.open(encoding=encoding.name, errors="replace")


def csv_rows(lines: Lines, delimiter: str, width: int | None = None) -> Iterator[Row | Broken]:
    """Read CSV rows; with a width, one of more cells than that, or over several lines with fewer, is broken.

    A quote that opens and never closes would swallow what follows: only its first line is broken, and reading
    goes on with the next.
    """
    while (first := lines.next()) is not None:
        start = lines.number
        if not first.strip():
            continue
        held = _whole_record(first, lines, delimiter)
        row = _parse(held, delimiter, start) if held else Broken(start, "a quote opens here and is never closed", first)
        if held and len(held) > 1 and (isinstance(row, Broken) or (width is not None and len(row.cells) != width)):
            lines.give_back(held[1:])
            row = Broken(start, "a quote opens here and closes in a later row", first)
        if isinstance(row, Row) and width is not None and len(row.cells) > width and any(row.cells[width:]):
            row = Broken(start, f"{len(row.cells)} cells where the header has {width}", "".join(held or [first]))
        yield row


def _whole_record(first: str, lines: Lines, delimiter: str) -> list[str] | None:
    """Gather the lines of one record; None, with the lines given back, when its quote never closes."""
    held, size = [first], len(first)
    inside = _ends_inside(first, delimiter, inside=False)
    while inside:
        following = lines.next()
        size += len(following or "")
        if following is None or len(held) >= _RECORD_LINES or size > LINE_LIMIT:
            lines.give_back([*held[1:], *([] if following is None else [following])])
            return None
        held.append(following)
        inside = _ends_inside(following, delimiter, inside=True)
    return held


def _ends_inside(line: str, delimiter: str, *, inside: bool) -> bool:
    """Tell whether a quoted cell is still open at the end of a line."""
    if not inside and '"' not in line:
        return False
    place = 0
    while True:
        if not inside:
            while not line.startswith('"', place):
                place = line.find(delimiter, place) + 1
                if place == 0:
                    return False
            place, inside = place + 1, True
        place = line.find('"', place)
        if place < 0:
            return True
        if line.startswith('""', place):
            place += 2
            continue
        place, inside = line.find(delimiter, place) + 1, False
        if place == 0:
            return False


def _parse(held: Sequence[str], delimiter: str, line: int) -> Row | Broken:
    # The limit is a setting of the csv module as a whole; there is no narrower one.
    csv.field_size_limit(LINE_LIMIT)
    try:
        return Row(line, next(csv.reader(held, delimiter=delimiter, skipinitialspace=False)))
    except (csv.Error, StopIteration) as error:
        return Broken(line, f"the row cannot be read ({error})", held[0])


def csv_records(lines: Lines, delimiter: str, names: Sequence[str]) -> Iterator[Record | Broken]:
    """Read CSV rows as records; cells that a short row lacks are empty."""
    for row in csv_rows(lines, delimiter, len(names)):
        if isinstance(row, Broken):
            yield row
        else:
            cells = [*row.cells, *[""] * (len(names) - len(row.cells))]
            yield Record(row.line, dict(zip(names, cells, strict=False)))


def text_records(lines: Lines, *, paragraphs: bool) -> Iterator[Record]:
    """Read plain text: each line, or each paragraph where blank lines stand between them."""
    held: list[str] = []
    while (line := lines.next()) is not None:
        if line.strip():
            held.append(line)
        if held and (not paragraphs or not line.strip() or len(held) >= _RECORD_LINES):
            yield Record(lines.number - len(held) + (1 if line.strip() else 0), {"text": "".join(held).strip()})
            held = []
    if held:
        yield Record(lines.number - len(held) + 1, {"text": "".join(held).strip()})

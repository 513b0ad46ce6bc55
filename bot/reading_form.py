"""How a file of messages is written: its kind, its encoding and, for a CSV, its delimiter and header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.errors import InputError
from bot.reading_columns import is_header, known_names
from bot.reading_encoding import Encoding, find_encoding, named_encoding
from bot.reading_json import entries, entry_records, is_document, json_records
from bot.reading_records import (
    LINE_LIMIT,
    Broken,
    Lines,
    Record,
    Row,
    csv_records,
    csv_rows,
    open_text,
    text_records,
)

SAMPLE = 400
"""Records from which the form and the columns are told."""
_KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".txt": "txt",
    ".text": "txt",
}
_SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_TITLE_ROWS = 12
_NO_DELIMITER = "\x1f"
"""Stands in no text: with it the csv module reads each row as one cell."""


@dataclass(frozen=True, slots=True)
class Form:
    """Know how a file is written."""

    kind: str
    """"csv", "jsonl", "json" for one document, or "txt"."""
    encoding: Encoding
    delimiter: str = ","
    skipped: int = 0
    """Lines before the first row of messages: a header, a spreadsheet's ``sep=``."""
    names: tuple[str, ...] = ("text",)
    paragraphs: bool = False


@contextmanager
def open_records(path: Path, form: Form) -> Iterator[Iterator[Record | Broken]]:
    """Open a file of a known form for reading its records from the first."""
    with open_text(path, form.encoding) as file:
        lines = Lines(file)
        for _ in range(form.skipped):
            lines.next()
        if form.kind == "csv":
            yield csv_records(lines, form.delimiter, form.names)
        elif form.kind == "jsonl":
            yield json_records(lines)
        elif form.kind == "json":
            yield entry_records(file)
        else:
            yield text_records(lines, paragraphs=form.paragraphs)


def find_form(
    path: Path, *, encoding_name: str | None = None, delimiter: str | None = None, headed: bool = False
) -> Form:
    """Find out how a file is written; a named encoding or delimiter is taken as it is, and that it has a header.

    Raises InputError that says what to do where it is not readable text.
    """
    kind = _kind(path)
    encoding = named_encoding(path, encoding_name) if encoding_name else find_encoding(path)
    if kind == "csv":
        return _csv_form(path, encoding, delimiter, headed=headed)
    with open_text(path, encoding) as file:
        head = [line.strip() for line in islice(file, SAMPLE)]
    if not any(head):
        message = f"{path.name} is empty: nothing stands in it."
        raise InputError(message)
    if kind == "jsonl" and is_document(next(line for line in head if line), lines=sum(map(bool, head))):
        _check_document(path, encoding)
        return Form("json", encoding)
    blanks = sum(not line for line in "\n".join(head).strip().split("\n"))
    return Form(kind, encoding, paragraphs=kind == "txt" and blanks > 0)


def _check_document(path: Path, encoding: Encoding) -> None:
    """Raise InputError for a document that is too long to be read whole, or no JSON."""
    with open_text(path, encoding) as file:
        text = file.read(LINE_LIMIT + 1)
    if len(text) > LINE_LIMIT:
        message = (
            f"{path.name} is one document in JSON, and too long for it. Write an object a line: "
            f"jq -c '.[]' {path.name} > lines.jsonl"
        )
        raise InputError(message)
    if entries(text) is None:
        message = f"{path.name} is no JSON: a bracket or a quote is not closed, or it is cut off. Export it again."
        raise InputError(message)


def _kind(path: Path) -> str:
    if path.is_dir():
        message = f"{path} is a folder. Name one file in it: .csv, .jsonl or .txt."
        raise InputError(message)
    if not path.exists():
        message = f"There is no file {path}. Check its name and folder."
        raise InputError(message)
    suffix = path.suffix.lower()
    if suffix in _SHEETS:
        message = f"{path.name} is a spreadsheet. Open it and save it as CSV, then try that file."
        raise InputError(message)
    if suffix not in _KINDS:
        message = f"{path.name} is none of .csv, .jsonl and .txt. Export it as one of these."
        raise InputError(message)
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        message = f"{path.name} cannot be opened: {error.strerror}."
        raise InputError(message) from error
    return _KINDS[suffix]


def _csv_form(path: Path, encoding: Encoding, asked: str | None, *, headed: bool) -> Form:
    with open_text(path, encoding) as file:
        lines = Lines(file)
        first = lines.next() or ""
        declared = re.fullmatch(r'"?sep=(.)"?\s*', first)
        if not declared:
            lines.give_back([first] if first else [])
        skipped = 1 if declared else 0
        delimiter = asked or (declared[1] if declared else _delimiter(path, encoding))
        rows = _below_title([row for row in islice(csv_rows(lines, delimiter), SAMPLE) if isinstance(row, Row)])
    if not rows:
        message = f"{path.name} is empty: nothing stands in it."
        raise InputError(message)
    if headed or is_header(rows[0].cells, [row.cells for row in rows[1:]]):
        return Form("csv", encoding, delimiter, rows[0].line, _unique(rows[0].cells))
    width = max(len(row.cells) for row in rows)
    names = tuple(f"column {place}" for place in range(1, width + 1))
    return Form("csv", encoding, delimiter, skipped, names)


def _delimiter(path: Path, encoding: Encoding) -> str:
    """Choose the delimiter that a header of known names speaks for, else the one with which most rows agree.

    Rows agree when they have as many cells as the first, and more than one; half of them must.
    """
    best, best_score = _NO_DELIMITER, (0, 0.5, 0)
    for delimiter in DELIMITERS:
        with open_text(path, encoding) as file:
            found = [row for row in islice(csv_rows(Lines(file), delimiter), SAMPLE) if isinstance(row, Row)]
        rows = [row.cells for row in _below_title(found)]
        width = len(rows[0]) if rows else 0
        score = (known_names(rows[0]) if rows else 0, sum(len(row) == width for row in rows) / max(len(rows), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _below_title(rows: Sequence[Row]) -> Sequence[Row]:
    """Leave out what a report writes above its header, where known names tell the header from it."""
    for place, row in enumerate(rows[:_TITLE_ROWS]):
        if known_names(row.cells):
            narrower = all(sum(map(bool, above.cells)) < len(row.cells) for above in rows[:place])
            return rows[place:] if narrower else rows
    return rows


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:80] or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)

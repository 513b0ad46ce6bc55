"""Read feedback from the terminal or a file: each line a text, or an object that holds one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import InputError

STANDARD_INPUT = "-"
_FILE_SUFFIXES = frozenset({".jsonl", ".json", ".csv", ".txt", ".md"})
_LINE_END = b"\n"


def read_lines(source: str) -> Iterator[str]:
    """Yield the lines of a file that exists, of standard input (``-``), or of the words themselves.

    Only a line feed ends a line (a carriage return before it is dropped), so that what any other character might
    separate stays together; bytes that are no UTF-8 become U+FFFD. Raises InputError for a file that cannot be read.
    """
    if source == STANDARD_INPUT:
        yield from _decoded(sys.stdin.buffer)
    elif is_file(source):
        with open_input(Path(source)) as file:
            yield from _decoded(file)
    else:
        yield from source.removesuffix("\n").split("\n")


def read_whole(source: str) -> str:
    """Return all of a file that exists, of standard input (``-``), or the words themselves, as one text."""
    if source != STANDARD_INPUT and not is_file(source):
        return source
    return "\n".join(read_lines(source))


def is_file(source: str) -> bool:
    """Tell whether the words name a file.

    Raises InputError when they name a folder, or look like a file's name and none is there.
    """
    try:
        found, is_folder = Path(source).is_file(), bool(source) and Path(source).is_dir()
    except (OSError, ValueError):
        return False
    if is_folder:
        message = f"“{source}” is a folder; name a file in it, or hand over words that are a folder's name with “-”."
        raise InputError(message)
    if not found and " " not in source and Path(source).suffix.lower() in _FILE_SUFFIXES:
        message = f"There is no file “{source}”; check the path, or put the words to classify in quotes."
        raise InputError(message)
    return found


def open_input(path: Path) -> BinaryIO:
    """Open a file that a person named. Raises InputError that says why it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        message = f"“{path}” cannot be read ({error.strerror}); check the path and its permissions."
        raise InputError(message) from error


def text_of_line(line: str) -> str:
    """Return the text that a line holds: the ``text`` of an object that has one, else the line itself.

    A line that only starts like an object is a text like any other; ``"text": null`` is an empty one.
    """
    if not line.lstrip().startswith("{"):
        return line
    try:
        fields: Any = json.loads(line)
    except (ValueError, RecursionError):
        return line
    text = fields.get("text", line) if isinstance(fields, dict) else line
    return text if isinstance(text, str) else "" if text is None else line


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    encoding = "utf-8-sig"
    for line in lines:
        yield line.removesuffix(_LINE_END).removesuffix(b"\r").decode(encoding, errors="replace")
        encoding = "utf-8"

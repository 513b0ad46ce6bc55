"""Read feedback from the terminal or a file: each line a text, or an object that holds one."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import IO, Any

from bot.errors import InputError
from bot.reading_encoding import encoding_of_start, find_encoding

STANDARD_INPUT = "-"
_FILE_SUFFIXES = frozenset({".jsonl", ".json", ".csv", ".txt", ".md"})
_HEAD = 4096


def read_lines(source: str) -> Iterator[str]:
    """Yield the lines of a file that exists, of standard input (``-``), or of the words themselves.

    Only a line feed ends a line (a carriage return before it is dropped), so that what any other character might
    separate stays together. A file is read in its own encoding, standard input as UTF-8 or UTF-16; bytes that do not
    fit become U+FFFD. Raises InputError for a file that cannot be read, and for what is no text.
    """
    if source == STANDARD_INPUT:
        yield from _standard_input()
    elif is_file(source):
        with _open(Path(source)) as file:
            yield from map(_without_end, file)
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


def text_of_line(line: str) -> str:
    """Return the text that a line holds: the ``text`` of an object that has one, else the line itself.

    A line that only starts like an object is a text like any other; ``"text": null`` is an empty one.
    """
    text = _object_text(line)
    return line if text is None else text


def is_no_text(line: str) -> bool:
    """Tell a line that starts like an object and gives no text: broken, or without one. It may be words all the same.

    "{{name}} is missing" is what a customer may write.
    """
    return line.lstrip().startswith("{") and _object_text(line) is None


def _object_text(line: str) -> str | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        fields: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or "text" not in fields:
        return None
    text = fields["text"]
    return "" if text is None else text if isinstance(text, str) else None


def _open(path: Path) -> IO[str]:
    try:
        return path.open(encoding=find_encoding(path).name, errors="replace", newline="\n")
    except OSError as error:
        message = f"“{path}” cannot be read ({error.strerror}); check the path and its permissions."
        raise InputError(message) from error


def _standard_input() -> Iterator[str]:
    """Read line by line, as they come; only UTF-16 and UTF-32, whose lines bytes do not show, are read whole first."""
    head = b"".join(sys.stdin.buffer.readlines(_HEAD))
    # Once a terminal's input has ended, to read on would ask the person to end it again.
    rest = sys.stdin.buffer if len(head) >= _HEAD else ()
    encoding = encoding_of_start("Standard input", head) or "utf-8"
    if encoding.startswith("utf-8"):
        pieces: Iterable[str] = (line.decode(errors="replace") for line in chain([head.removeprefix(BOM_UTF8)], rest))
    else:
        pieces = [b"".join([head, *rest]).decode(encoding, errors="replace")]
    for piece in pieces:
        yield from map(_without_end, StringIO(piece, newline="\n"))


def _without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")

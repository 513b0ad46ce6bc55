"""Records of JSON: an object a line, or a document: a list of objects, an interface's answer, objects over many lines.

A document is read whole, for nothing else tells where an object of it ends: so it may not be longer than a limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from bot.reading_records import Broken, Lines, Record

_SIGN = re.compile(r"\S")
_LEVELS = 2
"""Of objects inside an object that become columns: ``source.author.email``; deeper ones are one cell."""
_LISTS = ("data", "posts", "notes", "tickets", "conversations", "reviews", "messages", "results", "items", "entries")
"""Under which name an interface gives its list, with how many there are and where the next page is beside it."""


def json_records(lines: Lines) -> Iterator[Record | Broken]:
    """Read JSON lines: objects, the objects inside them as ``outer.inner``, or bare texts."""
    while (line := lines.next()) is not None:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield Broken(lines.number, "the line is not JSON", line)
            continue
        yield _record(value, lines.number, "line", line)


def entry_records(file: IO[str]) -> Iterator[Record | Broken]:
    """Read the entries of a document, each with its number in place of a line."""
    for number, value in enumerate(entries(file.read()) or (), start=1):
        yield _record(value, number, "entry", json.dumps(value, ensure_ascii=False))


def is_document(first: str, *, lines: int) -> bool:
    """Tell by its first line whether a file is one document: one that goes on below it, or an interface's answer."""
    if first.startswith("["):
        return lines == 1 or not first.endswith("]")
    return first == "{" or (lines == 1 and any(_list_in(found) for found in _parsed(first) or ()))


def entries(text: str) -> Sequence[Any] | None:
    """Give the list that a document is, or that stands in it; else the objects in it, in turn; None for no JSON."""
    values = _parsed(text)
    if not values or len(values) > 1:
        return values
    [value] = values
    return value if isinstance(value, list) else _list_in(value) or values


def _parsed(text: str) -> list[Any] | None:
    decoder, values, place = json.JSONDecoder(), [], 0
    try:
        while (found := _SIGN.search(text, place)) is not None:
            value, place = decoder.raw_decode(text, found.start())
            values.append(value)
    except (ValueError, RecursionError):
        return None
    return values


def _list_in(value: object) -> Sequence[Any] | None:
    if not isinstance(value, dict):
        return None
    lists = (value[name] for name in _LISTS if isinstance(value.get(name), list))
    return next((found for found in lists if any(isinstance(entry, dict) for entry in found)), None)


def _record(value: object, number: int, what: str, raw: str) -> Record | Broken:
    if isinstance(value, dict):
        return Record(number, _flat(_unwrapped(value)))
    if isinstance(value, str):
        return Record(number, {"text": value})
    return Broken(number, f"the {what} is JSON and neither an object nor a text", raw)


def _unwrapped(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lift out what JSON:API keeps apart from an object's type and id."""
    held = value.get("attributes")
    return {**held, **value, "attributes": None} if isinstance(held, dict) and "type" in value else value


def _flat(value: Mapping[str, Any], *, levels: int = _LEVELS) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and levels:
            cells |= {f"{name}.{part}": deep for part, deep in _flat(inner, levels=levels - 1).items()}
        else:
            cells[name] = _cell(inner)
    return cells


def _cell(value: object) -> str:
    if value in (None, {}, []):
        return ""
    if isinstance(value, list) and (names := _names(value)):
        return ", ".join(names)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _names(values: Sequence[Any]) -> list[str] | None:
    """Give the names of a list of objects, such as the companies of whoever wrote; None for other lists."""
    found = [value.get("name") if isinstance(value, dict) else None for value in values]
    names = [name for name in found if isinstance(name, str)]
    return names if len(names) == len(found) else None

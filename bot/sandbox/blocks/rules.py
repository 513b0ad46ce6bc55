"""One broken rule, and the checks of single values that all blocks share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
MARKS = frozenset({"plain_text", "mrkdwn"})
PLAIN = frozenset({"plain_text"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Say which rule is broken and where, as a JSON pointer."""

    pointer: str
    message: str
    code: str = "failed_constraint"

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_slack(self) -> dict[str, Any]:
        """Render an entry of ``blocks.validate``."""
        return {"pointer": self.pointer, "code": self.code, "message": self.message}


def check_fields(thing: Json, at: str, *, needed: Iterable[str] = (), known: Iterable[str] = ()) -> Iterator[Problem]:
    """Demand the needed fields and allow no field that Slack does not know."""
    for name in needed:
        if thing.get(name) in (None, "", [], {}):
            yield Problem(at, f"missing required field: {name}", "missing_field")
    for name in thing.keys() - {"type", *needed, *known}:
        yield Problem(f"{at}/{name}", f"unknown field: {name}", "unknown_field")


def check_string(thing: Json, name: str, at: str, *, most: int) -> Iterator[Problem]:
    """Demand text of at most this length where the field is given."""
    value = thing.get(name)
    if value is None:
        return
    if not isinstance(value, str):
        yield Problem(f"{at}/{name}", "must be a string", "wrong_type")
    elif len(value) > most:
        yield Problem(f"{at}/{name}", f"must be at most {most} characters, is {len(value)}")


def check_list(thing: Json, name: str, at: str, *, least: int = 1, most: int) -> Iterator[Problem]:
    """Demand a list with so many items where the field is given."""
    value = thing.get(name)
    if value is None:
        return
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield Problem(f"{at}/{name}", "must be a list", "wrong_type")
    elif not least <= len(value) <= most:
        yield Problem(f"{at}/{name}", f"must hold {least} to {most} items, holds {len(value)}")


def check_text(thing: Json, name: str, at: str, *, most: int, marks: frozenset[str] = PLAIN) -> Iterator[Problem]:
    """Demand a text object of the right kind, neither empty nor too long, where the field is given."""
    if thing.get(name) is not None:
        yield from check_text_object(thing[name], f"{at}/{name}", most=most, marks=marks)


def check_text_object(text: object, at: str, *, most: int, marks: frozenset[str] = MARKS) -> Iterator[Problem]:
    """Demand a text object: its kind, its length, its own fields."""
    if not isinstance(text, Mapping):
        yield Problem(at, "must be a text object", "wrong_type")
        return
    kind = text.get("type")
    if kind not in marks:
        yield Problem(f"{at}/type", f"must be {' or '.join(sorted(marks))}, is {kind}")
    yield from check_fields(text, at, needed=["text"], known=["emoji"] if kind == "plain_text" else ["verbatim"])
    yield from check_string(text, "text", at, most=most)


def check_choice(thing: Json, name: str, at: str, allowed: Iterable[object]) -> Iterator[Problem]:
    """Demand one of the allowed values where the field is given."""
    choices = list(allowed)
    if thing.get(name) is not None and thing[name] not in choices:
        yield Problem(f"{at}/{name}", f"must be one of {', '.join(map(str, choices))}")


def check_whole(thing: Json, name: str, at: str, *, least: int, most: int) -> Iterator[Problem]:
    """Demand a whole number within bounds where the field is given."""
    value = thing.get(name)
    if value is not None and not (type(value) is int and least <= value <= most):
        yield Problem(f"{at}/{name}", f"must be a whole number from {least} to {most}")


def items(thing: Json, name: str) -> list[Json]:
    """List the objects in a field; what is no object is left to ``check_list`` and is not looked into."""
    value = thing.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [one for one in value if isinstance(one, Mapping)]

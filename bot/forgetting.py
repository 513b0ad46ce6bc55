"""Forgetting in words: what is held of somebody, and what was erased of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from storage.held import Held
from storage.vocabulary import Whose

_BEYOND: Mapping[Whose, str] = {
    Whose.REPORTER: (
        "messages of other people mention this person. Forget their id as a name, and their name, and these go too."
    ),
    Whose.ACCOUNT: (
        "further messages name this account, though nobody noted it there. Forget the name too, and these go as well."
    ),
}


def held_lines(held: Held, whose: Whose) -> list[str]:
    """Say in sentences what would be erased, or was, and what would not."""
    if held.is_nothing:
        return ["Nothing is kept of it.", *_beyond(held, whose)]
    counted = (
        (held.messages, "message", "words, names, links and account"),
        (held.problems, "problem", "found in them, with quotes and reviews"),
        (held.cards, "card", "in Slack"),
        (held.deliveries, "unread delivery or open form", "kept whole"),
        (held.notices, "notice", "of Ballast, as it was kept here"),
        (held.accounts, "entry", "of the list of accounts"),
    )
    lines = [f"{count:,} {_plural(thing, count)}: {what}" for count, thing, what in counted if count]
    return [*lines, *_beyond(held, whose)]


def copies_lines(copies: Sequence[Path]) -> list[str]:
    """Name the copies of the database that forgetting does not reach."""
    if not copies:
        return []
    names = ", ".join(copy.name for copy in copies)
    return [f"Not reached: copies of the database from before upgrades, beside it: {names}."]


def _beyond(held: Held, whose: Whose) -> list[str]:
    if not held.mentions:
        return []
    return [f"Not reached: {held.mentions:,} {_BEYOND[whose]}"]


def _plural(thing: str, count: int) -> str:
    if count == 1:
        return thing
    return {"entry": "entries", "unread delivery or open form": "unread deliveries and open forms"}.get(
        thing, f"{thing}s"
    )

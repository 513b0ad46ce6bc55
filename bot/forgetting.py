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


_SAVED = "the words stay; that this person saved them or was asked about them goes, and the notes beside them"
_WORDS_BEYOND = "personas, words to ignore, names of channels and apps. Forget the name too, and it goes there as well."
_PLURALS = {
    "entry": "entries",
    "unread delivery or open form": "unread deliveries and open forms",
    "word to ignore": "words to ignore",
    "change of words to ignore": "changes of words to ignore",
    "name of a channel or app": "names of channels and apps",
    "message of other people": "messages of other people",
}


def held_lines(held: Held, whose: Whose) -> list[str]:
    """Say in sentences what would be erased, or was, and what would not."""
    if held.is_nothing:
        return ["Nothing is kept of it.", *_beyond(held, whose)]
    own = held.own_words
    counted = (
        (held.messages, "message", "words, names, links and account"),
        (held.forwards, "forward", "among them, of the same words, wherever they were shared"),
        (held.problems, "problem", "found in them, with quotes and reviews"),
        (held.cards, "card", "in Slack"),
        (held.deliveries, "unread delivery or open form", "kept whole"),
        (held.notices, "notice", "of Ballast, as it was kept here"),
        (held.saved, "message of other people", _SAVED),
        (held.requests, "request", "to save a message"),
        (held.accounts, "entry", "of the list of accounts"),
        (own.names, "further name", "of accounts that stay on the list"),
        (own.personas, "persona", "of your own, in whose texts it is masked"),
        (own.ignored, "word to ignore", "messages that hold it are kept again"),
        (own.logged, "change of words to ignore", "masked in the log"),
        (own.places, "name of a channel or app", "until Slack tells it again, so rename it there"),
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
    lines = [f"Not reached: {held.mentions:,} {_BEYOND[whose]}"] if held.mentions else []
    if held.unreached_words:
        texts = f"{held.unreached_words:,} {_plural('text', held.unreached_words)}"
        lines.append(f"Not reached: {texts} of your own in which this name stands: {_WORDS_BEYOND}")
    return lines


def _plural(thing: str, count: int) -> str:
    if count == 1:
        return thing
    return _PLURALS.get(thing, f"{thing}s")

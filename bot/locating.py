"""Find words that a person copied from a message in its text, which is kept in Slack's notation."""

from __future__ import annotations

import re

from bot.views.text import readable
from classifiers.vocabulary import Evidence

_PIECE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_MARKS = re.compile(r"[*_~`]")
_UNNAMED = re.compile(r"<(?:[@#]|!subteam\^)[^<>|]+\|?>")
"""A mention whose name only Slack knows."""
_SOMEBODY = "\ue000"
_NAME = re.compile(r"[@#]\w+(?:[.-]\w+)*(?P<second> \w+)?")
"""A mention as it is read; the word after it may be a second name."""


def locate(words: str, text: str) -> Evidence | None:
    """Find copied words: white space, case and marks of formats may differ, entities stand as Slack shows them.

    The evidence is the text's own notation, from the first of the words to the last; it never cuts an entity.
    """
    shown, places = _shown(text)
    for form in (words, readable(words)):
        pattern = _pattern(" ".join(_MARKS.sub("", form).split()))
        match = re.search(pattern, shown, re.IGNORECASE) if pattern else None
        if match:
            start, end = places[match.start()][0], places[match.end() - 1][1]
            return Evidence(quote=text[start:end], start=start, end=end)
    return None


def _shown(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text as a person reads it, and for each of its characters the span that it came from."""
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(text):
        read = _SOMEBODY if _UNNAMED.fullmatch(piece[0]) else _MARKS.sub("", readable(piece[0]))
        characters.extend(read)
        places.extend([piece.span()] * len(read))
    return "".join(characters), places


def _pattern(wanted: str) -> str:
    """Make the pattern of words in which each name may also stand for a mention that names nobody."""
    parts: list[str] = []
    end = 0
    for name in _NAME.finditer(wanted):
        second = f"(?:{_spaced(name['second'])})?" if name["second"] else ""
        parts += [_spaced(wanted[end : name.start()]), f"(?:{_spaced(name[0])}|{_SOMEBODY}{second})"]
        end = name.end()
    return "".join([*parts, _spaced(wanted[end:])])


def _spaced(words: str) -> str:
    return re.escape(words).replace(r"\ ", r"\s+")

"""Slack's notation, in which every text is kept: typed words come in it, all others are written in it here.

``&``, ``<`` and ``>`` are escaped, people and links are entities such as ``<@U1>``. Whatever shows a text undoes
that once, with ``bot.views.text.readable``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.views.text import readable

MOST_CHARACTERS = 40_000
"""What is kept of words that nobody typed here: as much as Slack lets one message hold."""
CUT = "(Cut after 40,000 characters; the message itself holds the rest.)"

_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_ENTITY = re.compile(r"<[@#!][^<>]{0,200}>")
_WORD = re.compile(r"\w+")
_COMPARED = 300
"""How many lines of a summary are looked for in the layout; so long a one is no summary, and is kept from there on."""
_ELLIPSES = ("…", "...")


def escaped(text: str) -> str:
    """Escape a plain text; what is escaped already stays as it is."""
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def gathered(lines: Iterable[str]) -> str:
    """Join lines until ``MOST_CHARACTERS`` are full; blank ones are left out, and no more is read than is kept."""
    kept: list[str] = []
    room = MOST_CHARACTERS
    for line in _with_words(lines):
        kept.append(line[:room])
        room -= len(line) + 1
        if room <= 0:
            break
    return "\n".join(kept)


def cut(text: str) -> str:
    """Cut to ``MOST_CHARACTERS``."""
    return text[:MOST_CHARACTERS]


def is_full(text: str) -> bool:
    """Tell whether a gathered text had to be cut, or would have been at the next line."""
    return len(text) >= MOST_CHARACTERS - 1


def words_of(text: str) -> str:
    """Return only the words of a text, folded, a blank between them: two texts that say the same have the same."""
    return " ".join(_WORD.findall(readable(_ENTITY.sub(" ", text)).casefold()))


def holds(whole: str, part: str) -> bool:
    """Tell whether ``words_of`` a text stand in those of another; a part that ends in an ellipsis may be its start."""
    folded = words_of(part)
    if part.rstrip().endswith(_ELLIPSES):
        return f" {whole}".find(f" {folded}") >= 0
    return f" {folded} " in f" {whole} " if folded else True


def without_repeats(text: str, rendered: str) -> str:
    """Join what a message says in its text with what it says in its layout, each word once.

    Apps put a summary into the text of what they lay out; lines of it that say nothing more are left out.
    """
    if not rendered or not text.strip():
        return rendered or text
    if holds(words_of(text), rendered):
        return text
    laid_out = words_of(rendered)
    if holds(laid_out, text):
        return rendered
    further = [
        line for number, line in enumerate(text.splitlines()) if number >= _COMPARED or not holds(laid_out, line)
    ]
    return "\n".join([*further, rendered])


def _with_words(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        stripped = line.strip("\n")
        if stripped.strip():
            yield stripped.rstrip()

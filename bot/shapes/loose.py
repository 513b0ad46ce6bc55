"""The words in a piece of JSON whose shape nobody has told us: whatever reads like words, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.shapes.notation import escaped

_WORDY = frozenset(
    {"alt_text", "body", "caption", "content", "description", "fallback", "header", "label", "name", "plain_text"}
) | {"pretext", "subtitle", "summary", "text", "title"}
_CONTROLS = ("actions", "button", "context_actions")  # a tuple: what stands at "type" may be of any type
_SPACED = re.compile(r"\S\s+\S")
_TECHNICAL = re.compile(r"\s*(?:[{\[]|[a-z][a-z0-9+.-]{1,20}://)", re.IGNORECASE)


def words_in(piece: object) -> Iterator[str]:
    """Give each string that stands where words stand, or holds several of them; never ids, addresses or JSON.

    Without recursion: how deep a piece is nested is for its sender to choose.
    """
    waiting: list[tuple[str, object, bool]] = [("", piece, False)]
    while waiting:
        name, value, marked = waiting.pop()
        if isinstance(value, str):
            if _reads_like_words(name, value):
                yield value if marked else escaped(value)
        elif isinstance(value, Mapping) and value.get("type") not in _CONTROLS:
            is_marked = value.get("type") == "mrkdwn"
            waiting += [(str(key), value[key], is_marked) for key in reversed(value)]
        elif isinstance(value, list):
            waiting += [(name, entry, False) for entry in reversed(value)]


def _reads_like_words(name: str, value: str) -> bool:
    return name in _WORDY or (_SPACED.search(value) is not None and not _TECHNICAL.match(value))

"""Finding a name in a text: whole, in whatever case, and however its parts are spaced."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from storage.text import fold, unescaped

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts in which nothing need stand between a name and the next word."""
_CHARACTER = re.compile(r".[\u0300-\u036f]*", flags=re.DOTALL)
"""A character with the accents that stand behind it: folding joins these, and no others that are written here."""
_BEGIN, _END = r"(?<![^\W_])(?<![^\W_]_)", r"(?![^\W_])(?!_[^\W_])"
"""Where a word begins and ends: Slack's marks of italics stand outside of it, and ``rich_text`` is one word."""

MASK = "\u2026"
"""What stands where a name stood."""


class Naming:
    """Tell whether a text holds one of some names.

    Rule: case and compatibility form do not matter, nor how much white space stands between the parts of a name. A
    name is found as a whole word, with a genitive s too, also between Slack's marks of italics and the like; in scripts
    that put no space between words, anywhere. Slack's three escapes are read as what they stand for. Other forms of a
    name (``Kowalskiego``) are other names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        patterns = [_pattern(name) for name in names if name.strip()]
        self._found = re.compile("|".join(patterns) or r"(?!)")

    def stands_in(self, *texts: str | None) -> bool:
        """Tell whether any of the texts holds a name."""
        return any(text and self._found.search(fold(unescaped(text))) for text in texts)

    def mask(self, text: str) -> str:
        """Put … for each name in a text, or for all of it where its folded form does not tell where the name stands."""
        plain = unescaped(text)
        pieces = _CHARACTER.findall(plain)
        places = [number for number, piece in enumerate(pieces) for _ in fold(piece)]
        folded = fold(plain)
        found = [(match.start(), match.end()) for match in self._found.finditer(folded)]
        if not found:
            return text
        if "".join(map(fold, pieces)) != folded:
            return MASK
        for start, end in reversed(found):
            pieces[places[start] : places[end - 1] + 1] = [MASK]
        return "".join(pieces)

    def stands_in_json(self, written: str) -> bool:
        """Tell whether a name stands in escaped JSON, among its keys or its values."""
        try:
            plain = json.dumps(json.loads(written), ensure_ascii=False)
        except (ValueError, RecursionError):
            plain = written
        # A line's end within a text is written as a backslash and a letter, which would join it to the next word.
        return self.stands_in(re.sub(r"\\[nrtbf]", " ", plain))


def _pattern(name: str) -> str:
    parts = fold(name).split()
    begin = "" if _is_unspaced(parts[0][0]) else _BEGIN
    end = "" if _is_unspaced(parts[-1][-1]) else r"(?:['\u2019]?s)?" + _END
    return begin + r"\s+".join(map(re.escape, parts)) + end


def _is_unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)

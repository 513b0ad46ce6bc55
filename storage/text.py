"""What happens to words at the border of the history: cleaned before they are stored, folded to be found."""

from __future__ import annotations

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD, one for one, so that offsets stay what they were.

    PostgreSQL refuses the first and no encoder takes the second: a single such character would lose a message.
    """
    return _UNSTORABLE.sub(REPLACEMENT, text)


def fold(text: str) -> str:
    """Bring text to compatibility form without case, so that a search finds ``ÄRGER`` when asked for ``ärger``.

    Composed once more at the end, because casefolding can take apart what NFKC had joined.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean(text)).casefold())


def escaped(text: str) -> str:
    """Write the three characters that are Slack's notation as Slack does."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Read Slack's three escapes as what they stand for, as far as a text holds any."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def pattern_of(word: str) -> str:
    r"""Make a LIKE pattern that finds a folded word anywhere and takes ``%`` and ``_`` as themselves (escape ``\``)."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"

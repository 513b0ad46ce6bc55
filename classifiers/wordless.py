"""Tell texts in which nobody says anything: links, mentions, names of emoji, code, single letters. Pure."""

from __future__ import annotations

import re

CODE_FROM = 0.15
"""The share of signs of code, of what is not blank, from which a text is code; no problem of the corpus has 0.08."""

MARKED_CODE_FROM = 0.05
"""The same for a text that is marked as code from end to end; people mark quotations so, too."""

KINDS = 3
"""Of so many kinds code has its signs at least, brackets of a pair being one: "still no layers :((" has one."""

_POINTED_TO = re.compile(
    r"<(?:https?|mailto):[^<>\s|]*(?:\|[^<>\n]*)?>|https?://\S+"  # links, with the label that Slack or a person gave
    r"|<[@#!][^<>\s]*>|:[a-z0-9_+-]+:"  # people, channels and groups; emoji
)
_SIGN_OF_CODE = re.compile(r"[{}()\[\];=+|\\^&$]")
_PAIRS = str.maketrans(")]}", "([{")
_SEEN = re.compile(r"\S")
_WORD = re.compile(r"[^\W\d_]{2}|[^\W\d_\x00-\x7f]")


def says_nothing(text: str) -> bool:
    """Tell whether no words are left of a text but for links, mentions and emoji, or it is code; time is linear.

    A letter alone is no word, save in a script where it may be one.
    """
    said = _POINTED_TO.sub(" ", text).strip()
    return not _WORD.search(said) or _is_code(said)


def _is_code(said: str) -> bool:
    signs, seen = _SIGN_OF_CODE.findall(said), len(_SEEN.findall(said))
    if said[0] == said[-1] == "`":
        return len(signs) >= MARKED_CODE_FROM * seen
    kinds = set("".join(signs).translate(_PAIRS))
    return len(signs) >= CODE_FROM * seen and len(kinds) >= KINDS

"""Text for Slack: what people wrote becomes text that cannot ping, link or format.

Slack's own notation is read here once. A text that came from Slack carries entities (``<@U…>``) and escapes
(``&lt;``); ``readable`` turns both into the characters that a reader would see, ``escape`` turns characters
into what may be sent. Put a quote into a text object with ``verbatim`` set, so that Slack links nothing in it.
"""

from __future__ import annotations

import re

ELLIPSIS = "…"
_WORD_JOINER = "\N{WORD JOINER}"

_ENTITY = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_ESCAPED = re.compile(r"&(?:amp|lt|gt);|<[^<>]*>")
_MENTION = re.compile(r"&lt;@([A-Za-z0-9_-]+)&gt;")
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_LOOSE_MARK = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_LOOK_ALIKES = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "_": "\N{MODIFIER LETTER LOW MACRON}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)


def escape(text: str) -> str:
    """Escape the three characters that Slack reads as notation."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def readable(text: str) -> str:
    """Return a Slack text as a person reads it: entities by their names, escapes undone; not escaped.

    ``<@U1|ann>`` becomes ``@ann``, ``<#C1|general>`` ``#general``, ``<!channel>`` ``@channel``,
    ``<https://x|label>`` ``label``. Text without notation stays as it is.
    """
    named = _ENTITY.sub(_name_of, text)
    return named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shorten(text: str, limit: int) -> str:
    """Cut to at most ``limit`` code points, ellipsis included; never inside an escape or an entity."""
    if len(text) <= limit:
        return text
    cut = limit - len(ELLIPSIS)
    for match in _ESCAPED.finditer(text, 0, len(text)):
        if match.start() < cut < match.end():
            cut = match.start()
            break
        if match.start() >= cut:
            break
    return text[:cut].rstrip() + ELLIPSIS


def quote(text: str, limit: int) -> str:
    """Render somebody's words, kept in Slack's notation, on one line for a mrkdwn text, as ``calmed`` does."""
    return calmed(" ".join(readable(text).split()), limit)


def calmed(text: str, limit: int) -> str:
    """Render a text that a person could read for a mrkdwn text, at most ``limit`` code points of it.

    The result is escaped and cannot ping, link or format: marks that would open or close a format become
    look-alikes, those inside a word (``snake_case``) stay.
    """
    return shorten(escape(_defused(text)), limit)


def sentence(text: str) -> str:
    """Escape a sentence of ours, in which people may be mentioned and somebody's words be repeated."""
    return _MENTION.sub(r"<@\1>", escape(text))


def without_mentions(text: str) -> str:
    """Make plain text of a sentence, for places where Slack shows no names."""
    return readable(re.sub(r"<@[A-Za-z0-9_-]+>", "a colleague", text))


def _defused(text: str) -> str:
    calm = _BROADCAST.sub("@" + _WORD_JOINER, text).replace("`", _LOOK_ALIKES[ord("`")])
    return _LOOSE_MARK.sub(lambda mark: mark[0].translate(_LOOK_ALIKES), calm)


def _name_of(entity: re.Match[str]) -> str:
    sign, target, label = entity["sign"], entity["target"], entity["label"]
    if sign == "!":
        return label or "@" + target.split("^", 1)[0]
    if sign:
        return sign + (label or target).removeprefix(sign)
    if _is_link(target):
        return label or target.removeprefix("mailto:")
    return entity[0]


def _is_link(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:\S", target, re.IGNORECASE) is not None

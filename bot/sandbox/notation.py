"""Slack's notation as styled terminal text: bold, italics, struck out, code, quotes, mentions and links."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.text import Text

_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(\S(?:[^\n]*?\S)?)\1(?![\w*_~`])")
_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "cyan"}
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
Namer = Callable[[str], str]
"""Gives the name behind an id of a person or channel."""


def styled(text: str, name: Namer) -> Text:
    """Render mrkdwn; nothing in it can reach the terminal as a control sequence."""
    result = Text()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        is_quote = line.startswith(("> ", "&gt; "))
        shown = _named(line.partition(" ")[2] if is_quote else line, name)
        result.append("▏ " if is_quote else "", style="dim")
        result.append_text(_marked(shown))
        result.append("\n" if number + 1 < len(lines) else "")
    return result


def plain(text: str, name: Namer) -> str:
    """Render text that has entities but no marks."""
    return _printable(_unescaped(_named(text, name)))


def _marked(line: str) -> Text:
    result = Text()
    end = 0
    for mark in _MARKS.finditer(line):
        result.append(_printable(_unescaped(line[end : mark.start()])))
        inner = _marked(mark[2]) if mark[1] != "`" else Text(_printable(_unescaped(mark[2])))
        inner.stylize(_STYLES[mark[1]])
        result.append_text(inner)
        end = mark.end()
    result.append(_printable(_unescaped(line[end:])))
    return result


def _named(text: str, name: Namer) -> str:
    def show(entity: re.Match[str]) -> str:
        sign, target, label = entity.groups()
        if sign == "!":
            return f"@{target}"
        if sign:
            return f"{sign}{name(target)}"
        return label or target

    return _ENTITY.sub(show, text)


def _unescaped(text: str) -> str:
    for escaped, character in _ESCAPES:
        text = text.replace(escaped, character)
    return text


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable() or character == "\n")

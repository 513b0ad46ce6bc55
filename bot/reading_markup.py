"""The words of a cell that an export wrote as HTML: a ticket system's description, a form's rich answer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_KNOWN_TAG = re.compile(
    r"</?(?:p|div|br|span|ul|ol|li|b|i|u|em|strong|a|h[1-6]|table|tr|td|blockquote|pre|code)\b[^<>]*>", re.IGNORECASE
)
_LINES = frozenset(
    {"p", "div", "br", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "blockquote", "pre"}
)
_UNSEEN = frozenset({"script", "style"})


def without_markup(cell: str) -> str:
    """Return the words of a cell: of HTML what a browser would show, of everything else the cell as it is.

    Only a tag that exports write tells HTML: "<10 minutes" and "List<String>" are words.
    """
    if "<" not in cell or _KNOWN_TAG.search(cell) is None:
        return cell
    shown = _Shown()
    shown.feed(cell)
    shown.close()
    lines = (" ".join(line.split()) for line in "".join(shown.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Shown(HTMLParser):
    """Collect what is shown, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        self._unseen = tag in _UNSEEN
        if tag in _LINES:
            self.pieces.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = False
        if tag in _LINES:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # A line break in the source is a space on the page.
            self.pieces.append(data.replace("\n", " "))

"""Quotes and the spans where they stand: found exactly, compared by characters, trimmed to what carries meaning."""

from __future__ import annotations

import re
from typing import NamedTuple

from classifiers.vocabulary import Evidence

_MARKS_BEFORE = frozenset("*_~`>•◦▪-–—,;:.)]}”’»…/|")  # noqa: RUF001  the characters themselves are meant
_MARKS_AFTER = frozenset("*_~`•-–—,;:([{“‘«/|")  # noqa: RUF001  as above
_ESCAPES = ("&amp;", "&lt;", "&gt;")
"""Each is one character that Slack escapes, not a word with a semicolon after it."""
_FORMATS = frozenset("*_~`")
_EMOJI = re.compile(r"(?<!\w):[a-z0-9_+'-]{1,100}:\Z")
_EMOJI_FIRST = re.compile(r":[a-z0-9_+'-]{1,100}:(?=\s)")
_LONGEST_EMOJI = 102


ENOUGH_OVERLAP = 0.3
"""Share of characters (intersection over union) from which two quotes count as the same passage."""


class Span(NamedTuple):
    """Mark a half-open stretch of a text, in code points."""

    start: int
    end: int


def find_quote(text: str, quote: str) -> Evidence | None:
    """Locate a quote that stands in the text exactly; of several places the first.

    Return None when the words are not there or are blank: a quote that is almost there is no evidence.
    """
    start = text.find(quote) if quote.strip() else -1
    return Evidence(quote=quote, start=start, end=start + len(quote)) if start >= 0 else None


def evidence_at(text: str, span: Span) -> Evidence:
    """Make evidence of a span, trimmed. Raises ValueError when nothing but blanks and marks stands there."""
    start, end = trim(text, span)
    return Evidence(quote=text[start:end], start=start, end=end)


def trim(text: str, span: Span) -> Span:
    """Return the shortest span with the same words: no blanks, no mrkdwn marks and no loose punctuation around it."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in _MARKS_BEFORE):
        if _begins_word(text, start, end) or _opens(text, start, end):
            break
        start = _behind_emoji(text, start, end) if text[start] == ":" else start + 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _MARKS_AFTER):
        if text.endswith(_ESCAPES, start, end) or _closes(text, start, end):
            break
        end = _before_emoji(text, Span(start, end)) if text[end - 1] == ":" else end - 1
    return Span(start, end)


def _behind_emoji(text: str, start: int, end: int) -> int:
    """Return where the name of an emoji ends that begins a span before other words, else where its first colon does."""
    emoji = _EMOJI_FIRST.match(text, start, end)
    return emoji.end() if emoji and text[emoji.end() : end].strip() else start + 1


def _before_emoji(text: str, span: Span) -> int:
    """Return where the name of an emoji begins that ends a span, else where its last character does."""
    emoji = _EMOJI.search(text, max(span.start, span.end - _LONGEST_EMOJI), span.end)
    return emoji.start() if emoji else span.end - 1


def _begins_word(text: str, at: int, end: int) -> bool:
    """Tell whether the dot, star or slash there is of a word: ".NET", "*.csv", "/remind"."""
    is_first = at == 0 or text[at - 1].isspace()
    word = at + 2 if text.startswith("*.", at) else at + 1 if text[at] in "./" else end
    return is_first and word < end and text[word].isalnum()


def _opens(text: str, start: int, end: int) -> bool:
    """Tell whether a span begins with a mark of format that ends within it: "*Export* is slow", not "*It is slow*"."""
    before, mark, behind = text[start - 1 : start], text[start], text[start + 1 : start + 2]
    if mark not in _FORMATS or mark in (before, behind) or behind.isspace():  # a fence has three, a bullet a blank
        return False
    closing = text.find(mark, start + 2, end)
    is_within = closing >= 0 and text[closing + 1 : end].strip(" \n*_~`") != ""
    return is_within and not text[closing - 1].isspace()


def _closes(text: str, start: int, end: int) -> bool:
    """Tell whether a span ends with a mark of format that begins within it."""
    mark = text[end - 1]
    if mark not in _FORMATS or mark in (text[end - 2 : end - 1], text[end : end + 1]):
        return False
    opening = text.rfind(mark, start, end - 2)
    return opening >= 0 and not text[opening + 1].isspace()


def character_iou(one: Span, other: Span) -> float:
    """Return the share, 0 to 1, of the characters of either span that stand in both (intersection over union)."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    either = (one.end - one.start) + (other.end - other.start) - shared
    return shared / either if either else 0.0

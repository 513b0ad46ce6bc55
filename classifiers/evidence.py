"""Quotes and the spans where they stand: found exactly, compared by characters, trimmed to what carries meaning."""

from __future__ import annotations

from typing import NamedTuple

from classifiers.vocabulary import Evidence

_MARKS_BEFORE = frozenset("*_~`>•◦▪-–—,;:.)]}”’»…/|")  # noqa: RUF001  the characters themselves are meant
_MARKS_AFTER = frozenset("*_~`•-–—,;:([{“‘«/|")  # noqa: RUF001  as above
_ESCAPES = ("&amp;", "&lt;", "&gt;")
"""Each is one character that Slack escapes, not a word with a semicolon after it."""


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
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _MARKS_AFTER):
        if text.endswith(_ESCAPES, start, end):
            break
        end -= 1
    return Span(start, end)


def character_iou(one: Span, other: Span) -> float:
    """Return the share, 0 to 1, of the characters of either span that stand in both (intersection over union)."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    either = (one.end - one.start) + (other.end - other.start) - shared
    return shared / either if either else 0.0

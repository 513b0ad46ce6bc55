"""Split a message into sentences, bullets and quoted lines with exact offsets, in time linear in its length.

Each letter of a text stands in exactly one segment; between two segments there is only space, marks and numbering.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.evidence import Span
from classifiers.lines import SegmentKind, kinds_of, lines_of, spoken

LONGEST_SEGMENT = 400
"""Characters after which a passage without punctuation is cut at the next blank, or hard at twice that."""

_STOP = re.compile(r"[.!?…。！？]")  # noqa: RUF001  full-width stops are meant
# Slack writes & as &amp;, < as &lt; and > as &gt;: their semicolon parts nothing.
_CLAUSE = re.compile(
    r";(?<!&amp;)(?<!&lt;)(?<!&gt;)[ \t]|[–—](?<=[ \t].)[ \t]"
    r"|,[ \t](?=(?:but|yet|while|whereas|aber|mais|pero|mas)[ \t])"
)
_CLOSERS = frozenset("\"'”’»)]*_~")  # noqa: RUF001  as above
_WIDE_STOPS = frozenset("。！？")  # noqa: RUF001  as above
_LETTER = re.compile(r"[^\W\d_]")
_ABBREVIATIONS = frozenset(
    {"approx", "bzw", "ca", "dr", "e.g", "eg", "i.e", "ie", "inc", "jr", "ltd", "mr", "mrs", "ms", "nr", "prof", "vs"}
) | {"p.ex", "sra", "u.a", "z.b"}
_ENUMERATOR = re.compile(
    r"(?<![^\s,;:(])(?:(?:and|or|und|et|y|e)[ \t])?\(?(?P<number>\d{1,2})[.)][ \t](?=\S)", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d[.)][ \t]")
_LINK = re.compile(r"<(?:https?|mailto):[^<>\n]*>")
_INLINE_BULLET = re.compile(r"(?<=\s)[•◦▪][ \t]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold one passage and where it stands in its text."""

    span: Span
    kind: SegmentKind

    @property
    def speaks(self) -> bool:
        """Tell whether the passage can voice a problem."""
        return self.kind.speaks


def split_segments(text: str) -> list[Segment]:
    """Split a text into its passages, in order; one without letters has none."""
    lines = list(lines_of(text))
    return _segments(text, lines, kinds_of(text, lines))


def read_segments(text: str) -> tuple[str, list[Segment]]:
    """Return a text without its surroundings, and its passages; of these only what speaks is left in the text."""
    lines = list(lines_of(text))
    kinds = kinds_of(text, lines)
    return spoken(text, lines, kinds), _segments(text, lines, kinds)


def _segments(text: str, lines: Sequence[Span], kinds: Sequence[tuple[SegmentKind, int]]) -> list[Segment]:
    return [
        Segment(span, kind)
        for line, (kind, start) in zip(lines, kinds, strict=True)
        for span in _passages(text, line, start)
    ]


def _passages(text: str, line: Span, start: int) -> Iterator[Span]:
    for stop in (*_stops(text, line), line.end):
        for span in _cut_long(text, Span(start, max(start, stop))):
            if _LETTER.search(text, *span):
                yield span
        start = max(start, stop)


def _stops(text: str, line: Span) -> list[int]:
    ends = {_after_closers(text, mark, line.end) for mark in _sentence_marks(text, line)}
    ends |= {mark.end() for mark in _CLAUSE.finditer(text, *line)}
    ends |= {mark.start() for mark in _INLINE_BULLET.finditer(text, *line)}
    for first, last in _enumerators(text, line):
        behind = first if text[first].isalpha() else last  # "and 3." stays with its words, for it has a letter
        ends = {end for end in ends if not first < end < last} | {first, behind}
    return outside_links(text, line, sorted(ends))


def outside_links(text: str, span: Span, ends: Sequence[int]) -> list[int]:
    """Leave out the ends, in order, that fall into a link, whose label may say "Search is slow. Filters get lost"."""
    links = [link.span() for link in _LINK.finditer(text, *span)] if ends else []
    before = [bisect_left(links, (end, 0)) - 1 for end in ends]
    return [end for end, place in zip(ends, before, strict=True) if place < 0 or links[place][1] <= end]


def _enumerators(text: str, line: Span) -> list[Span]:
    """Find the numbers of a list within a line: "1." is one where "2." follows, and "takes 20." never."""
    found: list[Span] = []
    if not _NUMBERED.search(text, *line):
        return found
    for mark in _ENUMERATOR.finditer(text, *line):
        if int(mark["number"]) == len(found) + 1:
            found.append(Span(*mark.span()))
    return found if len(found) > 1 else []


def _sentence_marks(text: str, line: Span) -> Iterator[int]:
    for mark in _STOP.finditer(text, *line):
        if mark.group() in _WIDE_STOPS or (
            _ends_word(text, mark.end(), line.end) and not _abbreviates(text, mark, line)
        ):
            yield mark.end()


def _ends_word(text: str, at: int, end: int) -> bool:
    at = _after_closers(text, at, end)
    return at >= end or text[at].isspace()


def _after_closers(text: str, at: int, end: int) -> int:
    limit = min(end, at + 3)
    while at < limit and text[at] in _CLOSERS:
        at += 1
    return at


def _abbreviates(text: str, mark: re.Match[str], line: Span) -> bool:
    """Tell whether the stop closes a short form ("Dr.", "J.") and not a sentence."""
    if mark.group() != ".":
        return False
    before = text[max(line.start, mark.start() - 12) : mark.start()].split()
    word = before[-1].lstrip("(\"'").casefold() if before else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _cut_long(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > 2 * LONGEST_SEGMENT:
        blank = text.find(" ", start + LONGEST_SEGMENT, start + 2 * LONGEST_SEGMENT)
        cut = blank if blank >= 0 else start + 2 * LONGEST_SEGMENT
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)

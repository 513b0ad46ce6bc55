"""Split a message into sentences, bullets and quoted lines with exact offsets, in time linear in its length.

Each letter of a text stands in exactly one segment; between two segments there is only space, marks and numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from classifiers.evidence import Span

LONGEST_SEGMENT = 400
"""Characters after which a passage without punctuation is cut at the next blank, or hard at twice that."""

_LINE_END = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_BULLET = re.compile(r"[ \t]{0,40}(?:[-*•◦▪–—][ \t]|\d{1,3}[.)][ \t])")
_QUOTED = re.compile(r"[ \t]{0,40}(?:>|&gt;)+[ \t]?")
_STOP = re.compile(r"[.!?…]|[。！？]")  # noqa: RUF001  full-width stops are meant
# Slack writes & as &amp;, < as &lt; and > as &gt;: their semicolon parts nothing.
_CLAUSE = re.compile(
    r"(?<!&amp)(?<!&lt)(?<!&gt);[ \t]|[ \t][–—][ \t]|,[ \t](?=(?:but|yet|while|whereas|aber|mais|pero|mas)[ \t])"
)
_CLOSERS = frozenset("\"'”’»)]*_~")  # noqa: RUF001  as above
_WIDE_STOPS = frozenset("。！？")  # noqa: RUF001  as above
_LETTER = re.compile(r"[^\W\d_]")
_ABBREVIATIONS = frozenset(
    {"approx", "bzw", "ca", "dr", "e.g", "eg", "i.e", "ie", "inc", "jr", "ltd", "mr", "mrs", "ms", "nr", "prof", "vs"}
) | {"p.ex", "sra", "u.a", "z.b"}
_SHORT_LINE = 60
_SIGNATURE_LINES = 6
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten \w+|bonjour|hola|ol[áa])\b"
    r"[^.!?:;]{0,40}[,!:]?$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:-- ?|(?i:(?:(?:kind|best|warm|many) )?(?:regards|thanks|wishes)|thank you|thx|cheers|sincerely|yours|best"
    r"|viele grüße|mit freundlichen grüßen|cordialement|saludos|atenciosamente))"
    r"[,.!]{0,3}(?: {0,2}[A-Z][\w.'-]{0,20}){0,4}$"
    r"|(?i:(?:sent (?:from|via)|get outlook for|gesendet von|von meinem|envoyé de|enviado (?:desde|do)) .{1,40})$"
)


class SegmentKind(StrEnum):
    """Say what part of a message a segment is; only the first three can voice a problem."""

    SENTENCE = "sentence"
    BULLET = "bullet"
    QUOTED = "quoted"
    GREETING = "greeting"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold one passage and where it stands in its text."""

    span: Span
    kind: SegmentKind

    @property
    def speaks(self) -> bool:
        """Tell whether the passage can voice a problem; a greeting and a signature cannot."""
        return self.kind not in {SegmentKind.GREETING, SegmentKind.SIGNATURE}


def split_segments(text: str) -> list[Segment]:
    """Split a text into its passages, in order; one without letters has none."""
    found: list[Segment] = []
    lines = list(_lines(text))
    signature = _signature_start(text, lines)
    for number, line in enumerate(lines):
        kind, start = _line_kind(text, line)
        if number >= signature:
            kind = SegmentKind.SIGNATURE
        elif not found and _short(line) and _GREETING.match(_words(text, line)):
            kind = SegmentKind.GREETING
        found += [Segment(span, kind) for span in _passages(text, Span(start, line.end))]
    return found


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for end in _LINE_END.finditer(text):
        yield Span(start, end.start())
        start = end.end()
    yield Span(start, len(text))


def _signature_start(text: str, lines: Sequence[Span]) -> int:
    """Return the number of the line that signs off; one past the last line when none does.

    A signature is short and ends the message: what follows a "thanks" in the middle of a thread still speaks.
    """
    for number in range(len(lines) - 1, max(len(lines) - 1 - _SIGNATURE_LINES, 0), -1):
        if not _short(lines[number]):
            break
        if _SIGN_OFF.match(_words(text, lines[number])):
            return number
    return len(lines)


def _short(line: Span) -> bool:
    return line.end - line.start <= _SHORT_LINE


def _words(text: str, line: Span) -> str:
    return text[line.start : line.end].strip(" \t*_")


def _line_kind(text: str, line: Span) -> tuple[SegmentKind, int]:
    for pattern, kind in ((_QUOTED, SegmentKind.QUOTED), (_BULLET, SegmentKind.BULLET)):
        mark = pattern.match(text, line.start, line.end)
        if mark:
            return kind, mark.end()
    return SegmentKind.SENTENCE, line.start


def _passages(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    for stop in (*_stops(text, line), line.end):
        for span in _cut_long(text, Span(start, stop)):
            if _LETTER.search(text, *span):
                yield span
        start = stop


def _stops(text: str, line: Span) -> list[int]:
    ends = {_after_closers(text, mark, line.end) for mark in _sentence_marks(text, line)}
    ends |= {mark.end() for mark in _CLAUSE.finditer(text, *line)}
    return sorted(ends)


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

"""Cut passages into clauses, the candidates for quotes, and clauses into the parts that conjunctions join."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from classifiers.evidence import Span
from classifiers.segments import Segment, outside_links

_BETWEEN = re.compile(
    r"(?<![^\s(\[])[\"“„«»](?:[^\s\"“”„«»]{1,30} ){0,3}[^\s\"“”„«»]{1,30}[\"”“»«]"  # a few words in marks are a name
    r"|(?P<end>:[ \t]|[\"“”„»«](?=\s|$)|(?<=\s)(?=[\"“”„»«]))"
)
_MARK = re.compile(r"[:\"“”„«»]")
_CONJUNCTION = re.compile(r"(?:and|but|plus|while|und|aber|et|mais|y|pero|e|mas|en|ma)[ \t]")
_JOINED = re.compile(rf"(?P<end>,[ \t]|[ \t](?={_CONJUNCTION.pattern}))")
_WORD = re.compile(r"[^\W_]")


def clauses_of(text: str, segments: Sequence[Segment]) -> list[Span]:
    """Cut the segments that can voice a problem (all of them, when none can) at colons and quotation marks."""
    speaking = [segment for segment in segments if segment.speaks] or segments
    return [clause for segment in speaking for clause in _clauses(text, segment.span)]


def _clauses(text: str, span: Span) -> Iterable[Span]:
    return _cut(text, span, _BETWEEN) if _MARK.search(text, *span) else (span,)  # most have none, and this is quick


def split_parts(text: str, clause: Span) -> list[Span]:
    """Cut a clause at commas and conjunctions, which begin no part; parts without a word are left out."""
    return [_without_conjunction(text, part) for part in _cut(text, clause, _JOINED)]


def _without_conjunction(text: str, part: Span) -> Span:
    joint = _CONJUNCTION.match(text, *part)
    return Span(joint.end(), part.end) if joint and _WORD.search(text, joint.end(), part.end) else part


def _cut(text: str, span: Span, between: re.Pattern[str]) -> Iterator[Span]:
    start = span.start
    ends = [mark.end("end") for mark in between.finditer(text, *span) if mark["end"] is not None]
    for end in (*outside_links(text, span, ends), span.end):
        if _WORD.search(text, start, end):
            yield Span(start, end)
        start = end

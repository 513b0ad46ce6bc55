"""Tell of each line of a message what it is: words, a bullet, a quotation, or what mail and chat put around words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from classifiers.evidence import Span
from classifiers.mail_lines import (
    begins_original,
    begins_passed_on,
    greets,
    heading_of,
    lines_of_notices,
    names_speaker,
    rules,
    says_who_wrote,
    signs_off,
)

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BULLET = re.compile(
    r"[ \t]{0,40}(?:[-*•◦▪–—][ \t]|\(?\d{1,3}[.)][ \t]|\d{1,2}(?:\.\d{1,3}){1,3}\.?[ \t](?=[A-Z][a-z]))"
)
QUOTED = re.compile(r"[ \t]{0,40}(?:>|&gt;)+[ \t]?")
LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"(?:\S+\s+){3}.*[.!?]$")
_POSTSCRIPT = re.compile(r"p\.? ?s\b", re.IGNORECASE)
_WIDE_STOPS = frozenset("。！？")  # noqa: RUF001  full-width stops are meant
_OF_TITLES = frozenset({"and", "for", "our", "the", "user"})
_RUNNING = 4
"""Words in lower case from which up a line is no name, title or address."""
_SHORT_LINE = 60
_SHORT_GREETING = 120
_SIGNATURE_LINES = 8


class SegmentKind(StrEnum):
    """Say what part of a message a segment is; only the first three can voice a problem."""

    SENTENCE = "sentence"
    BULLET = "bullet"
    QUOTED = "quoted"
    GREETING = "greeting"
    HEADING = "heading"
    SIGNATURE = "signature"

    @property
    def speaks(self) -> bool:
        """Tell whether it can voice a problem; what mail and chat put around words cannot."""
        return self in {SegmentKind.SENTENCE, SegmentKind.BULLET, SegmentKind.QUOTED}


def lines_of(text: str) -> Iterator[Span]:
    """Yield where each line stands, without its end."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield Span(start, end.start())
        start = end.end()
    yield Span(start, len(text))


def kinds_of(text: str, lines: Sequence[Span]) -> list[tuple[SegmentKind, int]]:
    """Tell of each line its kind, and where its words begin, behind a bullet or a mark of quotation."""
    told = [_kind(text, line) for line in lines]
    bare = [stripped(text, start, line.end) for line, (_, start) in zip(lines, told, strict=True)]
    notices, headings = lines_of_notices(bare), _headings(bare)
    signature = _signature_start(bare, [kind for kind, _ in told], notices)
    nothing_said = True
    for number, (line, words) in enumerate(zip(lines, bare, strict=True)):
        if number >= signature or number in notices:
            told[number] = (SegmentKind.SIGNATURE, line.start)
        elif number in headings:
            told[number] = _heading(text, line, words)
            nothing_said = True
        elif rules(text[slice(*line)]):
            told[number] = (SegmentKind.HEADING, line.start)
        elif nothing_said and len(words) <= _SHORT_GREETING and greets(words):
            told[number] = (SegmentKind.GREETING, line.start)
        elif LETTER.search(words):
            nothing_said = False
    return told


def without_surroundings(text: str) -> str:
    """Blank greetings, headings, signatures and notices, which would speak beside what people say.

    Every other character keeps its place. Where nothing else would be left, nothing is blanked.
    """
    lines = list(lines_of(text))
    return spoken(text, lines, kinds_of(text, lines))


def spoken(text: str, lines: Sequence[Span], kinds: Sequence[tuple[SegmentKind, int]]) -> str:
    """Blank the same of a text of which lines and kinds are known."""
    if len(lines) == 1:
        return text
    kept, end = [], 0
    for line, (kind, start) in zip(lines, kinds, strict=True):
        words = text[start if kind is SegmentKind.SENTENCE else line.start : line.end] if kind.speaks else ""
        kept += [text[end : line.start], words.rjust(line.end - line.start)]
        end = line.end
    blanked = "".join(kept)
    return blanked if LETTER.search(blanked) else text


def stripped(text: str, start: int, end: int) -> str:
    """Return a line without the blanks and marks around it."""
    return text[start:end].strip(" \t*_")


def _kind(text: str, line: Span) -> tuple[SegmentKind, int]:
    for pattern, kind in ((QUOTED, SegmentKind.QUOTED), (_BULLET, SegmentKind.BULLET)):
        mark = pattern.match(text, line.start, line.end)
        if mark:
            return kind, mark.end()
    return SegmentKind.SENTENCE, line.start


def _headings(bare: Sequence[str]) -> set[int]:
    """Return the numbers of the lines that say who speaks, to whom and when."""
    found: set[int] = set()
    for number, words in enumerate(bare):
        if begins_passed_on(words) or begins_original(words):
            found.add(number)
        found.update(range(number, number + max(says_who_wrote(bare, number), names_speaker(bare, number))))
    return found | _blocks(bare, found)


def _blocks(bare: Sequence[str], marks: Collection[int]) -> set[int]:
    """Return the numbers of lines in blocks of headings.

    What may be anybody's words ("from" and "to" alone) makes a block only below a line that marks an e-mail.
    """
    found: set[int] = set()
    block: list[int] = []
    for number in range(len(bare) + 1):
        heading = heading_of(bare[number]) if number < len(bare) else None
        if heading:
            block.append(number)
            continue
        read = [each for line in block if (each := heading_of(bare[line]))]
        is_mail = any(each.tells_mail for each in read) or (bool(block) and block[0] - 1 in marks)
        if is_mail and any(each.is_sender for each in read):
            found.update(block)
        block = []
    return found


def _heading(text: str, line: Span, words: str) -> tuple[SegmentKind, int]:
    """Tell a subject, which somebody worded, from the other headings."""
    heading = heading_of(words)
    if heading and heading.is_subject and heading.value:
        return SegmentKind.SENTENCE, text.index(":", line.start) + 1
    return SegmentKind.HEADING, line.start


def _signature_start(bare: Sequence[str], kinds: Sequence[SegmentKind], notices: set[int]) -> int:
    """Return the number of the line that signs off; one past the last line when none does.

    A signature is short and ends the message: what follows a "thanks" in the middle of a thread still speaks.
    """
    start, seen = len(bare), 0
    for number in range(len(bare) - 1, 0, -1):
        if number in notices or not bare[number]:
            continue
        seen += 1
        if signs_off(bare[number]):
            start = number
        elif seen > _SIGNATURE_LINES or _is_said(bare[number], kinds[number]):
            break
    return start


def _is_said(words: str, kind: SegmentKind) -> bool:
    """Tell words that somebody says from the lines of a signature."""
    is_sentence = kind is not SegmentKind.SENTENCE or words[-1] in ".!?"
    if len(words) > _SHORT_LINE or _POSTSCRIPT.match(words) or words[-1] in _WIDE_STOPS or _runs_on(words):
        return True
    return is_sentence and _SENTENCE.match(f"{words}.") is not None


def _runs_on(words: str) -> bool:
    """Tell words that people type without a stop, as in Slack, from "Head of Sales, EMEA" and "tel +49 30 1234"."""
    small = [word for word in words.split() if word.isalpha() and word.islower()]
    if words[0].islower():
        return len(small) >= _RUNNING
    content = [word for word in small if len(word) > len("to") and word not in _OF_TITLES]
    return len(content) >= _RUNNING and "," not in words

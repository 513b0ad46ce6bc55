"""The body of an e-mail: what its sender wrote, apart from signature, quoted history and what they passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classifiers.lines import SegmentKind
from classifiers.mail_lines import (
    begins_headings,
    begins_original,
    begins_passed_on,
    heading_of,
    lines_of_notices,
    says_who_wrote,
)
from classifiers.segments import split_segments

_QUOTED = re.compile(r"\s{0,8}>")
_SIGNATURE = re.compile(r"-- ?$")


@dataclass(frozen=True, slots=True)
class MailBody:
    """Hold the parts of a body; each is stripped, and may be empty."""

    own: str
    aside: str
    """Signature, notices, quoted history, and the headings of what was passed on."""
    passed_on: str = ""
    """The e-mail that the sender passed on, whole, without its headings."""
    passed_on_from: str | None = None


def split_mail(text: str, *, is_passed_on: bool) -> MailBody:
    """Split a body. With ``is_passed_on``, as its subject tells, a block of headings begins what was passed on.

    Words are never lost: where nothing of the sender's own is left, and nothing was passed on, all of it is own.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if _begins_passed_on(lines, number, is_passed_on=is_passed_on):
            return _passed_on(lines, number)
        if _begins_history(lines, number) or _SIGNATURE.match(line):
            return _never_empty(_apart(lines[:number], lines[number:]))
    return _never_empty(_apart(lines, []))


def _passed_on(lines: list[str], number: int) -> MailBody:
    start = number if heading_of(lines[number]) else number + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    end, sender = start, None
    while end < len(lines) and (heading := heading_of(lines[end])):
        sender = heading.value or sender if heading.is_sender else sender
        end += 1
    above = _apart(lines[:number], lines[number:end])
    body = "\n".join(lines[end:]).strip()
    return replace(above if body else _never_empty(above), passed_on=body, passed_on_from=sender)


def _apart(lines: list[str], history: list[str]) -> MailBody:
    noticed = lines_of_notices(lines)
    is_aside = [_QUOTED.match(line) is not None or number in noticed for number, line in enumerate(lines)]
    said = [line for line, aside in zip(lines, is_aside, strict=True) if not aside]
    beside = [line for line, aside in zip(lines, is_aside, strict=True) if aside]
    own, signature = _without_signature("\n".join(said).strip())
    return MailBody(own=own, aside="\n".join([*beside, signature, *history]).strip())


def _never_empty(body: MailBody) -> MailBody:
    return body if body.own else MailBody(own=body.aside, aside="")


def _without_signature(text: str) -> tuple[str, str]:
    starts = (segment.span.start for segment in split_segments(text) if segment.kind is SegmentKind.SIGNATURE)
    start = next(starts, len(text))
    start = text.rfind("\n", 0, start) + 1 if start < len(text) else start
    return text[:start].strip(), text[start:].strip()


def _begins_passed_on(lines: list[str], number: int, *, is_passed_on: bool) -> bool:
    return begins_passed_on(lines[number]) or (is_passed_on and begins_headings(lines, number))


def _begins_history(lines: list[str], number: int) -> bool:
    return begins_original(lines[number]) or begins_headings(lines, number) or says_who_wrote(lines, number) > 0

"""The body of an e-mail: what its sender wrote, apart from signature, quoted history and what they passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classifiers.segments import SegmentKind, split_segments

_WROTE = re.compile(
    r"(?:on|am|le|el|em|il|op)\b.{6,250}"
    r"(?:wrote|schrieb.{0,120}|a écrit|escribió|escreveu|ha scritto|schreef.{0,120})\s?:$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"-{2,}\s?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original)"
    r"\s?-{2,}$",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"(?:-{2,}\s?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado)\s?-{2,}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message transféré\s?:)$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\*?(?P<name>from|von|de|da|sent|date|gesendet|datum|envoyé|enviado|fecha|data|to|an|à|para|cc"
    r"|subject|betreff|objet|asunto|assunto|reply-to)\s?:\*?\s{0,4}(?P<value>.{0,300})$",
    re.IGNORECASE,
)
_SENDERS = frozenset({"from", "von", "de", "da"})
_RULER = re.compile(r"[_\-=*]{8,}$")
_QUOTED = re.compile(r"\s{0,8}>")
_SIGNATURE = re.compile(r"-- ?$")
_NOTICE = re.compile(
    r"\W{0,5}(?:this (?:e-?mail|message|communication)(?:,| and| is| contains| may| originated)"
    r"|the (?:information|contents?) (?:contained )?(?:in|of) this|(?:confidentiality )?(?:notice|disclaimer)\s?:"
    r"|(?:caution|warning|external(?: e-?mail| sender)?)\s?[:\]]|vertraulichkeitshinweis"
    r"|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail)|este (?:mensaje|correo)|questa e-?mail)",
    re.IGNORECASE,
)
_NOTICE_HOLDS = re.compile(
    r"confidential|privileged|intended (?:only|solely|recipient)|(?:from|of) (?:an )?(?:outside|external)"
    r"|vertraulich|confidentiel|confidencial|riservat",
    re.IGNORECASE,
)
_HEADINGS_AT_LEAST = 3
_LONGEST_LINE = 400


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
    start = number if _is_heading(lines[number]) else number + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    end, sender = start, None
    while end < len(lines) and (heading := _HEADING.match(_short(lines[end]))):
        sender = heading["value"].strip() or sender if heading["name"].lower() in _SENDERS else sender
        end += 1
    above = _apart(lines[:number], lines[number:end])
    body = "\n".join(lines[end:]).strip()
    return replace(above if body else _never_empty(above), passed_on=body, passed_on_from=sender)


def _apart(lines: list[str], history: list[str]) -> MailBody:
    noticed = _lines_of_notices(lines)
    is_aside = [_QUOTED.match(line) is not None or number in noticed for number, line in enumerate(lines)]
    said = [line for line, aside in zip(lines, is_aside, strict=True) if not aside]
    beside = [line for line, aside in zip(lines, is_aside, strict=True) if aside]
    own, signature = _without_signature("\n".join(said).strip())
    return MailBody(own=own, aside="\n".join([*beside, signature, *history]).strip())


def _lines_of_notices(lines: list[str]) -> set[int]:
    """Find the lines of paragraphs that no sender typed: for whom an e-mail is, or that it came from outside."""
    noticed: set[int] = set()
    start = 0
    for end, line in enumerate([*lines, ""]):
        if line.strip():
            continue
        if _NOTICE.match(lines[start] if start < end else "") and _NOTICE_HOLDS.search(" ".join(lines[start:end])):
            noticed.update(range(start, end))
        start = end + 1
    return noticed


def _never_empty(body: MailBody) -> MailBody:
    return body if body.own else MailBody(own=body.aside, aside="")


def _without_signature(text: str) -> tuple[str, str]:
    starts = (segment.span.start for segment in split_segments(text) if segment.kind is SegmentKind.SIGNATURE)
    start = next(starts, len(text))
    start = text.rfind("\n", 0, start) + 1 if start < len(text) else start
    return text[:start].strip(), text[start:].strip()


def _begins_passed_on(lines: list[str], number: int, *, is_passed_on: bool) -> bool:
    line = _short(lines[number])
    return _PASSED_ON.match(line) is not None or (is_passed_on and _begins_headings(lines, number))


def _begins_history(lines: list[str], number: int) -> bool:
    line = _short(lines[number])
    if _ORIGINAL.match(line) or _begins_headings(lines, number):
        return True
    following = _short(lines[number + 1]) if number + 1 < len(lines) else ""
    return _WROTE.match(line) is not None or (line != "" and _WROTE.match(f"{line} {following}") is not None)


def _begins_headings(lines: list[str], number: int) -> bool:
    if _RULER.match(_short(lines[number])):
        number += 1
    first = _HEADING.match(_short(lines[number])) if number < len(lines) else None
    if not first or first["name"].lower() not in _SENDERS:
        return False
    near = lines[number : number + 6]
    return sum(_is_heading(line) for line in near) >= _HEADINGS_AT_LEAST


def _is_heading(line: str) -> bool:
    return _HEADING.match(_short(line)) is not None


def _short(line: str) -> str:
    return line.strip() if len(line) <= _LONGEST_LINE else ""

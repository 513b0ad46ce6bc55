"""Know the lines that mail and chat put around what people say: greetings, headings, notices, who wrote when. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LINE = 400
"""Characters from which up a line is somebody's words, whatever it begins with."""

_HEADINGS_AT_LEAST = 3
_HEADINGS_NEAR = 6

_GREETED = (
    r"(?:all|both|everyone|everybody|folks?|gang|guys|people|team|support|there|again|from|at|and|und|et|alle|zusammen"
    r"|todos|equipo|(?-i:[^\W\d_a-z])[\w'\u2019-]*)"
)
"""A word behind a greeting: one by which many are called, or a name, which begins with a capital."""
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten \w+|bonjour|hola|ol[áa])\b"
    rf"(?:(?: [\w@'\u2019-]{{1,20}}|(?:,? {_GREETED}\b){{0,5}})[ ,.!]{{0,3}}"
    # Where other words follow, its end tells: a problem ends neither so.
    r"|(?: [\w'\u2019-]{1,20}){1,4},"
    r"|[^.!?:;]{0,40}:)"
    # And a wish, which is no request: "hope you are well", not "hope you can mend it".
    r"(?: {0,3}(?:i |we )?(?:hope|trust)(?:ing)? (?:you|this|all|everyone|everything)"
    r"(?:['\u2019](?:re|s)|(?: all| both)? (?:are|is|had|have|has|enjoyed|well|finds?|found|goes))\b"
    r"[^.!?:;]{0,60}[.!]?)?$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:-- ?|(?i:(?:(?:kind|kindest|best|warm|many|with) ){0,2}(?:regards|thanks|wishes)|thank you|thx|ta|cheers"
    r"|sincerely|yours(?: (?:sincerely|faithfully|truly))?|best|all the best|cordially|respectfully|take care"
    r"|(?:viele|liebe|beste|schöne) grüße|mit (?:freundlichen|besten|lieben|herzlichen) grüßen|cordialement|bien à vous"
    r"|(?:un )?saludos?|atenciosamente|abraços))"
    r"(?:[,.!]{1,3} {0,2}| {1,2}|$)(?:[A-Z][\w.'-]{0,20}(?: {1,2}|$)){0,4}$"
    r"|(?i:(?:sent (?:from|via)|get outlook for|gesendet von|von meinem|envoyé de|enviado (?:desde|do)) .{1,40})$"
)
_WROTE = re.compile(
    r"(?:on|am|le|el|em|il|op)\b.{6,250}"
    r"(?:wrote|schrieb.{0,120}|a écrit|escribió|escreveu|ha scritto|schreef.{0,120})\s?:$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
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
_SUBJECTS = frozenset({"subject", "betreff", "objet", "asunto", "assunto"})
_DATES = frozenset({"sent", "date", "gesendet", "datum", "envoyé", "enviado", "fecha", "data"})
_RULER = re.compile(r"(?:[_\-=*~#\u2500-\u257f]\s?){8,}$")
_NOTICE = re.compile(
    r"\W{0,5}(?:this (?:e-?mail|message|communication)(?:,| and| is| contains| may| originated)"
    r"|the (?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message|communication|transmission)\b"
    r"|(?:confidentiality )?(?:notice|disclaimer)\s?:|vertraulichkeitshinweis"
    r"|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail)|este (?:mensaje|correo)|questa e-?mail)",
    re.IGNORECASE,
)
_NOTICE_HOLDS = re.compile(
    r"confidential\b(?! feedback)|privileged|intended (?:only|solely|recipient)"
    r"|(?:from|of) (?:an )?(?:outside|external)|vertraulich|confidentiel|confidencial|riservat",
    re.IGNORECASE,
)
_FROM_OUTSIDE = re.compile(
    r"\W{0,5}(?:external(?: e-?mail| sender)?\s?[:\]]|(?:caution|warning)\s?[:\]].{0,60}\b(?:e-?mail|message|sender)\b)"
    r".{0,200}(?:from|of) (?:an )?(?:outside|external)",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-z][\w.'-]{0,20}(?: [^\W\d_a-z(]?[(\w.')-]{1,20}){0,4}"
_TIME = r"\[?(?:(?:today|yesterday) at )?\d{1,2}:\d\d(?: ?[apAP][mM])?\]?"
_SPEAKER = re.compile(rf"{_NAME}(?:[ \t\u00a0]{{2,4}}|[ \t\u00a0]{{0,3}}(?=\[)){_TIME}$")
_SPEAKER_ALONE = re.compile(rf"{_NAME}$")
_TIME_ALONE = re.compile(rf"{_TIME}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold a line such as "From: Karen": what it names, in lower case, and the rest."""

    name: str
    value: str

    @property
    def is_sender(self) -> bool:
        """Tell whether it says who wrote."""
        return self.name in _SENDERS

    @property
    def is_subject(self) -> bool:
        """Tell whether its value is words that the sender chose."""
        return self.name in _SUBJECTS

    @property
    def tells_mail(self) -> bool:
        """Tell whether beside a sender it makes an e-mail: "from" and "to" alone may be anybody's words."""
        return self.is_subject or self.name in _DATES or "@" in self.value


def greets(line: str) -> bool:
    """Tell whether a line only says hello; a stripped line, as in all that follows."""
    return _GREETING.match(line) is not None


def signs_off(line: str) -> bool:
    """Tell whether a line takes leave, or is what a telephone adds."""
    return _SIGN_OFF.match(line) is not None


def names_speaker(lines: Sequence[str], number: int) -> int:
    """Return how many lines from here are the name and time above a message of a copied chat: 0, 1 or 2."""
    line = lines[number]
    if _SPEAKER.match(line):
        return 1
    following = lines[number + 1] if number + 1 < len(lines) else ""
    return 2 if _TIME_ALONE.match(following) and _SPEAKER_ALONE.match(line) else 0


def heading_of(line: str) -> Heading | None:
    """Read a line as a heading; a "To:" alone may be anybody's words."""
    found = _HEADING.match(_short(line))
    return Heading(found["name"].lower(), found["value"].strip()) if found else None


def begins_passed_on(line: str) -> bool:
    """Tell whether below a line stands an e-mail that was passed on."""
    return _PASSED_ON.match(_short(line)) is not None


def begins_original(line: str) -> bool:
    """Tell whether below a line stands the e-mail that is answered."""
    return _ORIGINAL.match(_short(line)) is not None


def says_who_wrote(lines: Sequence[str], number: int) -> int:
    """Return how many lines from here say who wrote what follows, and when: 0, 1 or 2, for programs break long ones."""
    line = _short(lines[number])
    if line.endswith(":") and _WROTE.match(line):
        return 1
    following = _short(lines[number + 1]) if number + 1 < len(lines) else ""
    is_broken = following.endswith(":") and _DIGIT.search(line) is not None and line[-1] not in ".!?"
    return 2 if is_broken and _WROTE.match(f"{line} {following}") else 0


def rules(line: str) -> bool:
    """Tell whether a line is a ruler, which says nothing."""
    return _RULER.match(_short(line)) is not None


def begins_headings(lines: Sequence[str], number: int) -> bool:
    """Tell whether a block of headings begins here, the sender first."""
    if rules(lines[number]):
        number += 1
    first = heading_of(lines[number]) if number < len(lines) else None
    if not first or not first.is_sender:
        return False
    near = lines[number : number + _HEADINGS_NEAR]
    return sum(heading_of(line) is not None for line in near) >= _HEADINGS_AT_LEAST


def lines_of_notices(lines: Sequence[str]) -> set[int]:
    """Find the lines of paragraphs that no sender typed: for whom an e-mail is, or that it came from outside."""
    noticed: set[int] = set()
    start = 0
    for end, line in enumerate([*lines, ""]):
        if line.strip():
            continue
        paragraph = " ".join(lines[start:end])
        if _FROM_OUTSIDE.match(paragraph) or (_NOTICE.match(paragraph) and _NOTICE_HOLDS.search(paragraph)):
            noticed.update(range(start, end))
        start = end + 1
    return noticed


def _short(line: str) -> str:
    return line.strip() if len(line) <= LONGEST_LINE else ""

"""Find what must not leave: addresses, numbers, keys and ids that lead to a person, an account or a door. Pure.

Rather too much than too little: what is masked by mistake costs the model a number, what is missed costs a secret.
Every pattern is bounded or starts at a border, so that time stays linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from classifiers.evidence import Span

_LUHN_LENGTHS = range(13, 20)
_IBAN_LENGTHS = range(15, 35)
_PHONE_LENGTHS = range(7, 31)
"""Two numbers in a row are as private as one."""
_LONG_NUMBER = 8
_LONG_KEY = 24


class Sensitive(NamedTuple):
    """Mark a stretch of a text that must not leave, and what it is."""

    kind: str
    span: Span


class _Rule(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool
    """Whether what the pattern found is of the kind, where a pattern cannot tell."""


def find_sensitive(text: str) -> list[Sensitive]:
    """List what must not leave, in order and apart from each other; where two overlap the earlier rule's stands.

    What is left of the later one is on the list too: a number that runs into a key is as private as one alone.
    """
    taken = bytearray(len(text))
    found = []
    for kind, span in _candidates(text):
        for free in _free(text, span, taken):
            taken[free.start : free.end] = b"\1" * (free.end - free.start)
            found.append(Sensitive(kind, free))
    return sorted(found, key=lambda sensitive: sensitive.span)


def _free(text: str, span: Span, taken: bytearray) -> Iterator[Span]:
    """Yield the parts of a stretch that are not taken, without the space around them.

    One without a letter or digit tells nothing, and neither does the name of a key whose words are taken.
    """
    for run in re.finditer(rb"\0+", taken[span.start : span.end]):
        start, end = span.start + run.start(), span.start + run.end()
        words = text[start:end].strip()
        if any(map(str.isalnum, words)) and _ONLY_NAME.fullmatch(words) is None:
            start += len(text[start:end]) - len(text[start:end].lstrip())
            yield Span(start, start + len(words))


def _candidates(text: str) -> Iterator[Sensitive]:
    plain = text.translate(_TYPED)
    for rule in _KNOWN:
        yield from _matches(rule, plain)
    yield from _ibans(plain)
    for rule in _LIKELY:
        yield from _matches(rule, plain)


def _matches(rule: _Rule, text: str) -> Iterator[Sensitive]:
    for match in rule.pattern.finditer(text):
        if rule.holds(match[1]):
            yield Sensitive(rule.kind, Span(*match.span(1)))


def _ibans(text: str) -> Iterator[Sensitive]:
    """Find account numbers by their check digits; words that follow are left off, group by group."""
    for match in _IBAN.finditer(text):
        for end in [match.end(), *(gap.start() for gap in reversed(list(re.finditer(" ", match[0]))))]:
            stop = end if end == match.end() else match.start() + end
            if _is_iban(text[match.start() : stop]):
                yield Sensitive("bank account", Span(match.start(), stop))
                break


def _digits(words: str) -> list[int]:
    return [int(character) for character in words if character.isdecimal()]


def _is_card(words: str) -> bool:
    digits = _digits(words)
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004  the two digits of a double are added
    return len(digits) in _LUHN_LENGTHS and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(words: str) -> bool:
    compact = "".join(words.split()).upper()
    if len(compact) not in _IBAN_LENGTHS or not compact.isascii():
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _is_phone(words: str) -> bool:
    """Tell a telephone number from a date and from a figure with a decimal point."""
    return len(_digits(words)) in _PHONE_LENGTHS and _DATE.fullmatch(words) is None and _FIGURE.fullmatch(words) is None


def _is_mixed(words: str) -> bool:
    """Tell a key from a long word or a name of several words."""
    return any(map(str.isdecimal, words)) and any(map(str.isalpha, words))


def _tells_secrets(url: str) -> bool:
    """Tell whether an address holds more than a place: a login, a query, a fragment, or a part nobody can guess."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return bool(
        "@" in parts.netloc
        or parts.query
        or parts.fragment
        or any(
            len(part) >= _LONG_KEY or (len(part) >= _LONG_NUMBER and _is_mixed(part)) for part in parts.path.split("/")
        )
    )


_BLANKS = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_DASHES = [*range(0x2010, 0x2016), 0x2212]
_TYPED = {**dict.fromkeys(_BLANKS, " "), **dict.fromkeys(_DASHES, "-")}
"""What pages and word processors put in the place of a typed blank or hyphen; one sign for one, so that places stay."""

_DATE = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?:\s+\d{1,2})?")
_FIGURE = re.compile(r"\d{1,2}(?:\.\d{3}){2}|\d{1,7}\.\d{1,2}")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{1,4}){3,8}\b")

_NAME = r"(?:pass(?:word|wd|code|phrase)?|pwd|secret|token|api[ _-]?key|access[ _-]?key|kennwort|passwort|mot de passe)"
_NAMED = _NAME + r"[\"'*_`]{0,2}\s{0,3}"
_AFTER_SIGN = r"[\s*_`]{0,3}[\"']?"
"""Names stand in quotes or in bold, and so do what they name."""
_KEY = r"([^\s\"',;<>]{4,})"
_ONE_WORD = r"([^\s\"',;<>]{4,200}+)"
_ENDS = (
    r"(?:[\"'](?!\w)|(?<=[.!?)`])\s"
    r"|[\"'*_`]{0,2}[^\S\n]{0,20}(?:$|[\n,;()\[\]{}|–—-]|[\w-]{1,20}[^\S\n]?[:=]))"
)
"""What a word that is a key has behind it: the end of its quotes, of the clause or line, or the next name, as in
"user: ann password: summer host: db". More words make it a sentence: "password: please send a link"."""
_ONLY_NAME = re.compile(rf"(?:[a-z]{{1,20}}[_-]){{0,3}}{_NAMED}[:=]", re.IGNORECASE)

_KNOWN = (
    _Rule(
        "secret key",
        re.compile(
            r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{1,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z))"
        ),
    ),
    _Rule("e-mail", re.compile(r"<(mailto:[^<>]{3,500})>")),
    _Rule("address", re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://[^\s<>|\"”]{3,})", re.IGNORECASE), _tells_secrets),
    _Rule("e-mail", re.compile(r"(?<![\w.+%'-])([\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})")),
    _Rule("person", re.compile(r"(<@[A-Z0-9]{3,30}(?:\|[^<>]{0,200})?>)")),
    _Rule("channel", re.compile(r"(<#[A-Z0-9]{3,30}(?:\|[^<>]{0,200})?>)")),
    _Rule("group", re.compile(r"(<!subteam\^[A-Z0-9]{3,30}(?:\|[^<>]{0,200})?>)")),
    _Rule("secret key", re.compile(r"\b(eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?)")),
    _Rule(
        "secret key",
        re.compile(r"\b((?:xox[a-z](?:\.xox[a-z])?|xapp|sk|rk|pk|glpat|shpat|npm|hf|dop_v1)[-_][\w-]{8,})"),
    ),
    _Rule("secret key", re.compile(r"\b((?:gh[a-z]|github_pat)_\w{10,})")),
    _Rule(
        "secret key",
        re.compile(r"\b((?:AKIA|ASIA|AROA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|SG\.[\w-]{10,}\.[\w-]{10,})"),
    ),
    _Rule("secret key", re.compile(r"\bBearer\s{1,3}([\w.~+/=-]{8,})", re.IGNORECASE)),
    _Rule("secret key", re.compile(r"\bAuthorization\W{1,5}Basic\s{1,3}([\w.~+/=-]{6,})", re.IGNORECASE)),
)
"""Known by how they begin; they go before the account numbers, the rest after, for a long mixed run would take one."""
_LIKELY = (
    _Rule("secret key", re.compile(rf"{_NAMED}(?:[:=]|\bis\b){_AFTER_SIGN}{_KEY}", re.IGNORECASE), _is_mixed),
    _Rule("secret key", re.compile(rf"{_NAMED}={_AFTER_SIGN}{_KEY}", re.IGNORECASE)),
    _Rule("secret key", re.compile(rf"{_NAMED}:{_AFTER_SIGN}{_ONE_WORD}(?={_ENDS})", re.IGNORECASE)),
    _Rule("secret key", re.compile(r"(?<![\w+/=-])([\w+/=-]{24,})"), _is_mixed),
    _Rule("Slack id", re.compile(r"\b([ABCDEFGSTUW][A-Z0-9]{8,14})\b"), _is_mixed),
    _Rule("card", re.compile(r"(?<![\w-])(\d(?:[ -]?\d){12,18})(?![\w-])"), _is_card),
    _Rule("phone", re.compile(r"(?<![\w+])((?:\+|00)\s?(?:\(?\d[\d()\s./-]{5,22}\d))(?!\w)"), _is_phone),
    _Rule("phone", re.compile(r"(?<![\w.,+])(\(?\d{1,5}\)?(?:[ ./-]{1,2}\(?\d{2,8}\)?){1,5})(?![\w,])"), _is_phone),
    _Rule("number", re.compile(r"(?<!\d)(\d(?:[ -]?\d){7,40})(?!\d)"), lambda words: _DATE.fullmatch(words) is None),
    _Rule("number", re.compile(r"(?<![\w-])(\d{2}-\d{2}-\d{2})(?![\w-])")),
)

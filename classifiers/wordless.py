"""Tell what nobody says: links, mentions, names of emoji, code, traces of errors, single letters, agreement. Pure."""

from __future__ import annotations

import re

CODE_FROM = 0.15
"""The share of signs of code, of what is not blank, from which a text is code; no problem of the corpus has 0.08."""

MARKED_CODE_FROM = 0.05
"""The same for a text that is marked as code from end to end; people mark quotations so, too."""

KINDS = 3
"""Of so many kinds code has its signs at least, brackets of a pair being one: "still no layers :((" has one."""

_POINTED_TO = re.compile(
    r"<(?:https?|mailto):[^<>\s|]*(?:\|[^<>\n]*)?>|https?://\S+"  # links, with the label that Slack or a person gave
    r"|<[@#!][^<>\s]*>|:[a-z0-9_+-]+:"  # people, channels and groups; emoji
)
_EMOTICON = re.compile(r"(?<!\w)[:;=]['-]?[()\[\]/|]+(?!\w)")
_SIGN_OF_CODE = re.compile(r"[{}()\[\];=+|\\^&]|\$(?![\d$\s])")  # a dollar before a number is money
_PAIRS = str.maketrans(")]}", "([{")
_FENCED = re.compile(r"```(?:\w+\n)?([^`]*)```")
_OF_MACHINES = re.compile(
    r"[{}\[\]=\\|]|;\s*$|\w\(|\w_\w|\w\.\w+[.(:]"  # brackets, calls, names of code
    r"|^(?:at \S+\(|File \"|(?:\$|SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|GET|POST|PUT|PATCH)\s)"
    r"|^[\w.-]+:\s*+\S*$"
    r"|^\[?\d{4}-\d\d-\d\d|\b(?:ERROR|WARN|INFO|DEBUG|TRACE|FATAL)\b"
)
_ERROR = r"(?:[\w.]++(?:(?<=Error)|(?<=Exception)).*+)"
_TRACE = re.compile(
    rf"(?:^{_ERROR}\n)?(?:^[ \t]*(?:at [^\s(]+\([^()\n]*\)|Traceback \(most recent call last\):|\.\.\. \d+ more"
    rf"|File \"[^\"\n]*\", line \d+.*(?:\n[ \t]{{4}}.*)?)[ \t]*(?:\n|\Z))+{_ERROR}?",
    re.MULTILINE,
)
_AGREES = re.compile(
    r"\W*(?:(?:\+1|same(?: here| for (?:us|me))?|me too|us too|this|agreed|seconded|bump)\b\W*){1,3}", re.IGNORECASE
)
_LONGEST_AGREEMENT = 40
_WORD = re.compile(r"[^\W\d_]{2}|[^\W\d_\x00-\x7f]")


def says_nothing(text: str) -> bool:
    """Tell whether no words are left of a text but for links, mentions and emoji, or it is code; time is linear.

    A letter alone is no word, save in a script where it may be one.
    """
    said = _POINTED_TO.sub(" ", text).strip()
    return not _WORD.search(said) or only_agrees(said) or _is_code(said)


def only_agrees(text: str) -> bool:
    """Tell whether a text only joins in what another said: "same here", "+1", "This ↑"."""
    said = text.strip()
    return len(said) <= _LONGEST_AGREEMENT and _AGREES.fullmatch(said) is not None


def without_code(text: str) -> str:
    """Blank fenced code and the lines of an error's trace, which would speak louder than what people say of them.

    Every other character keeps its place. A fence stays in which people are quoted: fewer than half of its lines look
    like a machine's.
    """
    return _TRACE.sub(_blank, _FENCED.sub(lambda found: _blank(found) if _is_of_machines(found[1]) else found[0], text))


def _is_of_machines(fenced: str) -> bool:
    lines = [line.strip() for line in fenced.splitlines() if line.strip()]
    return 2 * sum(_OF_MACHINES.search(line) is not None for line in lines) >= len(lines)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_code(said: str) -> bool:
    signs = _SIGN_OF_CODE.findall(_EMOTICON.sub(" ", said))
    if not signs:
        return False
    seen = sum(map(len, said.split()))
    if said[0] == said[-1] == "`":
        return len(signs) >= MARKED_CODE_FROM * seen
    kinds = set("".join(signs).translate(_PAIRS))
    return len(signs) >= CODE_FROM * seen and len(kinds) >= KINDS

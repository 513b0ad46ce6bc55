"""Find the roles that a text names: by the taxonomy's aliases, by job titles, by a team's own names.

Whether a persona is stated in the text or only typical of the need is decided here. A role that is named is not always
the one whose need it is (a clerk passes on an auditor's wish), so the name of a shipped persona is a sign and decides
nothing alone.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from classifiers.evidence import Span
from classifiers.vocabulary import UNKNOWN_PERSONA, Insight, Persona, PersonaEntry, Remarks

_WORD = re.compile(r"[^\W_]+")
_TEAM = r"(?:team|department|dept|people|folks|colleagues|group|lead|manager|head|officer|staff|guys)\b"
_ACTS = (
    r"(?:asks?|asked|says?|said|wants?|wanted|needs?|needed|insists?|demands?|requires?|blocked|blocks|refuses?"
    r"|will|won['’]?t|would|cannot|can['’]?t|has|have|is asking|keeps?|signs?|signed|rejected|flagged|came back|told)\b"  # noqa: RUF001  both apostrophes are meant
)

_APPOSED = re.compile(r"[\s,(–-]{1,4}(?:(?:the|our|their|its|a|an|my|head|chief|is)\s){0,3}", re.IGNORECASE)
_PERSON = re.compile(r"([^\W\d_a-z][^\W\d_]*[^\W\d_A-Z]),\s+(?:the|our|my|der|die|das|unsere?|le|la|el|o|a)\s")
"""The name of a team's own persona that begins with a person's: "Mary, the CFO", and not "Nurse, night shift"."""
_THINGS = r" (?:page|pages|panel|console|area|screen|portal|mode|string)\b"
"""What is named after people and is none: "the admin page", "the trainer mode"."""
_ADDRESSED = re.compile(
    r"(?:@|\b(?:hi|hello|hey|dear|thanks|thank you|thx|cc),? (?:[\w'’-]{1,20} (?:and|&|&amp;) )?"  # noqa: RUF001  meant
    r"|^(?:to|cc)\s?:[^:\n]*)\Z",
    re.IGNORECASE | re.MULTILINE,
)
"""What stands before whoever a message goes to, who need not be the one with the problem."""
_FAR = 60
_STOP = re.compile(r"[.!?](?=\s)|[\n\r]")
_LONGEST_SENTENCE = 400
_INITIALS = 2
"""Letters up to which a name counts only as it is written: "PM", "AM", "OR"."""

Named = tuple[Span, Persona]
"""Where a text names a role, and whose."""


class NamedRoles:
    """Find words that name a role, each with its persona."""

    def __init__(self, words: Mapping[str, Persona], teams: Mapping[str, Persona] | None = None) -> None:
        """Take what stands for whom, in any case: people, and teams, which count only where they act.

        A name of signs alone is found nowhere, for texts are full of them.
        """
        words = {name: persona for name, persona in words.items() if _WORD.search(name)}
        self._personas = {_plain(word): persona for word, persona in words.items()}
        self._teams = {_plain(word): persona for word, persona in (teams or {}).items()}
        people = rf"(?<!\w)(?P<person>{_either(words)})(?:e?s)?(?!\w)(?!{_THINGS})" if words else "(?!)"
        acting = rf"(?<!\w)(?P<team>{_either(teams)})(?='s |’s | {_TEAM}| {_ACTS})" if teams else "(?!)"  # noqa: RUF001  as above
        self._pattern = re.compile(f"{people}|{acting}", re.IGNORECASE)
        self._before = _before_first((*words, *(teams or ())))

    def find(self, text: str, window: Span | None = None) -> Iterator[Named]:
        """Yield where a text, or a window of it, names a role, and whose; time is linear."""
        if not self._before:
            return
        start, end = window or (0, len(text))
        for word in _WORD.finditer(text, start, end):
            for before in self._before.get(word.group().casefold(), ()):
                if word.start() - before < start:
                    continue  # it stands in the name that was found last, or before the window
                found = self._pattern.match(text, word.start() - before, end)
                persona = self._persona_of(found) if found else None
                if found and persona is not None:
                    start = found.end()
                    if not _ADDRESSED.search(text, max(0, found.start() - _FAR), found.start()):
                        yield Span(*found.span()), persona
                    break

    def _persona_of(self, found: re.Match[str]) -> Persona | None:
        if person := found["person"] if self._personas else None:
            return self._personas.get(_plain(person))
        team = found["team"]
        return None if team in {"it", "It"} else self._teams.get(_plain(team))


class AddedRoles:
    """Find a team's own personas by their names and aliases: of the roles that a text names, the nearest decides."""

    def __init__(self, added: Iterable[PersonaEntry]) -> None:
        """Take the personas that the team added."""
        entries = tuple(added)
        self._named = NamedRoles({words: entry.key for entry in entries for words in _names(entry.name, entry.aliases)})
        people = [found[1] for entry in entries if (found := _PERSON.match(entry.name))]
        short = [words for entry in entries for words in _names(entry.name, entry.aliases) if len(words) <= _INITIALS]
        self._written = {name.casefold(): name for name in people if name.casefold() in _names_and_words()}
        self._written |= {words.casefold(): words for words in short}
        self._plurals = {name.casefold() + ending for name in people for ending in ("s", "es")}

    def applied(
        self, text: str, window: Span, insights: Iterable[Insight], shipped: Iterable[Named]
    ) -> Iterator[Insight]:
        """Yield the insights of a window, each with the added persona that the window names nearest to its quote.

        Where a shipped role stands nearer, the insight stays as it is: "Mary asks about the price. The nurses wait."
        """
        added = [named for named in self._named.find(text, window) if self._is_meant(text, named[0])]
        if not added:
            yield from insights
            return
        others = [(span, None) for span, _ in shipped if not any(_is_of(text, span, own) for own, _ in added)]
        for insight in insights:
            yield _with_nearest(insight, [*added, *others])

    def _is_meant(self, text: str, span: Span) -> bool:
        """Tell a name from a word like it: "Bill, the controller" from "two bills", the alias "PM" from "3 pm".

        At the beginning of a sentence they look alike ("Will this be mended?"), and count as the name.
        """
        words = text[slice(*span)]
        word = words.casefold()
        if len(words) <= _INITIALS and text[max(0, span.start - 2) : span.start].rstrip(" ")[-1:].isdigit():
            return False
        return word not in self._plurals and words == self._written.get(word, words)


@cache
def shipped_roles() -> NamedRoles:
    """Read the titles that ship with Ballast."""
    tables = _tables()
    titles, teams = (
        {word: Persona(persona) for persona, words in tables[kind].items() for word in words}
        for kind in ("titles", "teams")
    )
    return NamedRoles(titles, teams)


@cache
def _names_and_words() -> frozenset[str]:
    return frozenset(_tables()["names"]["also_words"])


def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("classifiers").joinpath("titles.toml").read_text(encoding="utf-8"))


def named_around(text: str, quote: Span, named: Iterable[Named]) -> tuple[frozenset[Persona], frozenset[Persona]]:
    """Return whom the sentence of a quote names, of the roles that a text names, and whom the rest does."""
    start, end = _sentence(text, quote)
    places = list(named)
    near = frozenset(persona for span, persona in places if start <= span.start < end)
    return near, frozenset(persona for _, persona in places) - near


def with_stated(text: str, insight: Insight, named: Iterable[Named]) -> Insight:
    """Say of an insight whether its persona is named: in the sentence of its quote, else anywhere in what was read.

    ``named`` holds the roles of the text; an insight of which it is told already stays.
    """
    if insight.remarks.persona_stated is not None:
        return insight
    persona = insight.labels.persona
    near, far = named_around(text, Span(insight.evidence.start, insight.evidence.end), named)
    stated = persona != UNKNOWN_PERSONA and persona in (near or far)
    return replace(insight, remarks=replace(insight.remarks, persona_stated=stated))


def _sentence(text: str, quote: Span) -> Span:
    """Return where the sentences stand that a quote is of; a sentence ends at a stop or a line."""
    start, end = quote
    before = [mark.end() for mark in _STOP.finditer(text, max(0, start - _LONGEST_SENTENCE), start)]
    behind = _STOP.search(text, max(start, end - 1), end + _LONGEST_SENTENCE)
    return Span(before[-1] if before else max(0, start - _LONGEST_SENTENCE), behind.start() if behind else end)


def _is_of(text: str, span: Span, own: Span) -> bool:
    """Tell whether a shipped role is no other's: of a team's own name, or what such a one is, "Mary, our CFO"."""
    first, second = sorted((span, own))
    return first.end > second.start or _APPOSED.fullmatch(text, first.end, second.start) is not None


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _either(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first, with any blanks between them."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first)


def _before_first(names: Iterable[str]) -> dict[str, list[int]]:
    """Return for the first word of names, one or several of it, how many signs stand before it, the most first.

    Where a word of a text is among them, and only there, is it worth trying whether a whole name stands there.
    """
    before: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        if word := _WORD.search(" ".join(name.split())):
            for ending in ("", "s", "es"):
                before[word.group().casefold() + ending].add(word.start())
    return {word: sorted(counts, reverse=True) for word, counts in before.items()}


def _with_nearest(insight: Insight, places: Iterable[tuple[Span, Persona | None]]) -> Insight:
    quote = Span(insight.evidence.start, insight.evidence.end)
    _, persona = min(places, key=lambda place: _distance(place[0], quote))
    if persona is None:
        return insight
    return replace(insight, labels=replace(insight.labels, persona=persona), remarks=Remarks(persona_stated=True))


def _names(name: str, aliases: tuple[str, ...]) -> Iterator[str]:
    """Yield what a text may say for "Mary, the CFO": the whole name, the words before the comma, each alias."""
    yield from (words for words in (name, name.split(",", maxsplit=1)[0].strip(), *aliases) if words.strip())


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)

"""Find the roles that a text names: by the taxonomy's aliases, by job titles, by a team's own names.

Whether a persona is stated in the text or only typical of the need is decided here. A role that is named is not always
the one whose need it is (a clerk passes on an auditor's wish), so names of shipped personas decide no label.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
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


class NamedRoles:
    """Find words that name a role, each with its persona."""

    def __init__(self, words: Mapping[str, Persona], teams: Mapping[str, Persona] | None = None) -> None:
        """Take what stands for whom, in any case: people, and teams, which count only where they act."""
        self._personas = {word.casefold(): persona for word, persona in words.items()}
        self._teams = {word.casefold(): persona for word, persona in (teams or {}).items()}
        people = rf"(?<!\w)(?P<person>{_either(self._personas)})(?:e?s)?(?!\w)" if words else "(?!)"
        acting = rf"(?<!\w)(?P<team>{_either(self._teams)})(?='s |’s | {_TEAM}| {_ACTS})" if teams else "(?!)"  # noqa: RUF001  as above
        self._pattern = re.compile(f"{people}|{acting}", re.IGNORECASE)
        first = {_WORD.findall(words)[0] for words in (*self._personas, *self._teams) if _WORD.search(words)}
        self._first = {word + ending for word in first for ending in ("", "s", "es")}

    def find(self, text: str, window: Span | None = None) -> Iterator[tuple[Span, Persona]]:
        """Yield where a text, or a window of it, names a role, and whose; time is linear."""
        start, end = window or (0, len(text))
        for word in _WORD.finditer(text, start, end):
            if word.start() < start or word.group().casefold() not in self._first:
                continue  # much sooner told than whether a whole name stands here
            found = self._pattern.match(text, word.start(), end)
            persona = self._persona_of(found) if found else None
            if found and persona is not None:
                start = found.end()
                yield Span(*found.span()), persona

    def _persona_of(self, found: re.Match[str]) -> Persona | None:
        if person := found["person"] if self._personas else None:
            return self._personas.get(person.casefold())
        team = found["team"]
        return None if team in {"it", "It"} else self._teams.get(team.casefold())


class AddedRoles:
    """Find a team's own personas by their names and aliases: a role that the text names decides."""

    def __init__(self, added: Iterable[PersonaEntry]) -> None:
        """Take the personas that the team added."""
        self._named = NamedRoles({words: entry.key for entry in added for words in _names(entry.name, entry.aliases)})

    def applied(self, text: str, window: Span, insights: Iterable[Insight]) -> Iterator[Insight]:
        """Yield the insights of a window, each with the added persona that the window names nearest to its quote."""
        places = list(self._named.find(text, window))
        for insight in insights:
            yield _with_nearest(insight, places) if places else insight


@cache
def shipped_roles() -> NamedRoles:
    """Read the titles that ship with Ballast."""
    tables = tomllib.loads(resources.files("classifiers").joinpath("titles.toml").read_text(encoding="utf-8"))
    titles, teams = (
        {word: Persona(persona) for persona, words in tables[kind].items() for word in words}
        for kind in ("titles", "teams")
    )
    return NamedRoles(titles, teams)


def with_stated(insight: Insight, named: Collection[Persona]) -> Insight:
    """Say of an insight whether its persona is among those that its text names; one told already stays."""
    if insight.remarks.persona_stated is not None:
        return insight
    persona = insight.labels.persona
    stated = persona != UNKNOWN_PERSONA and persona in named
    return replace(insight, remarks=replace(insight.remarks, persona_stated=stated))


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _with_nearest(insight: Insight, places: Iterable[tuple[Span, Persona]]) -> Insight:
    quote = Span(insight.evidence.start, insight.evidence.end)
    _, persona = min(places, key=lambda place: _distance(place[0], quote))
    return replace(insight, labels=replace(insight.labels, persona=persona), remarks=Remarks(persona_stated=True))


def _names(name: str, aliases: tuple[str, ...]) -> Iterator[str]:
    """Yield what a text may say for "Mary, the CFO": the whole name, the words before the comma, each alias."""
    yield from (words for words in (name, name.split(",", maxsplit=1)[0].strip(), *aliases) if words.strip())


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)

"""The versioned personas and themes: what ``taxonomy.toml`` says, and how a person's words find an entry."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import resources
from typing import Any

from classifiers.errors import TaxonomyError
from classifiers.vocabulary import UNKNOWN_PERSONA, Labels, Persona, PersonaEntry, Side, Theme


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """Describe one theme: its side, its name and gloss for people, and the words that find it."""

    key: Theme
    side: Side
    name: str
    gloss: str
    definition: str
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideEntry:
    """Describe a side as people see it: "Customer problem", "for those who buy, approve or govern"."""

    key: Side
    name: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Hold every side, theme and persona that labels may use."""

    version: str
    sides: Mapping[Side, SideEntry]
    themes: Mapping[Theme, ThemeEntry]
    personas: Mapping[Persona, PersonaEntry]

    def labels(self, theme: str, persona: str = UNKNOWN_PERSONA) -> Labels:
        """Make labels from two keys; the theme sets the side. Raises TaxonomyError for a key not in it."""
        entry = self.themes.get(Theme(theme))
        if entry is None:
            raise TaxonomyError(_unknown("theme", theme, self.themes, self.themes))
        return Labels(side=entry.side, theme=entry.key, persona=self.known_persona(persona))

    def known_persona(self, key: str) -> Persona:
        """Take the key of a persona. Raises TaxonomyError for one not in it."""
        if Persona(key) not in self.personas:
            raise TaxonomyError(_unknown("persona", key, self.personas, self.personas))
        return Persona(key)

    def find_theme(self, words: str) -> ThemeEntry:
        """Find the theme that a person means by key, name or alias. Raises TaxonomyError, "did you mean"."""
        return self.themes[Theme(_find("theme", words, self.themes.values()))]

    def find_persona(self, words: str) -> PersonaEntry:
        """Find the persona that a person means by key, name or alias. Raises TaxonomyError, "did you mean"."""
        return self.personas[Persona(_find("persona", words, self.personas.values()))]

    def with_personas(self, added: Iterable[PersonaEntry]) -> Taxonomy:
        """Return this taxonomy with a team's own personas; one with a shipped key replaces that entry."""
        return replace(self, personas={**self.personas, **{entry.key: entry for entry in added}})


def load_taxonomy() -> Taxonomy:
    """Read the shipped taxonomy. Raises TaxonomyError when the file breaks a rule that the checks hold."""
    text = resources.files("classifiers").joinpath("taxonomy.toml").read_text(encoding="utf-8")
    return parse_taxonomy(text)


def parse_taxonomy(text: str) -> Taxonomy:
    """Make a taxonomy of TOML. Raises TaxonomyError that names the entry and what it lacks."""
    try:
        tables = tomllib.loads(text)
        taxonomy = Taxonomy(
            version=str(tables["version"]),
            sides={Side(key): SideEntry(key=Side(key), **entry) for key, entry in tables["side"].items()},
            themes={Theme(key): _theme(key, entry) for key, entry in tables["theme"].items()},
            personas={
                Persona(key): PersonaEntry(key=Persona(key), **_tupled(e)) for key, e in tables["persona"].items()
            },
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        message = f"the taxonomy cannot be read: {error}; mend the entry that this names"
        raise TaxonomyError(message) from error
    _refuse_ambiguous("theme", taxonomy.themes.values())
    _refuse_ambiguous("persona", taxonomy.personas.values())
    return taxonomy


def _refuse_ambiguous(kind: str, entries: Iterable[ThemeEntry | PersonaEntry]) -> None:
    """Refuse words that mean two entries: whoever asks by them would get either."""
    meant: dict[str, str] = {}
    for entry in entries:
        for words in map(_fold, (entry.key, entry.name, *entry.aliases)):
            if meant.setdefault(words, entry.key) != entry.key:
                message = f"“{words}” means two {kind}s, {meant[words]} and {entry.key}; keep it in one of them"
                raise TaxonomyError(message)


def _theme(key: str, entry: Mapping[str, Any]) -> ThemeEntry:
    fields = _tupled(entry)
    return ThemeEntry(key=Theme(key), side=Side(fields.pop("side")), **fields)


def _tupled(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}


def _find(kind: str, words: str, entries: Collection[ThemeEntry | PersonaEntry]) -> str:
    known = {_fold(name): entry.key for entry in entries for name in (entry.key, entry.name, *entry.aliases)}
    wanted = _fold(words)
    for form in (wanted, wanted.removesuffix("s"), wanted.removeprefix("the ")):
        if form in known:
            return known[form]
    raise TaxonomyError(_unknown(kind, words, known, [entry.name for entry in entries]))


def _fold(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").split())


def shown(words: str) -> str:
    """Shorten what a person or a file says, and leave out what a terminal would obey."""
    return "".join(char for char in words[:60] if char.isprintable())


def _unknown(kind: str, words: str, known: Iterable[str], names: Iterable[str]) -> str:
    """Say what was nearly written; where nothing is near, the names alone, for their aliases are legion."""
    written = {_fold(name): name for name in known}
    near = get_close_matches(_fold(words), written, n=1, cutoff=0.7)
    hint = f"Did you mean “{written[near[0]]}”?" if near else f"Known are: {', '.join(names)}."
    return f"“{shown(words)}” is no {kind} that I know. {hint}"

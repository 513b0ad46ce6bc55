"""A team's own persona, made of what somebody says of it: named, described, and found by no other's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import InputError
from classifiers.errors import TaxonomyError
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Persona, PersonaEntry
from storage.text import clean, fold

LONGEST_NAME = 60
"""A list in Slack shows 75 characters."""
LONGEST_TEXT = 500
MOST_WORDS = 20
"""Other names, or examples: a language model is told all of them with every message."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Described:
    """Hold what was typed of a persona."""

    name: str
    definition: str
    aliases: Sequence[str] = ()
    examples: Sequence[str] = ()
    motivations: str = ""
    pains: str = ""
    success: str = ""


def make_persona(described: Described, taxonomy: Taxonomy) -> PersonaEntry:
    """Make a persona, its key of its name. Raises InputError for what is empty, too long, too much, or taken.

    Taken is a name by which the taxonomy, with the team's own personas, finds one already.
    """
    name = _line("name", described.name, LONGEST_NAME)
    key = "_".join(_WORD.findall(fold(name)))
    if not key:
        message = "A persona's name needs letters or digits, as in “Mary, the CFO”."
        raise InputError(message)
    entry = PersonaEntry(
        key=Persona(key),
        name=name,
        gloss="",
        definition=_line("definition", described.definition, LONGEST_TEXT),
        aliases=_lines("alias", described.aliases, LONGEST_NAME),
        examples=_lines("example", described.examples, LONGEST_TEXT),
        motivations=_line("motivations", described.motivations, LONGEST_TEXT, may_lack=True),
        pains=_line("pains", described.pains, LONGEST_TEXT, may_lack=True),
        success=_line("success", described.success, LONGEST_TEXT, may_lack=True),
    )
    for words in (key, name, *entry.aliases):
        _refuse_taken(words, taxonomy)
    return entry


def find_own(words: str, own: Sequence[PersonaEntry], taxonomy: Taxonomy) -> PersonaEntry:
    """Find one of a team's own personas by key, name or alias. Raises InputError, or TaxonomyError, "did you mean"."""
    if not own:
        message = "You have added no persona, and those that ship with Ballast stay. Add one with ballast persona add."
        raise InputError(message)
    return replace(taxonomy, personas={entry.key: entry for entry in own}).find_persona(words)


def _refuse_taken(words: str, taxonomy: Taxonomy) -> None:
    try:
        known = taxonomy.find_persona(words)
    except TaxonomyError:
        return
    message = f"“{words}” is already a name of the persona {known.name} ({known.key}): choose another."
    raise InputError(message)


def _lines(what: str, given: Sequence[str], longest: int) -> tuple[str, ...]:
    if len(given) > MOST_WORDS:
        message = f"Give a persona at most {MOST_WORDS} times --{what}; these are {len(given)}."
        raise InputError(message)
    return tuple(dict.fromkeys(_line(what, one, longest) for one in given))


def _line(what: str, given: str, longest: int, *, may_lack: bool = False) -> str:
    line = " ".join(clean(given).split())
    if not line and not may_lack:
        message = f"The {what} of a persona cannot be empty."
        raise InputError(message)
    if len(line) > longest:
        message = f"The {what} “{line[:30]}…” has {len(line)} characters; at most {longest} can be kept."
        raise InputError(message)
    return line

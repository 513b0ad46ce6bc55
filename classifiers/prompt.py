"""What a language model is told: the versioned prompt, the taxonomy, a team's examples, fenced messages. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import resources
from typing import Any, Literal

from classifiers.protocol import Example
from classifiers.schema import FIELDS
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import PersonaEntry

VERSION = "v1"
_NO_EXAMPLE = "(none)"
_PLACE = re.compile(r"\{(themes|personas|examples)\}")
"""Filled in one go, so that a place which a team writes into a persona stays what it is: words."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one turn of what is said to the model, or of what it said."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Worked:
    """Hold one worked example of the prompt: a message and the insights that a good reply gives."""

    text: str
    insights: tuple[Mapping[str, Any], ...]

    def reply(self) -> dict[str, Any]:
        """Give the reply's part for this message, as the only one that was asked about."""
        return {"id": "m1", "insights": [dict(insight) for insight in self.insights]}


@dataclass(frozen=True, slots=True)
class Prompt:
    """Hold one version of the prompt, before it is filled in."""

    version: str
    system: str
    again: str
    worked: tuple[Worked, ...]


def load_prompt() -> Prompt:
    """Read the shipped prompt."""
    text = resources.files("classifiers").joinpath("prompts", f"{VERSION}.toml").read_text(encoding="utf-8")
    return parse_prompt(text)


def parse_prompt(text: str) -> Prompt:
    """Make a prompt of TOML. A worked example may leave out what it does not tell: account and stake's words."""
    tables = tomllib.loads(text)
    worked = tuple(
        Worked(entry["text"], tuple({name: told.get(name) for name in FIELDS} for told in entry.get("insights", ())))
        for entry in tables.get("example", ())
    )
    return Prompt(tables["version"], tables["system"].strip(), tables["again"].strip(), worked)


def build_turns(
    prompt: Prompt, taxonomy: Taxonomy, messages: Mapping[str, str], examples: Sequence[Example] = ()
) -> list[Turn]:
    """Say everything that the model needs to read these messages, given by their ids.

    The first turn is the same for every request of a team, so that an endpoint may cache it. What strangers wrote
    stands in the second alone.
    """
    return [Turn("system", _instructions(prompt, taxonomy)), Turn("user", _fenced(messages, examples))]


def build_again(prompt: Prompt, said: str, reason: str) -> list[Turn]:
    """Say that a reply cannot be used and why, so that the model answers once more."""
    return [Turn("assistant", said), Turn("user", prompt.again.replace("{reason}", reason))]


def boundary_of(texts: Sequence[str]) -> str:
    """Make the mark of a fence that no text can hold: it is a hash of all of them, the one that would hold it too."""
    return sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _instructions(prompt: Prompt, taxonomy: Taxonomy) -> str:
    filled = {
        "themes": "\n".join(
            f"- {entry.key} ({entry.side.value}): {_line(entry.definition)}{_such_as(entry.examples)}"
            for entry in taxonomy.themes.values()
        ),
        "personas": "\n".join(map(_persona, taxonomy.personas.values())),
        "examples": "\n\n".join(map(_worked, prompt.worked)) or _NO_EXAMPLE,
    }
    return _PLACE.sub(lambda place: filled[place[1]], prompt.system)


def _persona(entry: PersonaEntry) -> str:
    lasting = {"wants": entry.motivations, "suffers from": entry.pains, "succeeds by": entry.success}
    told = "".join(f" {_line(name)} {_line(words)};" for name, words in lasting.items() if words)
    names = ", ".join(entry.aliases)
    known = f" Also called: {_line(names)}." if names else ""
    return f"- {entry.key} ({_line(entry.name)}): {_line(entry.definition)}{told}{known}{_such_as(entry.examples)}"


def _such_as(examples: Sequence[str]) -> str:
    return " Such as: " + " | ".join(map(_line, examples)) if examples else ""


def _line(words: str) -> str:
    """Put words on one line, so that what a team wrote about a persona cannot start a section of its own."""
    return " ".join(words.split())


def _worked(example: Worked) -> str:
    reply = json.dumps({"messages": [example.reply()]}, ensure_ascii=False)
    return f"Message m1: {example.text}\nReply: {reply}"


def _fenced(messages: Mapping[str, str], examples: Sequence[Example]) -> str:
    corrected = [json.dumps(_corrected(example), ensure_ascii=False) for example in examples]
    mark = boundary_of([*messages.values(), *corrected])
    parts = [f"The boundary of this request is {mark}."]
    if corrected:
        parts.append("Passages that people of this team labelled themselves; where one is like a message, follow it:")
        parts.append(_between(mark, "examples", "\n".join(corrected)))
    parts.append(f"Label each of these messages: {', '.join(messages)}.")
    parts += [_between(mark, name, text) for name, text in messages.items()]
    return "\n\n".join(parts)


def _between(mark: str, name: str, text: str) -> str:
    return f"<<{mark} begin {name}>>\n{text}\n<<{mark} end {name}>>"


def _corrected(example: Example) -> dict[str, Any]:
    return {"quote": example.quote, "labels": asdict(example.labels) if example.labels else "no problem"}

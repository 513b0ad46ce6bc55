"""Read the corpus files as typed records, and check them against the codebook's rules and the taxonomy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers.errors import TaxonomyError
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import UNKNOWN_PERSONA, FeedbackSide, Labels, Persona, Side, Theme, feedback_side

CORPUS = Path(__file__).parent / "corpus"
"""Where the corpus lies in a checkout; an installed package does not carry it."""

_HALF = re.compile("[\ud800-\udfff]")

REVIEWS = "reviews"
"""The name under which what a team's people judged is held out together, as if it were a file of the corpus."""


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one problem of a message as a person labelled it, with the exact words that voice it."""

    quote: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one labelled message of the corpus."""

    text: str
    side: FeedbackSide
    themes: tuple[Theme, ...]
    persona: Persona
    items: tuple[Item, ...] | None
    """None where the file does not say which words voice which problem."""
    file: str
    """The name of its file without suffix: messages of one file are kept apart together."""
    line: int


def read_corpus(folder: Path = CORPUS) -> list[Message]:
    """Read every ``*.jsonl`` of a folder, by name and line. Raises TaxonomyError that names a line it cannot read."""
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        message = f"there is no corpus in {folder.name}/; training needs a checkout of the project, not an install"
        raise TaxonomyError(message)
    return [message for path in paths for message in read_corpus_file(path)]


def read_corpus_file(path: Path) -> list[Message]:
    """Read one corpus file. Raises TaxonomyError that names the line, or the file, that it cannot read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"{path.stem}: is not written in UTF-8, first at byte {error.start}; mend that file of the corpus"
        raise TaxonomyError(message) from None
    return [_message(line, path.stem, number) for number, line in enumerate(lines, 1) if line.strip()]


def check_corpus(messages: Iterable[Message], taxonomy: Taxonomy) -> list[str]:
    """Return a sentence for every message that breaks a rule of the codebook; an empty list is a sound corpus."""
    return [f"{m.file}:{m.line}: {defect}" for m in messages for defect in _defects(m, taxonomy)]


def _message(line: str, file: str, number: int) -> Message:
    try:
        fields: Mapping[str, Any] = json.loads(line)
        return Message(
            text=words_in(fields["text"]),
            side=FeedbackSide(fields["side"]),
            themes=tuple(Theme(words_in(theme)) for theme in fields["themes"]),
            persona=Persona(words_in(fields["persona"])),
            items=tuple(map(_item, fields["items"])) if "items" in fields else None,
            file=file,
            line=number,
        )
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, RecursionError) as error:
        message = f"{file}:{number}: cannot be read ({type(error).__name__}); mend that line of the corpus"
        raise TaxonomyError(message) from error


def _item(fields: Mapping[str, Any]) -> Item:
    labels = Labels(Side(fields["side"]), Theme(words_in(fields["theme"])), Persona(words_in(fields["persona"])))
    return Item(quote=words_in(fields["quote"]), labels=labels)


def words_in(given: object) -> str:
    """Take what must be words. Raises TypeError for anything else."""
    if not isinstance(given, str):
        message = "words are expected"
        raise TypeError(message)
    return given


def _defects(message: Message, taxonomy: Taxonomy) -> Iterator[str]:
    if not message.text.strip():
        yield "the text is blank"
    if _HALF.search(message.text):
        yield "the text holds half a character, which no tokenizer reads"
    if message.persona not in taxonomy.personas:
        yield f"persona {message.persona} is not in the taxonomy"
    unknown = [theme for theme in message.themes if theme not in taxonomy.themes]
    if unknown:
        yield f"theme {unknown[0]} is not in the taxonomy"
        return
    if feedback_side(taxonomy.themes[theme].side for theme in message.themes) is not message.side:
        yield f"side {message.side} does not follow from its themes {', '.join(message.themes) or '(none)'}"
    if not message.themes and message.persona != UNKNOWN_PERSONA:
        yield "a message without a problem has a persona"
    yield from _item_defects(message, taxonomy)


def _item_defects(message: Message, taxonomy: Taxonomy) -> Iterator[str]:
    if message.items is None:
        return
    if sorted(item.labels.theme for item in message.items) != sorted(message.themes):
        yield "the items' themes are not the message's themes"
    for item in message.items:
        if not item.quote.strip() or item.quote not in message.text:
            yield "a quote does not stand in the text"
        theme = taxonomy.themes.get(item.labels.theme)
        if theme is None or theme.side is not item.labels.side:
            yield f"an item of theme {item.labels.theme} has side {item.labels.side}"
        if item.labels.persona not in taxonomy.personas:
            yield f"persona {item.labels.persona} is not in the taxonomy"

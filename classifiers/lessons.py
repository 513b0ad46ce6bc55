"""What the heads learn from: each labelled message, quote and silent passage of the corpus, with its weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.corpus import Message
from classifiers.segments import split_segments

QUOTE_WEIGHT = 0.5
"""What a quote counts beside its whole message in the side and persona heads."""

NO_PROBLEM = "none"


@dataclass(frozen=True, slots=True)
class Lesson:
    """Hold one text from which a head learns one label."""

    text: str
    label: str
    weight: float
    file: str


def side_lessons(messages: Sequence[Message]) -> Iterator[Lesson]:
    """Teach sides by whole messages and by the quotes that voice a problem."""
    for message in messages:
        yield Lesson(message.text, message.side.value, 1.0, message.file)
        for item in message.items or ():
            yield Lesson(item.quote, item.labels.side.value, QUOTE_WEIGHT, message.file)


def persona_lessons(messages: Sequence[Message]) -> Iterator[Lesson]:
    """Teach personas by whole messages and by the quotes that voice their need."""
    for message in messages:
        yield Lesson(message.text, message.persona, 1.0, message.file)
        for item in message.items or ():
            yield Lesson(item.quote, item.labels.persona, QUOTE_WEIGHT, message.file)


def theme_lessons(messages: Sequence[Message]) -> Iterator[Lesson]:
    """Teach themes by quotes, by whole messages shared among their themes, and by passages that voice nothing."""
    for message in messages:
        themes: list[str] = sorted(set(message.themes)) or [NO_PROBLEM]
        for theme in themes:
            yield Lesson(message.text, theme, 1 / len(themes), message.file)
        for item in message.items or ():
            yield Lesson(item.quote, item.labels.theme, 1.0, message.file)
        for passage in _silent_passages(message):
            yield Lesson(passage, NO_PROBLEM, 0.5, message.file)


def _silent_passages(message: Message) -> Iterator[str]:
    if message.items is None or not message.items:
        return
    starts = [(message.text.find(item.quote), len(item.quote)) for item in message.items]
    for segment in split_segments(message.text):
        start, end = segment.span
        if all(end <= at or start >= at + length for at, length in starts):
            yield message.text[start:end]

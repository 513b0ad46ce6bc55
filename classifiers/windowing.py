"""Part messages that are too long to be read at once into windows, as they are parted when the model runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from classifiers.corpus import Item, Message
from classifiers.encoder import windows_of
from classifiers.evidence import Span
from classifiers.vocabulary import UNKNOWN_PERSONA, feedback_side


def in_windows(messages: Sequence[Message], tokens: Path) -> Iterator[Message]:
    """Yield each message, and in place of a long one its windows, each with the problems that are voiced there.

    A quote that reaches over the end of a window teaches what is more of it in one. A long message of which nothing
    tells where its problems stand is left whole. No message of the corpus is long; those of a team may be.
    """
    for message, spans in zip(messages, windows_of([message.text for message in messages], tokens), strict=True):
        if len(spans) < 2 or message.items is None:  # noqa: PLR2004 - one window is the whole
            yield message
        else:
            placed = [_placed(message.text, item, spans) for item in message.items]
            for number, span in enumerate(spans):
                yield _window(message, span, tuple(item for place, item in placed if place == number and item.quote))


def _placed(text: str, item: Item, spans: Sequence[Span]) -> tuple[int, Item]:
    """Return the number of the window that holds most of a quote, the first of several, and the item with that part."""
    start = text.find(item.quote)
    parts = [text[max(start, span.start) : min(start + len(item.quote), span.end)].strip() for span in spans]
    longest = max(parts, key=len)
    return parts.index(longest), replace(item, quote=longest)


def _window(message: Message, span: Span, items: tuple[Item, ...]) -> Message:
    return replace(
        message,
        text=message.text[slice(*span)],
        side=feedback_side(item.labels.side for item in items),
        themes=tuple(item.labels.theme for item in items),
        persona=items[0].labels.persona if items else UNKNOWN_PERSONA,
        items=items,
    )

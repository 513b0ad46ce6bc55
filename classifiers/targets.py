"""What the encoder learns from: each message as tokens, with the label of the whole and of each token.

A token is labelled with the theme of the quote that it stands in, and with "no problem" outside every quote. Where the
corpus has no quotes, those that a model points to serve; where none does, the tokens teach nothing (``SILENT``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import Item, Message
from classifiers.evidence import Span
from classifiers.linear import Layout
from classifiers.pointing import Pointed

SILENT = -100
"""The label of what teaches nothing."""

QUOTE_WEIGHT = 0.5
"""What a quote, taught as a text of its own, counts beside a whole message."""

Tokenize = Callable[[str], tuple[Sequence[int], Sequence[tuple[int, int]]]]
"""Gives the ids of a text's tokens, its marks among them, and where each stands; a mark stands nowhere."""

_Labelled = tuple[Span, int, int]
"""Where a problem is voiced, the column of its theme, and that of its persona or SILENT."""


@dataclass(frozen=True, slots=True)
class Target:
    """Hold one text as the encoder sees it, with what it should say of it."""

    ids: Sequence[int]
    side: int
    themes: NDArray[np.float32]
    """Shape (themes + 1,): shares that add up to one, "no problem" last."""
    persona: int
    token_themes: NDArray[np.int64]
    token_personas: NDArray[np.int64]
    weight: float


def targets_of(messages: Iterable[Message], layout: Layout, tokenize: Tokenize, pointed: Pointed) -> Iterator[Target]:
    """Make the targets of messages, and of each quote of a message that has several."""
    for message in messages:
        yield _whole(message, layout, tokenize, pointed)
        if message.items and len(message.items) > 1:
            yield from (_quote(item, layout, tokenize) for item in message.items)


def _whole(message: Message, layout: Layout, tokenize: Tokenize, pointed: Pointed) -> Target:
    ids, places = tokenize(message.text)
    themes, personas = _of_tokens(_labelled(message, layout, pointed), layout, places)
    return Target(
        ids=ids,
        side=layout.sides.index(message.side.value),
        themes=_shares([layout.themes.index(theme) for theme in message.themes], len(layout.themes)),
        persona=layout.personas.index(message.persona) if message.themes else SILENT,
        token_themes=themes,
        token_personas=personas,
        weight=1.0,
    )


def _quote(item: Item, layout: Layout, tokenize: Tokenize) -> Target:
    ids, places = tokenize(item.quote)
    theme = layout.themes.index(item.labels.theme)
    return Target(
        ids=ids,
        side=layout.sides.index(item.labels.side.value),
        themes=_shares([theme], len(layout.themes)),
        persona=layout.personas.index(item.labels.persona),
        token_themes=np.where([end > start for start, end in places], theme, SILENT),
        token_personas=np.full(len(ids), SILENT),
        weight=QUOTE_WEIGHT,
    )


def _labelled(message: Message, layout: Layout, pointed: Pointed) -> list[_Labelled] | None:
    """List where the problems of a message stand; None where nothing tells."""
    if message.items is not None or not message.themes:
        return [_of_item(message.text, item, layout) for item in message.items or ()]
    found = pointed.get((message.file, message.line))
    return None if found is None else [(span, layout.themes.index(theme), SILENT) for span, theme in found]


def _of_item(text: str, item: Item, layout: Layout) -> _Labelled:
    start = text.find(item.quote)
    labels = item.labels
    return (
        Span(start, start + len(item.quote)),
        layout.themes.index(labels.theme),
        layout.personas.index(labels.persona),
    )


def _of_tokens(
    labelled: Sequence[_Labelled] | None, layout: Layout, places: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Label each token by the passage that it stands in: its theme, its persona."""
    themes, personas = np.full(len(places), SILENT), np.full(len(places), SILENT)
    if labelled is None:
        return themes, personas
    stands = np.array(places).reshape(-1, 2)
    real = stands[:, 1] > stands[:, 0]
    themes[real] = len(layout.themes)
    for span, theme, persona in labelled:
        inside = real & (stands[:, 0] >= span.start) & (stands[:, 1] <= span.end)
        themes[inside], personas[inside] = theme, persona
    return themes, personas


def _shares(themes: Sequence[int], count: int) -> NDArray[np.float32]:
    shares = np.zeros(count + 1, dtype=np.float32)
    chosen = list(themes) or [count]
    shares[chosen] = 1 / len(chosen)
    return shares

"""Point to the words of a problem in messages whose labels come without quotes, so that tokens learn from them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from classifiers.clauses import clauses_of
from classifiers.corpus import Message
from classifiers.evidence import Span
from classifiers.linear import Heads, Layout
from classifiers.segments import split_segments
from classifiers.vocabulary import Theme

Pointed = Mapping[tuple[str, int], Sequence[tuple[Span, Theme]]]
"""For a message's file and line, where each of its problems is voiced, as far as a model can tell."""


def point(messages: Iterable[Message], heads: Heads, layout: Layout) -> Pointed:
    """Point to the clause that speaks most for each problem of the messages that have problems and no quotes.

    A message is left out where one clause speaks most for two of its problems: nothing tells its parts. ``heads``
    must have learnt from the very files that the messages come from, and from no other that is held out.
    """
    unquoted = [message for message in messages if message.items is None and message.themes]
    pointed = {(message.file, message.line): _pointed(message, heads, layout) for message in unquoted}
    return {place: found for place, found in pointed.items() if found}


def _pointed(message: Message, heads: Heads, layout: Layout) -> list[tuple[Span, Theme]]:
    clauses = clauses_of(message.text, split_segments(message.text))
    if not clauses:
        return []
    _, themes, _ = layout.split(heads.score([message.text[start:end] for start, end in clauses]))
    over_none = themes[:, :-1] - themes[:, -1:]
    chosen = [int(over_none[:, layout.themes.index(theme)].argmax()) for theme in message.themes]
    if len(set(chosen)) < len(chosen):
        return []
    return [(clauses[place], theme) for place, theme in zip(chosen, message.themes, strict=True)]

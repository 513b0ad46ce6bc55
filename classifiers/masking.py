"""Put stable placeholders where a text holds what must not leave, and put the words back in what is quoted. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from classifiers.evidence import Span
from classifiers.sensitive import find_sensitive
from classifiers.vocabulary import PersonaEntry

_PLACEHOLDER = re.compile(r"\[\[[^\[\]\n]{1,40} \d{1,9}\]\]")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hold one placeholder: where it stands in the masked text, where the words stood, and the words."""

    placeholder: str
    words: str
    masked: Span
    original: Span


@dataclass(frozen=True, slots=True)
class Masked:
    """Hold a text that may leave, and what is hidden in it."""

    text: str
    hidden: tuple[Hidden, ...] = ()

    def original_span(self, span: Span) -> Span:
        """Return where a stretch of the masked text stands in the original; a placeholder cut in two counts whole."""
        return Span(self._original(span.start, after=False), self._original(span.end, after=True))

    def restored(self, words: str) -> str:
        """Put the hidden words back into words taken from the masked text."""
        known = {hidden.placeholder: hidden.words for hidden in self.hidden}
        return _PLACEHOLDER.sub(lambda found: known.get(found[0], found[0]), words) if known else words

    def _original(self, place: int, *, after: bool) -> int:
        at = bisect_right(self.hidden, place, key=lambda hidden: hidden.masked.start) - 1
        if at < 0:
            return place
        last = self.hidden[at]
        if place >= last.masked.end:
            return place - last.masked.end + last.original.end
        if place == last.masked.start:
            return last.original.start
        return last.original.end if after else last.original.start


def mask(text: str) -> Masked:
    """Hide what must not leave. The same words get the same placeholder; none is one that the text holds already."""
    parts, hidden, read, written = [], [], 0, 0
    for placeholder, words, span in _placed(text):
        before = text[read : span.start]
        start = written + len(before)
        hidden.append(Hidden(placeholder, words, Span(start, start + len(placeholder)), span))
        parts += [before, placeholder]
        read, written = span.end, start + len(placeholder)
    return Masked("".join([*parts, text[read:]]), tuple(hidden))


def mask_persona(entry: PersonaEntry) -> PersonaEntry:
    """Hide what must not leave in what a team wrote about a persona; its key stays."""
    return replace(
        entry,
        name=mask(entry.name).text,
        definition=mask(entry.definition).text,
        motivations=mask(entry.motivations).text,
        pains=mask(entry.pains).text,
        success=mask(entry.success).text,
        aliases=tuple(mask(alias).text for alias in entry.aliases),
        examples=tuple(mask(example).text for example in entry.examples),
    )


def unmasked(text: str) -> Masked:
    """Take a text as it is, for a model of one's own."""
    return Masked(text)


def _placed(text: str) -> Iterator[tuple[str, str, Span]]:
    given: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()
    own = frozenset(_PLACEHOLDER.findall(text))
    for kind, span in find_sensitive(text):
        words = text[span.start : span.end]
        if (kind, words) not in given:
            given[kind, words] = _next_free(kind, counts, own)
        yield given[kind, words], words, span


def _next_free(kind: str, counts: Counter[str], own: Container[str]) -> str:
    """Make the next placeholder that is none of the text's own, which would be taken for hidden words."""
    while True:
        counts[kind] += 1
        placeholder = f"[[{kind} {counts[kind]}]]"
        if placeholder not in own:
            return placeholder

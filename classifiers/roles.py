"""Find the roles that a text names, for personas that a team added and no model was trained on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from classifiers.evidence import Span
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Insight, Persona, Remarks


class AddedRoles:
    """Find a team's own personas by their names and aliases: a role that the text names decides."""

    def __init__(self, taxonomy: Taxonomy, trained: Collection[str]) -> None:
        """Take the personas of the taxonomy that the model was not trained on."""
        added = [entry for key, entry in taxonomy.personas.items() if key not in trained]
        self._personas = {words.casefold(): entry.key for entry in added for words in _names(entry.name, entry.aliases)}
        longest_first = sorted(self._personas, key=lambda words: (-len(words), words))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def applied(self, text: str, window: Span, insights: Iterable[Insight]) -> Iterator[Insight]:
        """Yield the insights of a window, each with the added persona that the window names nearest to its quote."""
        places = list(self._places(text, window)) if self._personas else []
        for insight in insights:
            yield _with_nearest(insight, places) if places else insight

    def _places(self, text: str, window: Span) -> Iterator[tuple[Span, Persona]]:
        for found in self._pattern.finditer(text, *window):
            persona = self._personas.get(found.group().casefold())
            if persona is not None:
                yield Span(*found.span()), persona


def _with_nearest(insight: Insight, places: Iterable[tuple[Span, Persona]]) -> Insight:
    quote = Span(insight.evidence.start, insight.evidence.end)
    _, persona = min(places, key=lambda place: _distance(place[0], quote))
    return replace(insight, labels=replace(insight.labels, persona=persona), remarks=Remarks(persona_stated=True))


def _names(name: str, aliases: tuple[str, ...]) -> Iterator[str]:
    """Yield what a text may say for "Mary, the CFO": the whole name, the words before the comma, each alias."""
    yield from (words for words in (name, name.split(",", maxsplit=1)[0].strip(), *aliases) if words.strip())


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)

"""Recognise a team's own personas by what they are like: no retraining, only how near a text is to a description.

Whose need a text voices is told by the trained model, among the personas that ship. A team's persona is a nearer name
for one of those: its kin, which the same model finds in the persona's own description. So it takes the place of its kin
where a text is like enough to what describes it, and of no other; to let it take the place of "unknown" too gained
nothing.

How like they are is told mostly by their words: the encoder, trained to put texts of one theme together, tells a nurse
from a seller less well than the rare words that they share with their descriptions (benchmarks/personas.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifiers.features import featurise, weigh
from classifiers.linear import Floats, Heads, Layout
from classifiers.vocabulary import UNKNOWN_PERSONA, Insight, Persona, PersonaEntry
from classifiers.voicing import Scores

MEANING_SHARE = 0.1
"""How much the cosine of the embeddings counts beside the cosine of the words."""

LIKE_FROM = 0.12
"""The likeness from which a text is like a persona. Both were chosen by benchmarks/personas.py on the corpus."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the n-grams of a text by how rare they are, of length one together; common ones weigh nothing."""

    columns: NDArray[np.int64]
    weights: Floats

    @classmethod
    def of(cls, text: str, heads: Heads) -> Wording:
        """Count and weigh the n-grams of a text."""
        features = featurise(text)
        return cls(features.columns, weigh(features, heads.rarity - 1))

    def cosine(self, other: Wording) -> float:
        """Return how many n-grams two texts share: 0 to 1."""
        _, mine, its = np.intersect1d(self.columns, other.columns, assume_unique=True, return_indices=True)
        return float(self.weights[mine] @ other.weights[its])


@dataclass(frozen=True, slots=True)
class Portrait:
    """Hold what a team's persona is like."""

    persona: Persona
    kin: str
    """The shipped persona that its description speaks of."""
    wording: Wording
    pieces: Floats
    """Shape (pieces, width): embeddings of the description and of each example, of length one."""

    def likeness(self, wording: Wording, embedding: Floats) -> float:
        """Return how like a text is: by its words to all that is said, by its meaning to the nearest piece."""
        return self.wording.cosine(wording) + MEANING_SHARE * float((self.pieces @ embedding).max())


def pieces_of(entry: PersonaEntry) -> list[str]:
    """List the texts that describe a persona: all that is said of it as one, and each example."""
    said = (entry.name, entry.gloss, entry.definition, entry.motivations, entry.pains, entry.success)
    return [". ".join(part.strip().rstrip(".") for part in said if part.strip()), *entry.examples]


def portray(entry: PersonaEntry, scored: Sequence[Scores], heads: Heads, layout: Layout) -> Portrait:
    """Make a portrait of a persona and of the scores of its pieces; at least one."""
    said = np.stack([voice for scores in scored for voice in (scores.whole, scores.gram)])
    _, _, personas = layout.split(said)
    chances = np.exp(personas).sum(axis=0)
    chances[[place for place, name in enumerate(layout.personas) if name == UNKNOWN_PERSONA]] = 0
    kin = layout.personas[int(chances.argmax())]
    wording = Wording.of("\n".join(pieces_of(entry)), heads)
    return Portrait(entry.key, kin, wording, np.stack([scores.embedding for scores in scored]))


def with_alike(
    insights: Iterable[Insight], wording: Wording, embedding: Floats, portraits: Sequence[Portrait]
) -> Iterator[Insight]:
    """Yield the insights of a text, each with the team's persona that the text is most like, if any is like enough.

    A persona that the text states stays, be it the team's or a shipped one; one that it is only like is not stated.
    """
    alike = [(portrait.likeness(wording, embedding), portrait) for portrait in portraits]
    near = sorted((each for each in alike if each[0] >= LIKE_FROM), key=lambda each: -each[0])
    for insight in insights:
        said = insight.labels.persona
        fitting = (each.persona for _, each in near if each.kin == said)
        persona = None if insight.remarks.persona_stated else next(fitting, None)
        yield replace(insight, labels=replace(insight.labels, persona=persona)) if persona else insight

"""Memory: what people corrected votes on insights that are like it, before their labels are final.

What is remembered, and how it is embedded, is passed in; nothing here knows where corrections are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifiers.linear import Floats
from classifiers.protocol import Classifier, Context, Example
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Classification, Insight, Labels

NEIGHBOURS = 5
"""How many corrected passages vote on an insight."""
ALIKE_FROM = 0.7
"""The cosine under which a passage has no vote; looser ones, on two files held out, made more wrong than right."""
PERSONA_FROM = 0.85
"""The same for the persona, which depends less on what is said than on who says it."""
WEIGHT = 2.0
"""The votes of a passage that is the very same, where the classifier has one. See benchmarks/memory.py."""

Embed = Callable[[Sequence[str]], Floats]
"""Embeds texts; shape (texts, width), rows of length one or zero."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Hold a passage and the labels that a person left it with; None where it is no problem."""

    quote: str
    labels: Labels | None


class Memory:
    """Remember the corrected passages of one team."""

    def __init__(self, corrected: Sequence[Corrected], embed: Embed) -> None:
        """Embed what is to be remembered."""
        self._corrected = corrected
        self._embed = embed
        self._embedded = embed([each.quote for each in corrected])

    def recall(self, text: str, limit: int) -> list[Example]:
        """Return the passages that are most like a text, nearest first: a ``protocol.Recall``."""
        if not self._corrected or limit < 1:
            return []
        likeness = self._embedded @ self._embed([text])[0]
        nearest = np.argsort(-likeness, kind="stable")[:limit]
        return [
            Example(self._corrected[place].quote, self._corrected[place].labels, float(likeness[place]))
            for place in nearest
        ]


@dataclass(frozen=True, slots=True)
class Voting:
    """Hold how much corrected passages count beside the classifier, whose vote is one."""

    weight: float = WEIGHT
    alike_from: float = ALIKE_FROM
    persona_from: float = PERSONA_FROM
    neighbours: int = NEIGHBOURS


class WithMemory:
    """Let a team's corrections vote on what another classifier finds, as ``Classifier`` promises."""

    def __init__(self, classifier: Classifier, voting: Voting = Voting()) -> None:
        """Take the classifier whose insights are voted on."""
        self._classifier = classifier
        self._voting = voting

    @property
    def name(self) -> str:
        """Name the classifier that finds the insights."""
        return self._classifier.name

    @property
    def model(self) -> str:
        """Name the model of that classifier."""
        return self._classifier.model

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text, with the labels of passages that people corrected."""
        return [self._voted(each, context) for each in self._classifier.classify(texts, context)]

    def _voted(self, classification: Classification, context: Context) -> Classification:
        voted = [vote(insight, context, self._voting) for insight in classification.insights]
        if voted == list(classification.insights):
            return classification
        return Classification(
            _without_doubles([insight for insight in voted if insight is not None]),
            replace(classification.provenance, memory=True),
        )


def vote(insight: Insight, context: Context, voting: Voting) -> Insight | None:
    """Let the nearest corrected passages vote on an insight: its labels, or None when it is no problem.

    The theme is voted on first; then the persona, by the passages of the theme that won. A vote counts as much as
    the passage is like the quote, from nothing at ``alike_from`` to ``weight`` for the very same.
    """
    recalled = context.recall(insight.evidence.quote, voting.neighbours)
    examples = [example for example in recalled if _known(example.labels, context.taxonomy)]
    said = insight.labels
    theme = _winner(
        said.theme,
        ((one.labels.theme if one.labels else None, _strength(one, voting.alike_from, voting)) for one in examples),
    )
    if theme is None:
        return None
    personas = [
        (one.labels.persona, _strength(one, voting.persona_from, voting))
        for one in examples
        if one.labels is not None and one.labels.theme == theme
    ]
    labels = context.taxonomy.labels(theme, _winner(said.persona, personas) or said.persona)
    remarks = insight.remarks
    if labels.persona != said.persona:
        remarks = replace(remarks, persona_stated=None)  # what was told of the one does not hold of the other
    return insight if labels == said else replace(insight, labels=labels, remarks=remarks)


def _strength(example: Example, alike_from: float, voting: Voting) -> float:
    return max(0.0, voting.weight * (example.likeness - alike_from) / (1 - alike_from))


def _known(labels: Labels | None, taxonomy: Taxonomy) -> bool:
    """Tell whether the labels can still be given: a persona that a team removed cannot."""
    return labels is None or (labels.theme in taxonomy.themes and labels.persona in taxonomy.personas)


def _winner(said: str, votes: Iterable[tuple[str | None, float]]) -> str | None:
    """Return what has most votes; the classifier's own choice has one more, and wins a tie."""
    counted: defaultdict[str | None, float] = defaultdict(float, {said: 1.0})
    for choice, strength in votes:
        counted[choice] += strength
    return max(counted, key=lambda choice: (counted[choice], choice == said))


def _without_doubles(insights: Sequence[Insight]) -> tuple[Insight, ...]:
    """Keep the first of insights that votes made the same: no two have the same labels and span."""
    return tuple({(insight.labels, insight.evidence): insight for insight in reversed(insights)}.values())[::-1]

"""What every classifier promises. Tests in ``tests/classifiers/test_contract.py`` hold each one to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Classification, Labels


@dataclass(frozen=True, slots=True)
class Example:
    """Hold a passage that a person labelled, and how like the asked-for text it is (cosine, -1 to 1)."""

    quote: str
    labels: Labels | None
    """None when the person said that the passage is no problem at all."""
    likeness: float


Recall = Callable[[str, int], Sequence[Example]]
"""Given a text and a limit, the corrected examples of one team that are nearest to it, nearest first."""


def recall_nothing(_text: str, _limit: int) -> Sequence[Example]:
    """Recall no example: the memory of a team that has corrected nothing."""
    return ()


MaySpend = Callable[[], bool]
"""Tells whether the team may spend tokens on a language model now."""


def spend_freely() -> bool:
    """Allow every call: a team without a budget."""
    return True


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what one team brings to the reading of its texts: taxonomy, corrected examples, budget."""

    taxonomy: Taxonomy
    """The shipped taxonomy with the team's own personas added."""
    recall: Recall = recall_nothing
    may_spend: MaySpend = spend_freely


class Classifier(Protocol):
    """Say what problems a text holds.

    Rules: one classification for each text, in order; labels are of ``context.taxonomy``; each quote stands
    in its text at its offsets; insights are in reading order; no two have the same labels and span; a text
    with no problem gives no insight. What cannot be classified raises ``ClassifierError``: an error is never
    an empty answer. Safe to call from several threads at once.
    """

    @property
    def name(self) -> str:
        """Name the kind of classifier: ``local``, ``llm``, ``local-then-llm``."""

    @property
    def model(self) -> str:
        """Name the model and its version."""

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text."""

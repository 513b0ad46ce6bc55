"""A classifier that tests script: it finds a problem in every text but the quiet ones, and fails on cue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from classifiers.errors import ClassifierError
from classifiers.protocol import Context
from classifiers.vocabulary import Classification, Evidence, Insight, Provenance

QUIET = "nothing to see"
"""A text with these words holds no problem."""
POISON = "poison"
"""A text with this word makes the classifier raise whatever ``poisoned`` makes."""


def poisoned_error(text: str) -> Exception:
    """Fail as a careless classifier does: with the customer's words in the message."""
    return ValueError(f"cannot tokenize {text}")


@dataclass
class ScriptedClassifier:
    """Find the whole of a text that is not blank to be one customer problem about compliance."""

    name: str = "scripted"
    model: str = "test-1"
    poisoned: Callable[[str], Exception] = poisoned_error
    fails: ClassifierError | None = None
    """Raised at every call while it is set."""
    let_go: Event | None = None
    """While set and not done, every call hangs until it is."""
    entered: Event = field(default_factory=Event)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        self.asked.append(tuple(texts))
        self.entered.set()
        if self.let_go is not None:
            self.let_go.wait(30)
        if self.fails is not None:
            raise self.fails
        for text in texts:
            if POISON in text:
                raise self.poisoned(text)
        return [self._read(text, context) for text in texts]

    def _read(self, text: str, context: Context) -> Classification:
        provenance = Provenance(classifier=self.name, model=self.model)
        if QUIET in text or not text.strip():
            return Classification(insights=(), provenance=provenance)
        labels = context.taxonomy.labels("compliance")
        insight = Insight(labels=labels, evidence=Evidence(text, 0, len(text)), confidence=0.9, unsure=False)
        return Classification(insights=(insight,), provenance=provenance)

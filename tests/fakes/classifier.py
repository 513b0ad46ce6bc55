"""A classifier that answers by script, in vocabulary words: for tests of what stands around a classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Event

from classifiers.errors import ClassifierError
from classifiers.evidence import find_quote
from classifiers.protocol import Context
from classifiers.vocabulary import Classification, Insight, Provenance

Answer = tuple[str, str]
"""A theme and a persona, by key."""


class ScriptedClassifier:
    """Find the scripted words in a text, each an insight with the labels that the script gives it.

    A text that holds none of the words has no insight. ``fail_on`` gives words whose texts raise, ``wait_for`` an
    event without which no answer is given; ``asked`` says which texts came, in order.
    """

    name = "local"
    model = "scripted-1"

    def __init__(
        self,
        script: Mapping[str, Answer] | None = None,
        *,
        confidence: float = 0.9,
        unsure_below: float = 0.5,
        fail_on: Mapping[str, ClassifierError] | None = None,
        wait_for: Event | None = None,
    ) -> None:
        self._script = dict(script or {})
        self._confidence = confidence
        self._unsure_below = unsure_below
        self._fail_on = dict(fail_on or {})
        self._wait_for = wait_for
        self.asked: list[str] = []
        self.was_asked = Event()

    def fail(self, words: str, error: ClassifierError) -> None:
        """From now on a text with these words raises."""
        self._fail_on[words] = error

    def recover(self) -> None:
        """From now on nothing raises."""
        self._fail_on.clear()

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        self.asked += texts
        self.was_asked.set()
        if self._wait_for is not None and not self._wait_for.wait(timeout=30):
            message = "the test never let the scripted classifier answer"
            raise AssertionError(message)
        return [self._answer(text, context) for text in texts]

    def _answer(self, text: str, context: Context) -> Classification:
        for words, error in self._fail_on.items():
            if words in text:
                raise error
        found = (self._insight(text, words, context) for words in self._script)
        insights = sorted((each for each in found if each), key=lambda each: each.evidence.start)
        return Classification(tuple(insights), Provenance(self.name, self.model))

    def _insight(self, text: str, words: str, context: Context) -> Insight | None:
        evidence = find_quote(text, words)
        if evidence is None:
            return None
        labels = context.taxonomy.labels(*self._script[words])
        return Insight(labels, evidence, self._confidence, self._confidence < self._unsure_below)

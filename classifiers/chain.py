"""The chain: which classifier answers, and what happens when the language model cannot. Nothing here raises for it.

Budget and breaker are asked before the model; whatever it fails with, the local classifier answers, and the
provenance says that it was a fall-back and why, so that the text can be asked again later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from classifiers.breaker import Breaker
from classifiers.errors import BudgetSpentError, ClassifierError, RefusedError, ReplyError
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification, Hindrance

Monotonic = Callable[[], float]
"""Tells the seconds of a clock that never goes back."""
Report = Callable[[ClassifierError], None]
"""Is told each failure of the model; its message quotes no text."""

_Answer = Classification | Hindrance


class LlmWithFallback:
    """Ask the language model; where it cannot answer, the local classifier does."""

    name = "llm"

    def __init__(self, llm: Classifier, local: Classifier, *, clock: Monotonic, report: Report) -> None:
        """Take both, the clock of the breaker, and who is told of failures."""
        self._llm = llm
        self._local = local
        self._clock = clock
        self._report = report
        self._breaker = Breaker()
        self._lock = Lock()

    @property
    def model(self) -> str:
        """Name the language model."""
        return self._llm.model

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text. Raises only what the local classifier raises."""
        answers = self._ask(texts, context) if texts else []
        missing = [text for text, answer in zip(texts, answers, strict=True) if isinstance(answer, Hindrance)]
        local = iter(self._local.classify(missing, context) if missing else [])
        return [_fallen_back(next(local), each) if isinstance(each, Hindrance) else each for each in answers]

    def _ask(self, texts: Sequence[str], context: Context) -> Sequence[_Answer]:
        """Answer each text, or say what kept the model from it."""
        if not context.may_spend():
            return [Hindrance.BUDGET] * len(texts)
        if not self._admitted():
            return [Hindrance.RESTING] * len(texts)
        try:
            answers = self._llm.classify(texts, context)
        except (ReplyError, RefusedError) as error:
            if len(texts) > 1:
                # One text of them may be at fault: it must not take the answers of the others along.
                return [answer for text in texts for answer in self._ask([text], context)]
            return [self._failed(error)]
        except ClassifierError as error:
            return [self._failed(error)] * len(texts)
        self._answered()
        return answers

    def _admitted(self) -> bool:
        with self._lock:
            self._breaker, admitted = self._breaker.admit(self._clock())
        return admitted

    def _answered(self) -> None:
        with self._lock:
            self._breaker = self._breaker.answered()

    def _failed(self, error: ClassifierError) -> Hindrance:
        asked = getattr(error, "retry_after_seconds", None) or 0.0
        with self._lock:
            self._breaker = self._breaker.failed(self._clock(), asked_seconds=asked)
        self._report(error)
        return _hindrance_of(error)


class LocalThenLlm:
    """Read locally, and ask the language model only about texts with an insight below the calibrated confidence.

    A text in which nothing is found has no confidence and is not asked about.
    """

    name = "local-then-llm"

    def __init__(self, local: Classifier, llm: LlmWithFallback) -> None:
        """Take the local classifier, and the model with its fall-back."""
        self._local = local
        self._llm = llm

    @property
    def model(self) -> str:
        """Name both models."""
        return f"{self._local.model}, then {self._llm.model}"

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text. Raises only what the local classifier raises."""
        found = self._local.classify(texts, context)
        unsure = [place for place, each in enumerate(found) if any(insight.unsure for insight in each.insights)]
        second = self._llm.classify([texts[place] for place in unsure], context)
        for place, classification in zip(unsure, second, strict=True):
            found[place] = classification
        return found


def _fallen_back(classification: Classification, hindrance: Hindrance) -> Classification:
    provenance = replace(classification.provenance, fallback=True, hindrance=hindrance)
    return replace(classification, provenance=provenance)


def _hindrance_of(error: ClassifierError) -> Hindrance:
    match error:
        case BudgetSpentError():
            return Hindrance.BUDGET
        case RefusedError():
            return Hindrance.REFUSED
        case ReplyError():
            return Hindrance.UNUSABLE
        case _:
            return Hindrance.UNAVAILABLE

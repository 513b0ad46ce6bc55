"""The chain: which classifier answers, and what happens when the language model cannot. Nothing here raises for it.

Budget and breaker are asked before the model; whatever it fails with, the local classifier answers, and the
provenance says that it was a fall-back and why, so that the text can be asked again later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from classifiers.breaker import Breaker
from classifiers.errors import BudgetSpentError, ClassifierError, RefusedError, ReplyError
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification, Hindrance, Usage

Monotonic = Callable[[], float]
"""Tells the seconds of a clock that never goes back."""
Report = Callable[[ClassifierError], None]
"""Is told each failure of the model; its message quotes no text."""

_NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class _Hindered:
    """Hold why the model did not answer a text, and what asking it cost."""

    why: Hindrance
    usage: Usage = _NOTHING


_Answer = Classification | _Hindered


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
        missing = [text for text, answer in zip(texts, answers, strict=True) if isinstance(answer, _Hindered)]
        local = iter(self._local.classify(missing, context) if missing else [])
        return [_fallen_back(next(local), each) if isinstance(each, _Hindered) else each for each in answers]

    def _ask(self, texts: Sequence[str], context: Context) -> list[_Answer]:
        """Answer each text, or say what kept the model from it."""
        if not context.may_spend():
            return [_Hindered(Hindrance.BUDGET)] * len(texts)
        if not self._admitted():
            return [_Hindered(Hindrance.RESTING)] * len(texts)
        try:
            answers = self._llm.classify(texts, context)
        except (ReplyError, RefusedError) as error:
            if len(texts) > 1:
                # One text of them may be at fault: it must not take the answers of the others along.
                alone = [answer for text in texts for answer in self._ask([text], context)]
                return [_charged(alone[0], error.usage), *alone[1:]]
            return [_charged(self._failed(error), error.usage)]
        except ClassifierError as error:
            hindered = self._failed(error)
            return [_charged(hindered, error.usage), *([hindered] * (len(texts) - 1))]
        self._answered()
        return [*answers]

    def _admitted(self) -> bool:
        with self._lock:
            self._breaker, admitted = self._breaker.admit(self._clock())
        return admitted

    def _answered(self) -> None:
        with self._lock:
            self._breaker = self._breaker.answered()

    def _failed(self, error: ClassifierError) -> _Hindered:
        asked = getattr(error, "retry_after_seconds", None) or 0.0
        with self._lock:
            self._breaker = self._breaker.failed(self._clock(), asked_seconds=asked)
        self._report(error)
        return _Hindered(_hindrance_of(error))


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


def _fallen_back(classification: Classification, hindered: _Hindered) -> Classification:
    provenance = replace(classification.provenance, fallback=True, hindrance=hindered.why)
    return _charge(replace(classification, provenance=provenance), hindered.usage)


def _charged(answer: _Answer, usage: Usage) -> _Answer:
    """Add to an answer what was spent in vain on the way to it, so that the budget counts it."""
    if isinstance(answer, Classification):
        return _charge(answer, usage)
    return replace(answer, usage=answer.usage + usage)


def _charge(classification: Classification, usage: Usage) -> Classification:
    provenance = classification.provenance
    return replace(classification, provenance=replace(provenance, usage=provenance.usage + usage))


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

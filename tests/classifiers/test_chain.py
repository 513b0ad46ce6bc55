from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from classifiers.breaker import FAILURES, FIRST_REST_SECONDS
from classifiers.chain import LlmWithFallback, LocalThenLlm
from classifiers.errors import BudgetSpentError, ClassifierError, ModelError, RefusedError, ReplyError, UnavailableError
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Hindrance, Provenance, Usage
from tests.scripted_classifier import QUIET, ScriptedClassifier

CONTEXT = Context(load_taxonomy())
TEXTS = ["We need audit logs.", "Too many clicks.", "It is slow."]


@dataclass
class Chain:
    """The chain over two scripted classifiers, with its clock and its reports in the test's hand."""

    llm: ScriptedClassifier = field(default_factory=lambda: ScriptedClassifier(name="llm", model="big-1"))
    local: ScriptedClassifier = field(default_factory=lambda: ScriptedClassifier(name="local", model="small-1"))
    now: float = 0.0
    reported: list[ClassifierError] = field(default_factory=list)
    llm_first: LlmWithFallback = field(init=False)

    def __post_init__(self) -> None:
        self.llm_first = LlmWithFallback(self.llm, self.local, clock=lambda: self.now, report=self.reported.append)

    def classify(self, *texts: str, context: Context = CONTEXT) -> list[Provenance]:
        return [each.provenance for each in self.llm_first.classify(texts or TEXTS, context)]

    def fail(self, times: int = FAILURES) -> None:
        self.llm.fails = UnavailableError("no answer")
        for _ in range(times):
            self.classify("again")


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_the_model_answers_where_it_can_and_the_local_classifier_is_not_asked(chain: Chain) -> None:
    assert [(each.classifier, each.fallback, each.hindrance) for each in chain.classify()] == [("llm", False, None)] * 3
    assert chain.local.asked == []


@pytest.mark.parametrize(
    ("error", "hindrance"),
    [
        (UnavailableError("no answer"), Hindrance.UNAVAILABLE),
        (RefusedError("wrong key"), Hindrance.REFUSED),
        (ReplyError("no JSON"), Hindrance.UNUSABLE),
        (BudgetSpentError("spent"), Hindrance.BUDGET),
    ],
)
def test_whatever_the_model_fails_with_the_local_classifier_answers_and_says_why(
    chain: Chain, error: ClassifierError, hindrance: Hindrance
) -> None:
    chain.llm.fails = error

    (told,) = chain.classify("We need audit logs.")

    assert (told.classifier, told.model, told.fallback, told.hindrance) == ("local", "small-1", True, hindrance)
    assert chain.reported == [error]


def test_a_failing_fall_back_is_an_error_and_never_an_empty_answer(chain: Chain) -> None:
    chain.llm.fails, chain.local.fails = UnavailableError("no answer"), ModelError("damaged")

    with pytest.raises(ModelError):
        chain.classify()


class Picky(ScriptedClassifier):
    """Cannot answer a request that holds an odd text."""

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        if any("odd" in text for text in texts):
            message = "the quote does not stand in the text"
            raise ReplyError(message)
        return super().classify(texts, context)


def test_one_text_that_the_model_cannot_answer_does_not_take_the_others_along() -> None:
    chain = Chain(llm=Picky(name="llm", model="big-1"))

    told = chain.classify(TEXTS[0], "odd", TEXTS[1])

    assert [each.classifier for each in told] == ["llm", "local", "llm"]
    assert [each.hindrance for each in told] == [None, Hindrance.UNUSABLE, None]


def test_what_was_spent_in_vain_is_kept_with_the_answer_of_the_fall_back(chain: Chain) -> None:
    chain.llm.fails = ReplyError("no JSON")
    chain.llm.fails.usage = Usage(tokens_in=100, tokens_out=10)

    (told,) = chain.classify("We need audit logs.")
    assert (told.usage.tokens_in, told.usage.tokens_out) == (100, 10)

    together = chain.classify(*TEXTS[:2])
    assert sum(each.usage.tokens_in for each in together) == 300, "one request for both, then one for each"


def test_after_repeated_failures_the_model_is_left_alone_until_its_rest_is_over(chain: Chain) -> None:
    chain.fail()
    asked = len(chain.llm.asked)

    (resting,) = chain.classify("one more")
    assert (resting.fallback, resting.hindrance) == (True, Hindrance.RESTING)
    assert len(chain.llm.asked) == asked

    chain.now, chain.llm.fails = FIRST_REST_SECONDS, None
    assert [each.classifier for each in chain.classify()] == ["llm"] * 3


def test_a_failed_trial_is_followed_by_a_longer_rest(chain: Chain) -> None:
    chain.fail()
    chain.now = FIRST_REST_SECONDS
    chain.classify("trial")

    chain.now, chain.llm.fails = 2 * FIRST_REST_SECONDS + 1, None
    assert chain.classify("too early")[0].hindrance is Hindrance.RESTING
    chain.now = 3 * FIRST_REST_SECONDS
    assert chain.classify("now")[0].hindrance is None


def test_a_spent_budget_asks_the_model_nothing_and_is_no_failure_of_it(chain: Chain) -> None:
    broke = replace(CONTEXT, may_spend=lambda: False)
    for _ in range(FAILURES + 1):
        assert {each.hindrance for each in chain.classify(context=broke)} == {Hindrance.BUDGET}
    assert chain.llm.asked == []

    assert {each.hindrance for each in chain.classify()} == {None}


def test_nothing_to_read_asks_nobody(chain: Chain) -> None:
    assert chain.llm_first.classify([], CONTEXT) == []
    assert chain.llm.asked == chain.local.asked == []


@dataclass
class Doubting(ScriptedClassifier):
    """Is unsure of whatever it reads that says perhaps."""

    def _read(self, text: str, context: Context) -> Classification:
        found = super()._read(text, context)
        return replace(found, insights=tuple(replace(each, unsure="perhaps" in text) for each in found.insights))


def test_local_then_llm_asks_the_model_only_about_what_the_local_classifier_is_unsure_of() -> None:
    chain = Chain(local=Doubting(name="local", model="small-1"))

    found = LocalThenLlm(chain.local, chain.llm_first).classify(["Sure.", "Slow, perhaps.", QUIET], CONTEXT)

    assert chain.llm.asked == [("Slow, perhaps.",)]
    assert [each.provenance.classifier for each in found] == ["local", "llm", "local"]
    assert not any(each.provenance.fallback for each in found)


def test_local_then_llm_keeps_the_local_answer_when_the_model_fails_and_marks_it() -> None:
    chain = Chain(local=Doubting(name="local", model="small-1"))
    chain.llm.fails = UnavailableError("no answer")

    found = LocalThenLlm(chain.local, chain.llm_first).classify(["Sure.", "Slow, perhaps."], CONTEXT)

    assert [(each.provenance.classifier, each.provenance.fallback) for each in found] == [
        ("local", False),
        ("local", True),
    ]

"""What every classifier promises; a new one joins the fixture at the end and is held to all of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise

import pytest

from classifiers.chain import LlmWithFallback
from classifiers.errors import ClassifierError, UnavailableError
from classifiers.local import LocalClassifier
from classifiers.memory import WithMemory
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification
from tests.classifiers.odd_texts import ODD_TEXTS
from tests.openai_stand_in import OpenAIStandIn
from tests.scripted_classifier import QUIET, ScriptedClassifier

ORDINARY = [
    "Our auditor wants to see who changed each figure.",
    "Every page takes a minute to load. Procurement says the renewal is too expensive.",
    f"Thanks all, great demo! {QUIET}",
]


@pytest.mark.parametrize("text", [*ODD_TEXTS.values(), *ORDINARY], ids=[*ODD_TEXTS, "audit", "both", "thanks"])
def test_every_insight_keeps_the_rules(classifier: Classifier, context: Context, text: str) -> None:
    found = classifier.classify([text], context)[0]
    for insight in found.insights:
        quoted = insight.evidence
        assert text[quoted.start : quoted.end] == quoted.quote
        assert insight.labels == context.taxonomy.labels(insight.labels.theme, insight.labels.persona)
        assert 0 <= insight.confidence <= 1
    starts = [insight.evidence.start for insight in found.insights]
    assert all(one <= other for one, other in pairwise(starts))
    told = [(insight.labels, insight.evidence) for insight in found.insights]
    assert len(told) == len(set(told))


def test_each_text_gets_its_answer_in_order(classifier: Classifier, context: Context) -> None:
    together = classifier.classify(ORDINARY, context)
    alone = [classifier.classify([text], context)[0] for text in ORDINARY]
    assert list(map(essence, together)) == list(map(essence, alone))


def test_no_text_gives_no_answer(classifier: Classifier, context: Context) -> None:
    assert classifier.classify([], context) == []


def test_text_without_a_problem_gives_no_insight(classifier: Classifier, context: Context) -> None:
    assert classifier.classify([ORDINARY[-1], ""], context)[0].insights == ()


def test_answer_names_who_gave_it(classifier: Classifier, context: Context) -> None:
    provenance = classifier.classify(ORDINARY[:1], context)[0].provenance
    assert (provenance.classifier, provenance.model) == (classifier.name, classifier.model)


def test_several_threads_get_the_same_answers(classifier: Classifier, context: Context) -> None:
    expected = list(map(essence, classifier.classify(ORDINARY, context)))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: classifier.classify(ORDINARY, context), range(12)))
    assert all(list(map(essence, answer)) == expected for answer in answers)


def test_failure_raises_and_is_never_an_empty_answer(context: Context) -> None:
    broken = ScriptedClassifier(fails=UnavailableError("the model does not answer; ask again later"))
    with pytest.raises(ClassifierError):
        broken.classify(ORDINARY, context)


def essence(classification: Classification) -> object:
    return classification.insights, classification.side


def chain() -> LlmWithFallback:
    model = ScriptedClassifier(name="llm", model="big-1")
    return LlmWithFallback(model, ScriptedClassifier(), clock=lambda: 0.0, report=lambda _: None)


@contextmanager
def asked_over_the_network() -> Iterator[Classifier]:
    server = OpenAIStandIn()
    try:
        yield server.classifier()
    finally:
        server.close()


@pytest.fixture(
    scope="module",
    params=[
        lambda: nullcontext(LocalClassifier.load()),
        lambda: nullcontext(ScriptedClassifier()),
        asked_over_the_network,
        lambda: nullcontext(chain()),
        lambda: nullcontext(WithMemory(LocalClassifier.load())),
    ],
    ids=["local", "scripted", "llm", "chain", "memory"],
)
def classifier(request: pytest.FixtureRequest) -> Iterator[Classifier]:
    build: Callable[[], AbstractContextManager[Classifier]] = request.param
    with build() as built:
        yield built


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(taxonomy=load_taxonomy())

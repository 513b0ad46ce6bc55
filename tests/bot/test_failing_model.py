"""The worker against a model's endpoint that fails in every way while messages stream in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from bot.contexts import TeamContexts
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.worker import Worker
from classifiers.breaker import FAILURES, FIRST_REST_SECONDS
from classifiers.chain import LlmWithFallback
from classifiers.errors import ClassifierError
from storage.database import Database
from storage.errors import DatabaseUnavailableError
from storage.ids import FeedbackId
from storage.rows import ClassificationRow
from storage.vocabulary import FeedbackState
from tests.bot.running import Running, make_running
from tests.hand_clock import HandClock
from tests.openai_stand_in import (
    Fault,
    OpenAIStandIn,
    Sent,
    answers,
    cut_off,
    damaged,
    fails,
    insight,
    openai,  # noqa: F401 - a fixture
    page,
    refuses_format,
    says,
)
from tests.scripted_classifier import ScriptedClassifier
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures

MAIL, PHONE, TOKEN = "anna.schmidt@acme.example", "+49 170 1234567", "xoxb-1234567890-abcdefghijklmnop"
RELEASED = Event()


def reply(*messages: dict[str, Any]) -> str:
    return json.dumps({"messages": messages})


def slow(_request: dict[str, Any]) -> Sent:
    """Answer when whoever asked has long gone."""
    return Sent(after=RELEASED)


FAULTS: dict[str, Fault] = {
    "401": fails(401, code="invalid_api_key"),
    "404 model": fails(404, code="model_not_found"),
    "429": fails(429, retry_after="1"),
    "500": fails(500),
    "slow": slow,
    "cut stream": cut_off,
    "half an object": damaged,
    "a web page": page(),
    "a web page that is not found": page(404),
    "no JSON": says("I would say that this is a customer problem."),
    "refusal": says(None, refusal="I cannot help with that."),
    "empty choices": answers({"id": "x", "object": "chat.completion", "model": "m", "created": 1, "choices": []}),
    "a wrong label": says(reply({"id": "m1", "insights": [insight("audit", theme="world_peace")]})),
    "an invented quote": says(reply({"id": "m1", "insights": [insight("words that nobody said")]})),
    "a duplicate id": says(reply({"id": "m1", "insights": []}, {"id": "m1", "insights": []})),
}


@dataclass
class Stream:
    """Hold a bot whose worker asks the stand-in's model first, and what streamed in."""

    running: Running
    worker: Worker
    openai: OpenAIStandIn
    reported: list[ClassifierError]
    now: float = 0.0

    def hear(self, count: int) -> list[FeedbackId]:
        return [self._hear(f"{MAIL} ({PHONE}) says {TOKEN}: audit {number}") for number in range(count)]

    def _hear(self, words: str) -> FeedbackId:
        while True:
            with suppress(DatabaseUnavailableError):  # on a busy machine: Slack would deliver it again
                return self.running.hear(words)[0]

    def work(self) -> None:
        while self.worker.turn() == 0.0:
            pass

    def readings(self) -> list[ClassificationRow]:
        with self.running.database.reading() as session:
            return list(session.scalars(select(ClassificationRow).order_by(ClassificationRow.classification_id)))

    def assert_each_classified_once(self, ids: list[FeedbackId]) -> None:
        assert {self.running.feedback(each).state for each in ids} == {FeedbackState.CLASSIFIED}
        assert Counter(row.feedback_id for row in self.readings()) == dict.fromkeys(ids, 1)

    def assert_nothing_personal_was_sent(self) -> None:
        sent = json.dumps(self.openai.requests)
        assert [secret for secret in (MAIL, PHONE, TOKEN, "anna.schmidt", "1234567") if secret in sent] == []


@pytest.fixture
def stream(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
) -> Iterator[Stream]:
    RELEASED.clear()
    running = make_running(slack, workspace, slack_clock, sqlite_database)
    stream = Stream(running, running.worker, openai, [])
    chain = LlmWithFallback(
        openai.classifier(timeout_seconds=0.5),
        ScriptedClassifier(name="local", model="test-1"),
        clock=lambda: stream.now,
        report=stream.reported.append,
    )
    stream.worker = replace(running.worker, classifier=chain, context_of=contexts(running, None).of)
    yield stream
    RELEASED.set()


def contexts(running: Running, daily_tokens: int | None) -> TeamContexts:
    parts = running.parts
    return TeamContexts(parts.store, parts.taxonomy_of, parts.clock, "UTC", None, daily_tokens)


@contextmanager
def streaming(stream: Stream, count: int, into: list[FeedbackId]) -> Iterator[None]:
    """Let messages come in on a thread of their own meanwhile."""
    thread = Thread(target=lambda: into.extend(stream.hear(count)))
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_the_endpoint_does_each_message_is_classified_once_and_locally(stream: Stream, fault: Fault) -> None:
    stream.openai.always(fault)
    ids = stream.hear(2)
    with streaming(stream, 8, ids):
        stream.work()
    stream.work()

    stream.assert_each_classified_once(ids)
    stream.assert_nothing_personal_was_sent()
    assert all(row.fallback and row.classifier == "local" for row in stream.readings()), "marked for asking again"
    again = stream.running.parts.store.readings.count_again(stream.running.team, since=stream.running.clock())
    assert again == len(ids)
    assert 1 <= len(stream.reported) <= FAILURES


def test_when_the_endpoint_is_well_again_the_model_answers_after_the_rest(stream: Stream) -> None:
    stream.openai.once(*[fails(500)] * FAILURES)
    for _ in range(FAILURES + 1):
        stream.hear(1)
        stream.work()
    asked = len(stream.openai.requests)
    assert asked == FAILURES, "the breaker let more through"

    stream.now = FIRST_REST_SECONDS
    ids = stream.hear(1)
    stream.work()

    assert stream.readings()[-1].classifier == "llm"
    assert not stream.readings()[-1].fallback
    (found,) = stream.running.feedback(ids[0]).insights
    assert found.said is not None


def test_a_server_without_schemas_is_asked_in_its_own_way_and_answers(stream: Stream) -> None:
    stream.openai.always(refuses_format("json_schema"))
    ids = stream.hear(3)

    stream.work()

    stream.assert_each_classified_once(ids)
    assert {row.classifier for row in stream.readings()} == {"llm"}


def test_failures_of_every_kind_in_turn_lose_and_double_nothing(stream: Stream) -> None:
    stream.openai.once(*FAULTS.values())
    ids: list[FeedbackId] = []
    with streaming(stream, 40, ids):
        for _ in range(10):
            stream.work()
            stream.now += FIRST_REST_SECONDS * 20
    stream.work()

    stream.assert_each_classified_once(ids)
    stream.assert_nothing_personal_was_sent()


def test_a_spent_budget_ends_the_asking_and_not_the_reading(stream: Stream) -> None:
    stream.worker = replace(stream.worker, context_of=contexts(stream.running, 1).of)
    ids = stream.hear(1)
    stream.work()
    asked = len(stream.openai.requests)
    assert stream.readings()[-1].tokens_in > 0

    ids += stream.hear(5)
    stream.work()

    stream.assert_each_classified_once(ids)
    assert len(stream.openai.requests) == asked
    assert Counter(row.hindrance for row in stream.readings()) == {None: 1, "budget": 5}


def test_a_budget_of_nothing_never_calls(stream: Stream) -> None:
    stream.worker = replace(stream.worker, context_of=contexts(stream.running, 0).of)
    ids = stream.hear(3)

    stream.work()

    stream.assert_each_classified_once(ids)
    assert stream.openai.requests == []

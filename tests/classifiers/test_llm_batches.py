"""Texts that share a request find their own answers, and none suffers from its neighbours."""

import json

import pytest

from classifiers.batches import LONGEST_PIECE, MOST_TOGETHER
from classifiers.endpoint import Prices
from classifiers.errors import RefusedError, UnavailableError
from classifiers.protocol import Context, Example
from classifiers.vocabulary import Usage
from tests.classifiers.asking import AUDIT, SLOW, context, reply
from tests.openai_stand_in import (
    OpenAIStandIn,
    answers,
    completion,
    fails,
    insight,
    messages_in,
    openai,
    says,
)

__all__ = ["context", "openai"]


def test_short_texts_share_a_request_and_its_cost(openai: OpenAIStandIn, context: Context) -> None:
    found = openai.classifier(prices=Prices(1.0, 1.0)).classify([AUDIT, SLOW, "thanks, nothing to see"], context)
    assert len(openai.requests) == 1
    assert [len(one.insights) for one in found] == [1, 1, 0]
    assert [one.insights[0].evidence.quote for one in found[:2]] == [AUDIT, SLOW]
    assert sum(one.provenance.usage.tokens_in for one in found) == 1000
    assert sum(one.provenance.usage.tokens_out for one in found) == 100
    assert sum(one.provenance.usage.cost or 0 for one in found) == pytest.approx(0.0011)


@pytest.mark.parametrize(
    "names",
    [["m1"], ["m1", "m1"], ["m1", "m3"], ["m1", "m2", "m3"], [], ["m1", None]],
    ids=["missing", "twice", "strange", "too many", "none", "unnamed"],
)
def test_wrong_ids_make_each_message_be_asked_alone(
    openai: OpenAIStandIn, context: Context, names: list[str | None]
) -> None:
    openai.once(answers(completion(reply(names))))
    found = openai.classifier().classify([AUDIT, SLOW], context)
    assert [list(messages_in(request).values()) for request in openai.requests] == [[AUDIT, SLOW], [AUDIT], [SLOW]]
    assert [one.insights[0].evidence.quote for one in found] == [AUDIT, SLOW]
    assert sum(one.provenance.usage.tokens_in for one in found) == 3000


def test_quote_of_another_message_is_refused(openai: OpenAIStandIn, context: Context) -> None:
    openai.once(says(reply(["m1", "m2"], AUDIT)))
    found = openai.classifier().classify([AUDIT, SLOW], context)
    assert [one.insights[0].evidence.quote for one in found] == [AUDIT, SLOW]
    assert len(openai.requests) == 3


def test_message_that_is_declined_does_not_take_its_neighbours_along(openai: OpenAIStandIn, context: Context) -> None:
    openai.once(fails(400, code="content_filter"))
    found = openai.classifier().classify([AUDIT, SLOW], context)
    assert [one.insights[0].evidence.quote for one in found] == [AUDIT, SLOW]
    assert len(openai.requests) == 3


def test_example_of_two_messages_is_told_once(openai: OpenAIStandIn, context: Context) -> None:
    likeness = iter([0.5, 0.9, 0.4])
    own = Context(context.taxonomy, lambda *_: [Example("too dear", None, next(likeness))])
    openai.classifier().classify([AUDIT, SLOW, "Thanks!"], own)
    assert openai.requests[0]["messages"][1]["content"].count("too dear") == 1


def test_answers_in_another_order_find_their_messages(openai: OpenAIStandIn, context: Context) -> None:
    parts = [{"id": "m2", "insights": [insight(SLOW)]}, {"id": "m1", "insights": []}]
    openai.once(says(json.dumps({"messages": parts})))
    found = openai.classifier().classify([AUDIT, SLOW], context)
    assert [len(one.insights) for one in found] == [0, 1]


def test_requests_at_once_are_bounded_over_all_threads(openai: OpenAIStandIn, context: Context) -> None:
    texts = [f"{AUDIT} {number}" for number in range(MOST_TOGETHER * 6)]
    found = openai.classifier(concurrency=2).classify(texts, context)
    assert [one.insights[0].evidence.quote for one in found] == [text.rstrip(".") for text in texts]
    assert len(openai.requests) == 6
    assert openai.most_at_once <= 2


def test_failure_among_several_requests_tells_what_all_cost(openai: OpenAIStandIn, context: Context) -> None:
    openai.always(lambda request: fails(500)(request) if "poison" in str(request["messages"][1]) else None)
    texts = [f"{AUDIT} {number}" for number in range(MOST_TOGETHER)]
    with pytest.raises(UnavailableError) as caught:
        openai.classifier(concurrency=1).classify([*texts, "poison"], context)
    assert caught.value.usage.tokens_in == 1000


def test_failure_before_anything_is_bought_costs_nothing(openai: OpenAIStandIn, context: Context) -> None:
    openai.always(fails(401))
    with pytest.raises(RefusedError) as caught:
        openai.classifier().classify([AUDIT], context)
    assert caught.value.usage == Usage()


def test_long_text_is_read_to_its_end(openai: OpenAIStandIn, context: Context) -> None:
    text = "nothing to see here\n" * (2 * LONGEST_PIECE // 20) + AUDIT
    openai.model = lambda message: [insight(AUDIT)] if AUDIT in message else []
    evidence = openai.classifier().classify([text], context)[0].insights[0].evidence
    assert (evidence.start, evidence.end) == (len(text) - len(AUDIT), len(text))
    assert max(len(words) for request in openai.requests for words in messages_in(request).values()) <= LONGEST_PIECE

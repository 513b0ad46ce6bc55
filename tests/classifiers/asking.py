"""What the tests of the language-model classifier ask it, and what its stand-in answers."""

import json

import pytest

from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from tests.openai_stand_in import (
    answers,
    completion,
    insight,
    says,
)

AUDIT = "Our auditor wants to see who changed each figure."
SLOW = "Every page takes a minute to load."
NONE = '{"messages": [{"id": "m1", "insights": []}]}'
UNUSABLE = {
    "no JSON": says("I could not find anything."),
    "half an object": says('{"messages": [{"id": "m1", "ins'),
    "refusal": says(None, refusal="I cannot help with that."),
    "no choices": answers({**completion(NONE), "choices": []}),
    "empty": says(""),
    "nothing": says(None),
    "cut off": says(NONE, finish_reason="length"),
    "filtered": says(NONE, finish_reason="content_filter"),
    "odd choice": answers({**completion(NONE), "choices": ["none"]}),
    "odd message": answers({**completion(NONE), "choices": [{"message": "none"}]}),
    "another id": says(NONE.replace("m1", "m2")),
    "id twice": says('{"messages": [{"id": "m1", "insights": []}, {"id": "m1", "insights": []}]}'),
}


def reply(names: list[str | None], quote: str | None = None) -> str:
    given = [insight(quote)] if quote else []
    return json.dumps({"messages": [{"id": name, "insights": given} for name in names]})


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(taxonomy=load_taxonomy())

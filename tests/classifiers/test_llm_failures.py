"""What goes wrong at a server is told with what to do next, and what it cost is told too."""

from threading import Event
from typing import Any

import pytest
from openai import OpenAIError

from classifiers.endpoint import Endpoint
from classifiers.errors import ClassifierError, RefusedError, ReplyError, UnavailableError
from classifiers.llm_errors import translated
from classifiers.protocol import Context
from tests.classifiers.asking import AUDIT, UNUSABLE, context
from tests.openai_stand_in import (
    Fault,
    OpenAIStandIn,
    Sent,
    answers,
    cut_off,
    damaged,
    fails,
    insight,
    openai,
    page,
)

__all__ = ["context", "openai"]


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        pytest.param(fails(401, code="invalid_api_key"), RefusedError, "OPENAI_API_KEY", id="wrong key"),
        pytest.param(fails(403), RefusedError, "the key's rights", id="no right"),
        pytest.param(
            fails(404, code="model_not_found", words="The model does not exist"),
            RefusedError,
            "BALLAST_LLM_MODEL",
            id="unknown model",
        ),
        pytest.param(fails(404, words="Not Found"), RefusedError, "OPENAI_BASE_URL", id="no such path"),
        pytest.param(page(404), RefusedError, "OPENAI_BASE_URL", id="page not found"),
        pytest.param(page(200), RefusedError, "OPENAI_BASE_URL", id="page"),
        pytest.param(answers({"ok": True}), RefusedError, "OPENAI_BASE_URL", id="another API"),
        pytest.param(answers(["ok"]), RefusedError, "OPENAI_BASE_URL", id="a list"),
        pytest.param(fails(429, code="insufficient_quota"), RefusedError, "credit", id="no credit"),
        pytest.param(fails(402), RefusedError, "credit", id="payment required"),
        pytest.param(fails(400, code="weird"), RefusedError, "400 weird", id="refused request"),
        pytest.param(fails(418), RefusedError, "refuses the request", id="another refusal"),
        pytest.param(fails(429), UnavailableError, "busy", id="too many requests"),
        pytest.param(fails(500), UnavailableError, "broken", id="broken"),
        pytest.param(page(502), UnavailableError, "broken", id="bad gateway"),
        pytest.param(damaged, UnavailableError, "damaged", id="damaged JSON"),
        pytest.param(cut_off, UnavailableError, "broke off", id="cut stream"),
        pytest.param(fails(400, code="context_length_exceeded"), ReplyError, "this text", id="too long"),
        pytest.param(fails(413), ReplyError, "this text", id="too large"),
        pytest.param(fails(400, code="content_filter"), ReplyError, "this text", id="filtered text"),
    ],
)
def test_failure_says_which_and_what_to_do(
    openai: OpenAIStandIn, context: Context, fault: Fault, error: type[ClassifierError], words: str
) -> None:
    openai.always(fault)
    with pytest.raises(error, match=words) as caught:
        openai.classifier().classify([AUDIT], context)
    assert openai.host in str(caught.value)
    assert len(openai.requests) == 1


def test_endpoint_that_nobody_serves_is_unavailable(openai: OpenAIStandIn, context: Context) -> None:
    classifier = openai.classifier(base_url="http://127.0.0.1:9/v1")
    with pytest.raises(UnavailableError, match="cannot be reached"):
        classifier.classify([AUDIT], context)


def test_base_url_without_its_path_is_told(openai: OpenAIStandIn, context: Context) -> None:
    classifier = openai.classifier(base_url=f"http://{openai.host}")
    with pytest.raises(RefusedError, match="ends in /v1"):
        classifier.classify([AUDIT], context)


def test_slow_server_is_given_up(openai: OpenAIStandIn, context: Context) -> None:
    let_go = Event()
    openai.always(lambda _: Sent(after=let_go))
    try:
        with pytest.raises(UnavailableError, match=r"did not answer in 0\.2 s"):
            openai.classifier(timeout_seconds=0.2).classify([AUDIT], context)
    finally:
        let_go.set()


def test_busy_server_is_asked_again_when_it_says(openai: OpenAIStandIn, context: Context) -> None:
    openai.once(fails(429, retry_after="0.3"), fails(500, retry_after="0.1"))
    assert openai.classifier(max_retries=2).classify([AUDIT], context)[0].insights
    first, second, third = openai.times
    assert second - first >= 0.3
    assert third - second >= 0.1


@pytest.mark.parametrize(
    "headers",
    [{"retry_after": "90"}, {"retry_after": "Sat, 21 Nov 2026 10:01:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}],
    ids=["seconds", "date"],
)
def test_long_wait_is_left_to_whoever_asks_later(
    openai: OpenAIStandIn, context: Context, headers: dict[str, str]
) -> None:
    openai.always(fails(429, **headers))
    with pytest.raises(UnavailableError) as caught:
        openai.classifier(max_retries=2).classify([AUDIT], context)
    assert caught.value.retry_after_seconds == 90
    assert len(openai.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"retry_after": "soon"}, {"retry_after": "Sat, 21 Nov 2026 10:01:30 GMT"}])
def test_wait_that_cannot_be_read_is_unknown(openai: OpenAIStandIn, context: Context, headers: dict[str, str]) -> None:
    openai.always(fails(503, **headers))
    with pytest.raises(UnavailableError) as caught:
        openai.classifier().classify([AUDIT], context)
    assert caught.value.retry_after_seconds is None


def test_refusal_that_nothing_cures_teaches_nothing(openai: OpenAIStandIn, context: Context) -> None:
    openai.once(*[fails(400, words="the JSON of this request is not for us")] * 3)
    classifier = openai.classifier()
    with pytest.raises(RefusedError):
        classifier.classify([AUDIT], context)
    assert classifier.classify([AUDIT], context)[0].insights
    assert openai.requests[-1]["response_format"]["type"] == "json_schema"


def test_failure_of_the_client_itself_is_told() -> None:
    assert isinstance(translated(OpenAIError("words"), Endpoint(model="m")), RefusedError)


@pytest.mark.parametrize("fault", UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_reply_is_asked_for_once_more_with_the_reason(
    openai: OpenAIStandIn, context: Context, fault: Fault
) -> None:
    openai.once(fault)
    found = openai.classifier().classify([AUDIT], context)[0]
    assert found.insights[0].labels.theme == "compliance"
    again = openai.requests[1]["messages"]
    assert [turn["role"] for turn in again] == ["system", "user", "assistant", "user"]
    assert again[-1]["content"].startswith("That reply cannot be used: ")
    assert found.provenance.usage.tokens_in == 2000


@pytest.mark.parametrize("fault", UNUSABLE.values(), ids=UNUSABLE)
def test_reply_that_stays_unusable_is_an_error_and_tells_its_cost(
    openai: OpenAIStandIn, context: Context, fault: Fault
) -> None:
    openai.always(fault)
    with pytest.raises(ReplyError) as caught:
        openai.classifier().classify([AUDIT], context)
    assert len(openai.requests) == 2
    assert (caught.value.usage.tokens_in, caught.value.usage.tokens_out) == (2000, 200)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"theme": "astrology"}, "theme that is not one of the keys"),
        ({"persona": "mary"}, "persona that is not one of the keys"),
        ({"side": "both"}, "side that is not one of the keys"),
        ({"certainty": "very"}, "certainty that is not one of the keys"),
        ({"quote": "Our auditor wants to see who changed every figure."}, "does not stand in the message"),
        ({"quote": ""}, "does not stand in the message"),
    ],
    ids=str,
)
def test_wrong_label_or_invented_quote_is_told_to_the_model(
    openai: OpenAIStandIn, context: Context, changes: dict[str, Any], reason: str
) -> None:
    given = iter([[{**insight(AUDIT), **changes}], [insight(AUDIT)]])
    openai.model = lambda _: next(given)
    assert openai.classifier().classify([AUDIT], context)[0].insights
    assert reason in openai.requests[1]["messages"][-1]["content"]

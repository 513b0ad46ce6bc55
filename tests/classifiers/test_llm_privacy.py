"""What a text holds that is private does not leave, and comes back in the quote."""

import json
import logging

import pytest

from classifiers.errors import RefusedError
from classifiers.protocol import Context
from classifiers.vocabulary import Persona, PersonaEntry
from tests.classifiers.asking import AUDIT, context
from tests.openai_stand_in import (
    OpenAIStandIn,
    Sent,
    fails,
    insight,
    messages_in,
    openai,
)

__all__ = ["context", "openai"]


def test_what_is_private_stays_here_and_comes_back_in_the_quote(openai: OpenAIStandIn, context: Context) -> None:
    text = "Ask jane.doe@example.com (+44 20 7946 0958): the auditor wants the log."
    found = openai.classifier().classify([text], context)[0].insights[0]
    assert messages_in(openai.requests[0])["m1"] == "Ask [[e-mail 1]] ([[phone 1]]): the auditor wants the log."
    assert "jane.doe" not in str(openai.requests)
    assert found.evidence.quote == text
    assert text[found.evidence.start : found.evidence.end] == found.evidence.quote


def test_what_is_private_in_a_persona_stays_here(openai: OpenAIStandIn, context: Context) -> None:
    mary = PersonaEntry(Persona("mary"), "Mary", "signs", "Signs; ask mary@example.com.", aliases=("mary@example.com",))
    openai.classifier().classify([AUDIT], Context(context.taxonomy.with_personas([mary])))
    assert "mary@example.com" not in json.dumps(openai.requests)
    assert "- mary (Mary): Signs; ask [[e-mail 1]]." in openai.requests[0]["messages"][0]["content"]


def test_quote_after_something_private_keeps_its_place(openai: OpenAIStandIn, context: Context) -> None:
    text = "a@example.com and b@example.com say that the export is gone, cc a@example.com"
    openai.model = lambda _: [insight("the export is gone")]
    evidence = openai.classifier().classify([text], context)[0].insights[0].evidence
    assert text[evidence.start : evidence.end] == "the export is gone"


def test_masking_can_be_switched_off(openai: OpenAIStandIn, context: Context) -> None:
    openai.classifier(mask=False).classify(["mail jane@example.com the log"], context)
    assert messages_in(openai.requests[0])["m1"] == "mail jane@example.com the log"


def test_what_was_sent_is_never_logged(
    openai: OpenAIStandIn, context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    openai.once(fails(400, words=f"cannot read: {AUDIT}"))
    with pytest.raises(RefusedError) as caught:
        openai.classifier().classify([AUDIT], context)
    openai.classifier().classify([AUDIT], context)
    logged = "".join(record.getMessage() + str(record.args) for record in caplog.records)
    assert "auditor" not in logged + str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_words_follow_no_redirect(openai: OpenAIStandIn, context: Context) -> None:
    openai.once(lambda _: Sent(307, headers={"location": f"{openai.url}/chat/completions"}))
    with pytest.raises(RefusedError, match="OPENAI_BASE_URL"):
        openai.classifier().classify([AUDIT], context)
    assert len(openai.requests) == 1

"""What an answer shows, and the button that asks for more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.period import Period
from bot.questions import Question, Topic, parse_more, write_more
from bot.sandbox.blocks.surfaces import check_message
from bot.views.answers import PAGE, Found, build_answer
from classifiers.taxonomy import load_taxonomy
from storage.ids import ChannelId, FeedbackId, InsightId
from storage.records import Heard
from storage.vocabulary import ChannelKind, Standing, Voice
from tests.factories import NOW, make_labels

TAXONOMY = load_taxonomy()
PERIOD = Period(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC), "20 Oct – 18 Nov 2026", "UTC")
QUESTION = Question(Topic.SEARCH, "slow export", PERIOD)
LINK = "https://acme.example/archives/C1/p1"


def make_heard(**changes: Any) -> Heard:
    fields: dict[str, Any] = {
        "insight_id": InsightId(7),
        "feedback_id": FeedbackId(3),
        "labels": make_labels(),
        "standing": Standing.SURE,
        "quote": "the export is slow",
        "confidence": 0.9,
        "said_at": NOW,
        "voice": Voice.RELAYED,
        "account": "Hooli",
        "permalink": LINK,
        "channel_id": ChannelId("C1"),
        "channel_kind": ChannelKind.PUBLIC,
    }
    return Heard(**(fields | changes))


def answer(*page: Heard, more: bool = False) -> tuple[str, list[dict[str, Any]]]:
    found = Found(page=page, customer=len(page), user=0, unsure=0, more=more)
    return build_answer(QUESTION, found, TAXONOMY, command="/ballast")


def test_a_quote_links_to_its_message_and_names_account_and_day() -> None:
    _, blocks = answer(make_heard())
    assert f"<{LINK}|Open the message>" in blocks[1]["text"]["text"]
    assert "Hooli · 18 Nov" in blocks[1]["text"]["text"]


def test_a_link_that_an_import_made_up_is_not_shown() -> None:
    _, blocks = answer(make_heard(permalink="javascript:alert(1)"))
    assert "javascript" not in str(blocks)


def test_an_answer_says_of_erased_words_that_they_were_erased() -> None:
    text, blocks = answer(make_heard(quote=""))
    for shown in (text, blocks[1]["text"]["text"]):
        assert "> _The words of this message were erased._" in shown
        assert "“”" not in shown


@given(st.text(min_size=1), st.text(), st.integers(0, PAGE), st.booleans())
def test_whatever_was_said_slack_takes_the_answer(quote: str, account: str, count: int, more: bool) -> None:
    text, blocks = answer(*[make_heard(quote=quote, account=account)] * count, more=more)
    assert not check_message(blocks)
    assert "<!" not in text
    assert "<@" not in text


@given(st.text(min_size=1, max_size=120), st.sampled_from(Topic), st.integers(min_value=1))
def test_a_button_carries_the_whole_question_within_slacks_limit(subject: str, topic: Topic, insight_id: int) -> None:
    question, place = Question(topic, subject, PERIOD), (NOW, InsightId(insight_id))
    value = write_more(question, place)
    assert parse_more(value) == (question, place)
    assert len(write_more(question, (NOW, InsightId(2**62)))) <= 2000


@pytest.mark.parametrize("value", ["", "12:3", "[]", "{}", '{"topic":"persona"}', '{"period":7}', "null"])
def test_a_button_of_another_version_is_answered_with_a_sentence(value: str) -> None:
    with pytest.raises(InputError, match="older version"):
        parse_more(value)

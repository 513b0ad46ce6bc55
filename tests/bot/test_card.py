import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.blocks.surfaces import check_message
from bot.views.card import build_card
from classifiers.vocabulary import Insight
from storage.ids import ChannelId, FeedbackId, InsightId, Origin, TeamId, Ts, UserId
from storage.records import Feedback, Review, StoredInsight
from storage.vocabulary import ChannelKind, FeedbackState, Source, Standing, Verdict, Voice
from tests.bot.listening import TAXONOMY, problem

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
TEXT = "Auditors want to see who changed a figure, and the approve button takes five clicks."
AUDIT = problem(TEXT, "Auditors want to see who changed a figure", "compliance", "technical_gatekeeper")
CLICKS = problem(TEXT, "the approve button takes five clicks", "fewer_steps", confidence=0.4)


def test_a_card_shows_side_with_its_meaning_theme_persona_and_quote() -> None:
    shown = texts_of(make_feedback(AUDIT))
    assert "Customer problem · for those who buy, approve or govern" in shown
    assert f"Compliance · {TAXONOMY.personas[AUDIT.labels.persona].name}" in shown
    assert "> Auditors want to see who changed a figure" in shown
    assert "_Quite sure of side and theme_" in shown


def test_an_unknown_persona_is_not_shown() -> None:
    assert "unknown" not in texts_of(make_feedback(CLICKS)).lower()


def test_an_unsure_insight_is_marked_and_counts_for_nothing_yet() -> None:
    feedback = make_feedback(CLICKS)
    assert "Unsure: not counted until somebody decides" in texts_of(feedback)
    assert build_card(feedback, TAXONOMY)[0].endswith("(unsure)")


def test_the_plain_text_is_complete() -> None:
    text, _ = build_card(make_feedback(AUDIT, CLICKS), TAXONOMY)
    assert text.startswith("Ballast found 2 problems\n")
    assert "Customer problem: Compliance" in text
    assert "the approve button takes five clicks" in text


def test_the_first_block_carries_the_cards_name() -> None:
    assert build_card(make_feedback(AUDIT), TAXONOMY)[1][0]["block_id"] == "card:7"


def test_each_insight_can_be_confirmed_corrected_and_rejected_by_ids_alone() -> None:
    buttons = buttons_of(make_feedback(AUDIT))
    assert [(button["action_id"], button["value"]) for button in buttons] == [
        ("insight.confirm", "1:0"),
        ("insight.correct", "1:0"),
        ("insight.reject", "1:0"),
    ]


@pytest.mark.parametrize(
    ("verdict", "words"), [(Verdict.CONFIRMED, "Confirmed by <@U3>"), (Verdict.CORRECTED, "Corrected by <@U3>")]
)
def test_a_card_names_who_decided_last(verdict: Verdict, words: str) -> None:
    reviews = [make_review(1, Verdict.REJECTED, "U2"), make_review(2, verdict, "U3")]
    shown = texts_of(make_feedback(AUDIT), reviews)
    assert words in shown
    assert "U2" not in shown


def test_a_rejected_insight_is_struck_out_and_can_still_be_corrected() -> None:
    feedback = make_feedback(AUDIT, standing=Standing.REJECTED)
    assert "~Customer problem" in texts_of(feedback)
    assert [button["action_id"] for button in buttons_of(feedback)] == ["insight.correct"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (FeedbackState.WAITING, "has not read"),
        (FeedbackState.FAILED, "could not read"),
        (FeedbackState.ERASED, "were erased"),
        (FeedbackState.CLASSIFIED, "No customer or user problem"),
    ],
)
def test_a_card_without_insights_says_why(state: FeedbackState, words: str) -> None:
    text, blocks = build_card(make_feedback(state=state), TAXONOMY)
    assert words in text
    assert check_message(blocks) == []


@pytest.mark.parametrize(
    "quoted", ["<!channel> look", "&lt;!here&gt;", "<@U9> *now*", "`x` > <https://evil.example|here>"]
)
def test_a_quote_in_a_card_cannot_ping_link_or_format(quoted: str) -> None:
    text, blocks = build_card(make_feedback(problem(quoted, quoted, "speed")), TAXONOMY)
    for shown in [text, *(block["text"]["text"] for block in blocks if "text" in block)]:
        assert not re.search(r"<[!@#h]|@(channel|here)", shown)
    assert all(block["text"]["verbatim"] for block in blocks if "text" in block)


def test_a_card_of_many_long_insights_keeps_slacks_limits_and_says_what_it_leaves_out() -> None:
    long = "w<&> " * 800
    feedback = make_feedback(*[problem(long, long.strip(), "scalability")] * 60)
    text, blocks = build_card(feedback, TAXONOMY)
    assert check_message(blocks) == []
    assert len(text) <= 4000
    assert "and 52 more" in text
    assert "and 52 more" in str(blocks)


def test_a_card_of_erased_words_says_so_and_keeps_what_was_decided() -> None:
    feedback = make_feedback(AUDIT, CLICKS)
    erased = replace(
        feedback,
        text="",
        words_erased_at=AT,
        insights=tuple(replace(insight, said=None) for insight in feedback.insights),
    )
    text, blocks = build_card(erased, TAXONOMY, [make_review(1, Verdict.CONFIRMED, "U3")])
    assert text.startswith("Ballast found 2 problems. The words of this message were erased.")
    assert "Customer problem: Compliance" in text
    assert "“" not in text
    shown = texts_of(erased, [make_review(1, Verdict.CONFIRMED, "U3")])
    assert shown.count("The words of this message were erased.") == 3
    assert "Confirmed by <@U3>" in shown
    assert check_message(blocks) == []


def test_a_card_of_erased_words_in_which_nothing_was_found_says_so() -> None:
    text, _ = build_card(replace(make_feedback(), words_erased_at=AT), TAXONOMY)
    assert text == "The words of this message were erased."


def make_feedback(
    *found: Insight, state: FeedbackState = FeedbackState.CLASSIFIED, standing: Standing | None = None
) -> Feedback:
    insights = tuple(
        StoredInsight(
            insight_id=InsightId(number),
            feedback_id=FeedbackId(7),
            said=insight,
            current=insight.labels,
            standing=standing or (Standing.UNSURE if insight.unsure else Standing.SURE),
            reviews=0,
        )
        for number, insight in enumerate(found, start=1)
    )
    return Feedback(
        feedback_id=FeedbackId(7),
        team_id=TeamId("T100"),
        origin=Origin("slack:C200:1.000000"),
        text=TEXT,
        said_at=AT,
        captured_at=AT,
        source=Source.CHANNEL,
        voice=Voice.RELAYED,
        channel_id=ChannelId("C200"),
        channel_kind=ChannelKind.PUBLIC,
        ts=Ts("1.000000"),
        thread_ts=None,
        reporter=UserId("U1"),
        permalink=None,
        account=None,
        state=state,
        failure=None,
        insights=insights,
    )


def make_review(number: int, verdict: Verdict, reviewer: str) -> Review:
    return Review(
        insight_id=InsightId(1),
        feedback_id=FeedbackId(7),
        number=number,
        verdict=verdict,
        reviewer=UserId(reviewer),
        reviewed_at=AT,
        before=AUDIT.labels,
        after=AUDIT.labels,
    )


def texts_of(feedback: Feedback, reviews: Sequence[Review] = ()) -> str:
    _, blocks = build_card(feedback, TAXONOMY, reviews)
    assert check_message(blocks) == []
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


def buttons_of(feedback: Feedback) -> list[dict[str, Any]]:
    _, blocks = build_card(feedback, TAXONOMY)
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]

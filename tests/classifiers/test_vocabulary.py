import pytest

from classifiers.vocabulary import (
    UNKNOWN_PERSONA,
    Classification,
    Evidence,
    FeedbackSide,
    Insight,
    Labels,
    Persona,
    Provenance,
    Side,
    Theme,
    feedback_side,
)


@pytest.mark.parametrize(
    ("sides", "whole"),
    [
        ([], FeedbackSide.NEITHER),
        ([Side.USER], FeedbackSide.USER),
        ([Side.CUSTOMER, Side.CUSTOMER], FeedbackSide.CUSTOMER),
        ([Side.USER, Side.CUSTOMER, Side.USER], FeedbackSide.BOTH),
    ],
)
def test_side_of_a_text_follows_from_its_insights(sides: list[Side], whole: FeedbackSide) -> None:
    assert feedback_side(sides) is whole


def test_persona_of_a_text_is_that_of_its_first_problem() -> None:
    found = Classification((insight("champion"), insight("administrator")), Provenance("local", "x"))
    assert found.persona == "champion"


def test_persona_of_a_text_without_a_problem_is_unknown() -> None:
    assert Classification((), Provenance("local", "x")).persona == UNKNOWN_PERSONA


@pytest.mark.parametrize(("quote", "start", "end"), [("", 0, 0), ("  ", 0, 2), ("slow", -1, 3), ("slow", 2, 5)])
def test_evidence_needs_words_and_offsets_that_measure_them(quote: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match="evidence of"):
        Evidence(quote=quote, start=start, end=end)


def insight(persona: str) -> Insight:
    labels = Labels(Side.USER, Theme("speed"), Persona(persona))
    return Insight(labels, Evidence("slow", 0, 4), confidence=0.9, unsure=False)

"""Which of the themes that are voiced become insights, told with scores made by hand."""

from collections.abc import Mapping

import numpy as np
import pytest

from classifiers.evidence import Span
from classifiers.grounding import QUOTE_SIGNS
from classifiers.reading import SIDE_SIGNS, SIGNS, THEME_SIGNS, Decision, draft_insights
from classifiers.taxonomy import load_taxonomy
from classifiers.training import layout_of
from classifiers.voicing import Frame, Scores, voice
from classifiers.whose import PERSONA_SIGNS, named_in, persona_signs

TAXONOMY = load_taxonomy()
FRAME = Frame(layout_of(TAXONOMY), {theme: entry.side for theme, entry in TAXONOMY.themes.items()})
WORDS = "It is slow and pricey"


@pytest.mark.parametrize(
    ("side", "voiced", "told"),
    [
        ("user", {"speed": 0.5, "ease_of_use": 0.4}, ["speed"]),
        ("user", {"speed": 0.4, "ease_of_use": 0.5}, ["ease_of_use"]),
        ("both", {"speed": 0.5, "cost": 0.4}, ["cost", "speed"]),
    ],
    ids=["the first is likelier", "the second is likelier", "of two sides"],
)
def test_the_same_words_are_told_once_a_side(side: str, voiced: Mapping[str, float], told: list[str]) -> None:
    drafts = draft_insights(WORDS, scores(side, voiced), FRAME, believing(side), [])
    assert sorted(draft.theme for draft in drafts) == told
    assert len({draft.span for draft in drafts}) == 1


@pytest.mark.parametrize(("likely", "told"), [(0.95, ["cost"]), (0.01, [])], ids=["loud", "faint"])
def test_a_loud_clause_is_a_problem_though_the_whole_seems_to_hold_none(likely: float, told: list[str]) -> None:
    drafts = draft_insights(WORDS, scores("neither", {"cost": likely}), FRAME, believing("neither"), [])
    assert [draft.theme for draft in drafts] == told


@pytest.mark.parametrize("persona", ["champion", "economic_buyer"])
def test_the_persona_is_the_one_for_which_the_decision_takes_what_is_said_of_the_quote(persona: str) -> None:
    drafts = draft_insights(WORDS, scores("user", {"speed": 0.5}, persona), FRAME, believing("user"), [])
    assert [draft.persona for draft in drafts] == [persona]


@pytest.mark.parametrize(
    ("before", "near", "alone", "far"),
    [
        ("The nurses say: ", {"daily_practitioner"}, {"daily_practitioner"}, set()),
        ("The CISO and the nurses say: ", {"technical_gatekeeper", "daily_practitioner"}, set(), set()),
        ("Our CFO sends her regards. ", set(), set(), {"economic_buyer"}),
        ("Our CFO agrees. The nurses say: ", {"daily_practitioner"}, {"daily_practitioner"}, set()),
    ],
    ids=["the sentence", "the sentence names two", "another sentence", "both"],
)
def test_who_is_named_is_a_sign_of_whose_need_it_is(
    before: str, near: set[str], alone: set[str], far: set[str]
) -> None:
    text, said = before + WORDS, scores("user", {"speed": 0.5})
    span, personas = Span(len(before), len(text)), FRAME.layout.personas
    signs = persona_signs(text, said, voice(said, FRAME), span, FRAME, named_in(text, said), alone=True)
    marked = signs.reshape(PERSONA_SIGNS, len(personas))[4:]
    assert [{personas[place] for place in np.flatnonzero(row)} for row in marked] == [near, alone, far]


def scores(side: str, voiced: Mapping[str, float], persona: str = "unknown") -> Scores:
    """Make scores of one token that voices the themes as likely as said, in both voices alike, and a persona."""
    layout = FRAME.layout
    themes = np.array([*(voiced.get(theme, 0.001) for theme in layout.themes), 0.001], dtype=np.float32)
    personas = np.array([5.0 * (name == persona) for name in layout.personas], dtype=np.float32)
    sides = np.array([5.0 * (name == side) for name in layout.sides], dtype=np.float32)
    whole = np.concatenate([sides, np.log(themes), np.zeros_like(personas)])
    place = np.array([[0, len(WORDS)]])
    tokens = np.concatenate([np.log(themes), personas])[None]
    return Scores(whole, whole, tokens, place, [Span(0, len(WORDS))], np.ones(1, dtype=np.float32))


def believing(side: str) -> Decision:
    """Make a decision that takes the side as given, and each theme for as likely as the encoder says."""
    sides = np.zeros((len(FRAME.layout.sides), SIDE_SIGNS + 1), dtype=np.float32)
    sides[FRAME.layout.sides.index(side), -1] = 9
    theme = np.zeros(THEME_SIGNS + 1, dtype=np.float32)
    theme[0] = 1
    personas = len(FRAME.layout.personas)
    persona = np.zeros((personas, PERSONA_SIGNS * personas + 1), dtype=np.float32)
    persona[:, 2 * personas : 3 * personas] = np.eye(personas)  # what the encoder says of the quote
    quote = np.zeros(QUOTE_SIGNS, dtype=np.float32)
    return Decision(sides, theme, quote, persona, np.zeros(SIGNS + 1, dtype=np.float32), 0.0)

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from classifiers.corpus import Item, Message
from classifiers.evidence import Span
from classifiers.linear import Heads, Layout
from classifiers.pointing import point
from classifiers.targets import QUOTE_WEIGHT, SILENT, Target, targets_of
from classifiers.taxonomy import load_taxonomy
from classifiers.training import layout_of
from classifiers.vocabulary import UNKNOWN_PERSONA, FeedbackSide, Persona, Theme

TAXONOMY = load_taxonomy()
COST = Item("It costs far too much", TAXONOMY.labels(Theme("cost"), Persona("economic_buyer")))
SLOW = Item("every page is slow", TAXONOMY.labels(Theme("speed"), Persona("daily_practitioner")))
TEXT = "Hi all. It costs far too much, and every page is slow."


def test_tokens_learn_the_theme_of_the_quote_that_they_stand_in(layout: Layout) -> None:
    whole, *_ = targets(message(COST, SLOW), layout)
    none, cost, speed = len(layout.themes), *(layout.themes.index(theme) for theme in ("cost", "speed"))
    assert whole.token_themes.tolist() == [SILENT, none, none, *[cost] * 5, none, *[speed] * 4, SILENT]
    assert whole.token_personas[3] == layout.personas.index("economic_buyer")


def test_themes_of_a_message_share_what_it_teaches(layout: Layout) -> None:
    whole, *_ = targets(message(COST, SLOW), layout)
    assert whole.themes.sum() == pytest.approx(1)
    assert whole.themes[layout.themes.index("cost")] == whole.themes[layout.themes.index("speed")] == 0.5


def test_each_quote_of_several_is_a_text_of_its_own_at_less_weight(layout: Layout) -> None:
    assert [each.weight for each in targets(message(COST, SLOW), layout)] == [1.0, QUOTE_WEIGHT, QUOTE_WEIGHT]
    assert [each.weight for each in targets(message(COST), layout)] == [1.0]


def test_message_without_a_problem_teaches_each_token_that_there_is_none(layout: Layout) -> None:
    (whole,) = targets(message(), layout)
    assert set(whole.token_themes[1:-1].tolist()) == {len(layout.themes)}
    assert whole.persona == SILENT
    assert whole.themes[-1] == 1


def test_tokens_of_a_message_without_quotes_are_silent_unless_a_quote_is_pointed_to(layout: Layout) -> None:
    unquoted = replace(message(COST, SLOW), items=None)
    (silent,) = targets(unquoted, layout)
    assert set(silent.token_themes.tolist()) == {SILENT}
    (taught,) = targets_of([unquoted], layout, tokenize, {("f", 1): [(Span(8, 29), Theme("cost"))]})
    none, cost = len(layout.themes), layout.themes.index("cost")
    assert taught.token_themes.tolist() == [SILENT, none, none, *[cost] * 5, *[none] * 5, SILENT]
    assert set(taught.token_personas.tolist()) == {SILENT}


def test_the_clause_that_speaks_most_for_a_problem_is_pointed_to(layout: Layout) -> None:
    unquoted = replace(message(COST, SLOW), items=None, text=f"Hi all. {COST.quote}. Also {SLOW.quote}.")
    pointed = point([unquoted], hears(layout, cost="costs", speed="slow"), layout)
    assert [unquoted.text[start:end].strip() for (start, end), _ in pointed["f", 1]] == [
        f"{COST.quote}.",
        f"Also {SLOW.quote}.",
    ]


def test_nothing_is_pointed_to_where_one_clause_speaks_most_for_two_problems(layout: Layout) -> None:
    unquoted = replace(message(COST, SLOW), items=None)
    assert point([unquoted], hears(layout, cost="costs", speed="slow"), layout) == {}


def test_what_has_quotes_or_no_problem_is_not_pointed_to(layout: Layout) -> None:
    assert point([message(COST), replace(message(), items=None)], hears(layout, cost="costs"), layout) == {}


def hears(layout: Layout, **words: str) -> Heads:
    """Make heads that know one word a theme."""

    class OneWord:
        def score(self, texts: Sequence[str]) -> NDArray[np.float32]:
            scores = np.zeros((len(texts), layout.width), dtype=np.float32)
            for row, text in enumerate(texts):
                for theme, word in words.items():
                    scores[row, len(layout.sides) + layout.themes.index(theme)] = 5.0 * (word in text)
            return scores

    return cast("Heads", OneWord())


def message(*items: Item) -> Message:
    side = {0: FeedbackSide.NEITHER, 1: FeedbackSide.CUSTOMER, 2: FeedbackSide.BOTH}[len(items)]
    persona = items[0].labels.persona if items else UNKNOWN_PERSONA
    return Message(TEXT, side, tuple(item.labels.theme for item in items), persona, items, "f", 1)


def targets(message: Message, layout: Layout) -> list[Target]:
    return list(targets_of([message], layout, tokenize, {}))


def tokenize(text: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
    """Take each word for a token, between two marks, as a tokenizer would."""
    words = [word.span() for word in re.finditer(r"\w+", text)]
    return range(len(words) + 2), [(0, 0), *words, (0, 0)]


@pytest.fixture(scope="module")
def layout() -> Layout:
    return layout_of(TAXONOMY)

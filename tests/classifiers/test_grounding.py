"""Which clauses a quote is made of, told with strengths made by hand."""

import numpy as np
import pytest

from classifiers.evidence import Span
from classifiers.grounding import LONGEST_JOINED, quotes
from classifiers.linear import Floats
from classifiers.voicing import Scores, Voiced

TITLE, COMPLAINT = "Per-site administrators", "They can do all or nothing."


@pytest.mark.parametrize(
    ("between", "strengths", "quoted"),
    [
        ("\n\n", (0.9, 0.5), f"{TITLE}\n\n{COMPLAINT}"),
        ("\n\n", (0.5, 0.9), f"{TITLE}\n\n{COMPLAINT}"),
        (":** ", (0.9, 0.5), f"{TITLE}:** {COMPLAINT}"),
        ("\n\n", (0.9, 0.2), TITLE),
        ("\n\n\n", (0.9, 0.5), TITLE),
        (" (2) ", (0.9, 0.5), TITLE),
    ],
    ids=["one below", "one above", "markup between", "too weak", "too far apart", "words between"],
)
def test_a_clause_beside_that_voices_the_same_joins_the_quote(
    between: str, strengths: tuple[float, float], quoted: str
) -> None:
    assert quoted_of([TITLE, COMPLAINT], between, [[strength] for strength in strengths]) == [quoted]


def test_a_clause_that_voices_a_problem_of_its_own_joins_no_other() -> None:
    assert quoted_of([TITLE, COMPLAINT], " ", [[0.9, 0.5], [0.5, 0.9]]) == [TITLE, COMPLAINT]


def test_a_quote_stays_short_enough_to_be_shown() -> None:
    clauses = [f"It takes {number} clicks to get there." for number in range(20)]

    (quote,) = quoted_of(clauses, " ", [[0.9]] * len(clauses))

    assert len(quote) <= LONGEST_JOINED < len(quote) + len(clauses[-1])


def quoted_of(clauses: list[str], between: str, strengths: list[list[float]]) -> list[str]:
    """Quote from clauses that each voice each theme as strongly as said."""
    text = between.join(clauses)
    starts = [sum(len(clause) + len(between) for clause in clauses[:place]) for place in range(len(clauses))]
    spans = [Span(start, start + len(clause)) for start, clause in zip(starts, clauses, strict=True)]
    means = np.array(strengths, dtype=np.float32)
    nothing: Floats = np.zeros((1, 1), dtype=np.float32)
    scores = Scores(nothing[0], nothing[0], means, np.array(spans), spans, nothing[0])
    voiced = Voiced(nothing, nothing, nothing, means, means, means)
    found = quotes(text, list(range(means.shape[1])), scores, voiced)
    return [text[span.start : span.end] for span, _ in found]

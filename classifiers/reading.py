"""Decide, from the scores of a text and of its passages, which problems it holds. Numbers in, drafts out.

The same code fits the decision on held-out scores while training and applies it at run time:

1. The side of the whole text is told from ten summaries of the scores: what the side head says of the whole, and
   what the theme head says, side by side, of the whole and of the passage that speaks most for each side.
2. Only themes of that side (of both, when it is both) can be insights; the best passage of each such side is one
   (another passage for each side, where there is another), and further passages whose theme is clear are others.
   One theme is one insight; its neighbours join it.
3. The confidence of each is a logistic function of four numbers, fitted on texts that the heads had not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from classifiers.evidence import Span, cover
from classifiers.linear import Floats, Layout, log_sum
from classifiers.vocabulary import FeedbackSide, Side, Theme

WHOLE_SHARE = 1.0
"""How much the scores of the whole text count beside those of a passage; 0.2 and 0.5 held out worse."""

FURTHER_FROM = 0.35
"""The probability of its theme from which a further passage is an insight of its own."""

JOIN_FROM = 0.5
"""The probability, read alone, of a theme from which a passage joins a neighbour of that theme."""

WHOLE_SHARE_OF_BOTH = 0.25
"""The same for a text of both sides, whose whole speaks of two problems; 0, 0.5 and 1 held out alike."""

SUMMARIES = 10
"""How many numbers the side of a text is told from."""

SIGNS = 4
"""How many numbers the confidence of an insight is computed from."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold the few fitted numbers that turn scores into insights."""

    side: Floats
    """Shape (sides, SUMMARIES + 1): weights of the side of a text, the constant last."""
    confidence: Floats
    """Weights of the probability that an insight is right, the constant last."""
    unsure_below: float
    """The confidence under which an insight is unsure."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Say what the columns mean, and which side each theme belongs to."""

    layout: Layout
    theme_sides: Mapping[Theme, Side]

    def columns_of(self, side: Side) -> list[int]:
        """List the columns of the themes of a side."""
        return [column for column, theme in enumerate(self.layout.themes) if self.theme_sides[Theme(theme)] is side]


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold the scores of a text and of those of its passages that can voice a problem; there is at least one."""

    whole: Floats
    """Shape (width,)."""
    passages: Floats
    """Shape (passages, width)."""
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold an insight before it is checked against the taxonomy."""

    theme: str
    persona: str
    span: Span
    signs: tuple[float, ...]
    """What its confidence is computed from."""


def summarise(scores: Scores, frame: Frame) -> Floats:
    """Summarise a text's scores by side; shape (SUMMARIES,)."""
    side, theme, _ = frame.layout.split(scores.whole)
    _, passage_themes, _ = frame.layout.split(scores.passages)
    whole, passages = _by_side(theme, frame), _by_side(passage_themes, frame)
    strongest = [passages[:, 0].max(), passages[:, 1].max(), passages[:, 2].min()]
    return np.concatenate([side, whole, np.array(strongest, dtype=np.float32)])


def side_chances(summary: Floats, decision: Decision) -> Floats:
    """Return the probability of each side, in the layout's order."""
    scores = decision.side[:, :-1] @ summary + decision.side[:, -1]
    chances: Floats = np.exp(scores - log_sum(scores))
    return chances


def draft_insights(scores: Scores, frame: Frame, decision: Decision) -> list[Draft]:
    """Find the problems of a text, in reading order; none when it most likely holds none."""
    chances = side_chances(summarise(scores, frame), decision)
    likeliest = FeedbackSide(frame.layout.sides[int(chances.argmax())])
    sides = [side for side in Side if likeliest in {FeedbackSide(side.value), FeedbackSide.BOTH}]
    share = WHOLE_SHARE if len(sides) == 1 else WHOLE_SHARE_OF_BOTH
    _, themes, _ = frame.layout.split(scores.passages + np.float32(share) * scores.whole)
    best = set(_best(themes, [frame.columns_of(side) for side in sides]))
    allowed = [column for side in sides for column in frame.columns_of(side)]
    further = {pick for pick in _clear(themes, allowed) if pick[1] not in {column for _, column in best}}
    drafts = [_draft(pick, themes, scores, frame, chances, alone=len(best | further) == 1) for pick in best | further]
    return sorted(drafts, key=lambda draft: draft.span)


def confidence(signs: Sequence[float], decision: Decision) -> float:
    """Return the probability, 0 to 1, that an insight with these signs is right."""
    score = float(decision.confidence[:-1] @ np.array(signs, dtype=np.float32) + decision.confidence[-1])
    return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))


def _by_side(themes: Floats, frame: Frame) -> Floats:
    sums = [log_sum(themes[..., frame.columns_of(side)]) for side in Side]
    return np.stack([*sums, themes[..., -1]], axis=-1)


def _best(themes: Floats, sides: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return for each side (passage, column) of the theme that stands out most, in different passages where it can.

    One passage that speaks for both sides is two insights with one quote only where the text has no other.
    """
    ways = list(product(*(_two_best(themes, columns) for columns in sides)))
    apart = [way for way in ways if len({passage for passage, _ in way}) == len(way)]
    return list(max(apart or ways, key=lambda way: sum(float(themes[pick]) for pick in way)))


def _two_best(themes: Floats, columns: Sequence[int]) -> list[tuple[int, int]]:
    """Return the two passages in which a theme of these columns stands out most, each with that theme's column."""
    tops = themes[:, columns]
    passages = np.argsort(-tops.max(axis=1), kind="stable")[:2]
    return [(int(passage), columns[int(tops[passage].argmax())]) for passage in passages]


def _clear(themes: Floats, allowed: Sequence[int]) -> list[tuple[int, int]]:
    """List the best passage of each theme that is clear enough to be an insight of its own."""
    found = []
    for column in allowed:
        passage = int(themes[:, column].argmax())
        if np.exp(themes[passage, column]) >= FURTHER_FROM:
            found.append((passage, column))
    return found


def _draft(
    pick: tuple[int, int], themes: Floats, scores: Scores, frame: Frame, chances: Floats, *, alone: bool
) -> Draft:
    passage, column = pick
    theme = frame.layout.themes[column]
    _, whole_themes, _ = frame.layout.split(scores.whole)
    _, own_themes, _ = frame.layout.split(scores.passages)
    _, _, personas = frame.layout.split(scores.passages[passage] + (2 if alone else 1) * scores.whole)
    side_chance = sum(
        chances[place]
        for place, side in enumerate(frame.layout.sides)
        if side in {frame.theme_sides[Theme(theme)].value, FeedbackSide.BOTH.value}
    )
    signs = (
        float(np.log(side_chance + 1e-6)),
        float(themes[passage, column]),
        float(whole_themes[column]),
        float(alone),
    )
    return Draft(theme, frame.layout.personas[int(personas.argmax())], _joined(pick, own_themes, scores.spans), signs)


def _joined(pick: tuple[int, int], themes: Floats, spans: Sequence[Span]) -> Span:
    """Join to a passage the neighbours that most likely voice the same theme."""
    passage, column = pick
    first = last = passage
    while first > 0 and _voices(themes[first - 1], column):
        first -= 1
    while last + 1 < len(spans) and _voices(themes[last + 1], column):
        last += 1
    return cover(spans[first : last + 1])


def _voices(themes: Floats, column: int) -> bool:
    return bool(np.exp(themes[column]) >= JOIN_FROM)

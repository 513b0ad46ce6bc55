"""Decide, from what two models say of a text, which problems it holds. Numbers in, drafts out.

Two voices are heard: the n-gram heads score the text as a whole; the encoder scores the whole and each of its tokens.
The same code fits the decision on held-out scores while training and applies it at run time:

1. The side of the whole text is told from fourteen summaries: what each voice says of the sides and of the themes of
   each side, and how strongly any token speaks for a side. Where it seems to hold no problem, a clause whose tokens
   loudly voice one decides.
2. How likely each theme is, is told from what both voices say of it, from its strongest tokens and its strongest
   clause, and from the side. Only themes of the side that was told (of both, when it is both) can be insights: the
   likeliest of each such side, and every further one that is likely enough. One theme is one insight.
3. Its quote is the stretch, of the clauses, those beside each other and their parts, that overlaps most with where
   the theme likely stands. Where that is one for two themes of one side, the likelier is kept: the same words told
   twice say nothing more.
4. Whose need it is, is told from what each voice says of the whole and the encoder of the quote, and from the roles
   that the text names, by weights of its own.
5. The confidence of each is a logistic function of a few numbers, fitted on texts that no voice had seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from classifiers.evidence import Span
from classifiers.grounding import quotes, told_once
from classifiers.linear import Floats
from classifiers.roles import Named
from classifiers.vocabulary import FeedbackSide, Theme
from classifiers.voicing import Frame, Scores, Voiced, shares, voice
from classifiers.whose import persona_signs

FURTHER_FROM = 0.35
"""The probability of a theme from which it is an insight beside the likeliest one of its side."""

LOUD = 0.8
"""The mean over the tokens of a clause from which its problem is believed though the whole seems to hold none.

One sentence among much chatter says little of the whole. Of the corpus, held out, this finds a problem in eight texts
more, and four of them hold one.
"""

SIDE_SIGNS = 14
"""How many numbers the side of a text is told from."""

THEME_SIGNS = 9
"""How many numbers the probability of a theme is told from."""

SIGNS = 5
"""How many numbers the confidence of an insight is told from."""

_STRONGEST = 4
"""Of how many tokens the mean is taken that says how strongly a theme is voiced anywhere."""

_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold the few fitted numbers that turn scores into insights. In each row but the quote's the constant is last."""

    side: Floats
    """Shape (sides, SIDE_SIGNS + 1): weights of the side of a text."""
    theme: Floats
    """Shape (THEME_SIGNS + 1,): weights of the probability that a text voices a theme."""
    quote: Floats
    """Shape (QUOTE_SIGNS,): weights of the chance that a stretch is where a problem stands."""
    persona: Floats
    """Shape (personas, PERSONA_SIGNS * personas + 1): weights of the persona of an insight."""
    confidence: Floats
    """Shape (SIGNS + 1,): weights of the probability that an insight is right."""
    unsure_below: float
    """The confidence under which an insight is unsure."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold an insight before it is checked against the taxonomy."""

    theme: str
    persona: str
    span: Span
    signs: tuple[float, ...]
    """What its confidence is computed from."""


def side_signs(voiced: Voiced, frame: Frame) -> Floats:
    """Summarise what is said of the sides of a text; shape (SIDE_SIGNS,)."""
    said = np.log(np.maximum(voiced.sides, _LEAST)).ravel()
    loudest = (voiced.tokens @ frame.belongs.T).max(axis=0)
    by_theme = (voiced.themes @ frame.belongs.T).ravel()
    return np.concatenate([said, _odds(np.concatenate([loudest, by_theme]))])


def side_chances(signs: Floats, decision: Decision) -> Floats:
    """Return the probability of each side, in the layout's order."""
    return shares(decision.side[:, :-1] @ signs + decision.side[:, -1])


def theme_signs(scores: Scores, voiced: Voiced, sides: Floats, frame: Frame) -> Floats:
    """Summarise what is said of each theme, given the chances of the sides; shape (themes, THEME_SIGNS)."""
    loudest = np.sort(voiced.tokens, axis=0)[-_STRONGEST:]
    strongest = voiced.means[voiced.strengths.argmax(axis=0), np.arange(voiced.means.shape[1])]
    own = (frame.holds @ sides) @ frame.belongs
    both = np.full(len(own), sides[frame.layout.sides.index(FeedbackSide.BOTH.value)])
    said, gram = voiced.themes
    odds = _odds(np.array([said, loudest[-1], loudest.mean(axis=0), gram, strongest, own, both]))
    many = np.float32(log(len(scores.clauses)))
    return np.concatenate([odds[:5], [strongest, strongest * many], odds[5:]]).T


def theme_chances(signs: Floats, decision: Decision) -> Floats:
    """Return the probability that the text voices each theme; shape (themes,)."""
    return _logistic(signs @ decision.theme[:-1] + decision.theme[-1])


def draft_insights(text: str, scores: Scores, frame: Frame, decision: Decision, named: Iterable[Named]) -> list[Draft]:
    """Find the problems of a text, in reading order; none when it most likely holds none."""
    voiced = voice(scores, frame)
    sides = side_chances(side_signs(voiced, frame), decision)
    told = _side(voiced, sides, frame)
    if not frame.holds[:, told].any():
        return []
    chances = theme_chances(theme_signs(scores, voiced, sides, frame), decision)
    picked = _picked(chances, frame.belongs[frame.holds[:, told] > 0])
    quoted = list(told_once(picked, quotes(text, picked, scores, voiced, decision.quote), chances, frame))
    own = (frame.holds @ sides) @ frame.belongs
    alone, many = len(quoted) == 1, log(len(scores.clauses))
    drafts = []
    for column, span, strength in quoted:
        odds = tuple(map(_odds_of, (float(chances[column]), float(own[column]), strength)))
        persona = _persona(persona_signs(text, scores, voiced, span, frame, named, alone=alone), frame, decision)
        drafts.append(Draft(frame.layout.themes[column], persona, span, (*odds, float(alone), many)))
    return sorted(drafts, key=lambda draft: draft.span)


def confidence(signs: Sequence[float], decision: Decision) -> float:
    """Return the probability, 0 to 1, that an insight with these signs is right."""
    *weights, constant = decision.confidence.tolist()
    score = sum(weight * sign for weight, sign in zip(weights, signs, strict=True)) + constant
    return 1 / (1 + exp(-min(max(score, -30.0), 30.0)))


def _side(voiced: Voiced, sides: Floats, frame: Frame) -> int:
    """Tell the side of a text: the likeliest, or where that holds no problem, that of what a clause loudly voices."""
    likeliest = int(sides.argmax())
    if frame.holds[:, likeliest].any() or voiced.means.max() < LOUD:
        return likeliest
    loudest = int(voiced.means.max(axis=0).argmax())
    return frame.layout.sides.index(frame.theme_sides[Theme(frame.layout.themes[loudest])].value)


def _picked(chances: Floats, sides: Floats) -> list[int]:
    """Return the likeliest theme of each side, a row of ones and zeros, and every other that is likely enough."""
    allowed = chances * sides
    return sorted({*allowed.argmax(axis=1).tolist(), *np.flatnonzero((allowed >= FURTHER_FROM).any(axis=0)).tolist()})


def _persona(signs: Floats, frame: Frame, decision: Decision) -> str:
    said = decision.persona[:, :-1] @ signs + decision.persona[:, -1]
    return frame.layout.personas[int(said.argmax())]


def _odds(chances: Floats) -> Floats:
    kept = np.minimum(np.maximum(chances, np.float32(_LEAST)), np.float32(1 - _LEAST))
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def _odds_of(chance: float) -> float:
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    return log(kept / (1 - kept))


def _logistic(scores: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.minimum(np.maximum(scores, -30), 30)))).astype(np.float32)

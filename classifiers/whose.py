"""Summarise what tells whose need an insight is: what both voices say of each persona, and whom the text names."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from classifiers.evidence import Span
from classifiers.linear import Floats
from classifiers.roles import Named, named_around, shipped_roles
from classifiers.voicing import Frame, Scores, Voiced, inside, shares

PERSONA_SIGNS = 7
"""How many numbers for each persona the persona of an insight is told from."""

NAMED_WITHIN = 600
"""Characters around what was read in which a role is looked for: a signature is not read, and may name one."""

_LEAST = 1e-4


def reach_of(scores: Scores) -> Span:
    """Return in which stretch of the text a role may be named; it may reach over the ends of the text."""
    return Span(max(0, int(scores.places[0, 0]) - NAMED_WITHIN), int(scores.places[-1, 1]) + NAMED_WITHIN)


def named_in(text: str, scores: Scores) -> list[Named]:
    """Find the shipped roles that a text names in and around what was read of it."""
    return list(shipped_roles().find(text, reach_of(scores)))


def persona_signs(
    text: str, scores: Scores, voiced: Voiced, span: Span, frame: Frame, named: Iterable[Named], *, alone: bool
) -> Floats:
    """Summarise what is said of each persona; shape (PERSONA_SIGNS * personas,).

    Each voice speaks of the whole, and the encoder of the quote; of one that stands alone it does so a second time.
    Then who is named: in the sentence of the quote, there as the only one, and, where it names nobody, elsewhere.
    """
    (first,), (count,) = inside(scores.places, [span])
    own = scores.tokens[first : first + count, len(frame.layout.themes) + 1 :]
    quoted = shares(own).mean(axis=0) if count else voiced.personas[0]
    signs = np.zeros((PERSONA_SIGNS, len(frame.layout.personas)), dtype=np.float32)
    signs[:3] = np.log(np.maximum([*voiced.personas, quoted], _LEAST))
    if alone:
        signs[3] = signs[2]
    near, far = ([persona in whom for persona in frame.layout.personas] for whom in named_around(text, span, named))
    if any(near):
        signs[4] = near
        signs[5] = near if sum(near) == 1 else 0
    else:
        signs[6] = far
    return signs.ravel()

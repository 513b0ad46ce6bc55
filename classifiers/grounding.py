"""Ground each problem in the words that voice it.

Where a problem stands is not sure: two people who read alike quote the title or the complaint below it, the clause or
the half of it that matters. So each stretch that may be meant gets a chance, from a few signs by fitted weights, and
that one is quoted that overlaps most, on average, with what may be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.candidates import Candidates, candidates_of
from classifiers.evidence import ENOUGH_OVERLAP, Span
from classifiers.linear import Floats
from classifiers.voicing import Frame, Scores, Voiced

QUOTE_SIGNS = 6
"""How many numbers the chance of a stretch is told from."""

_LONG = 120
"""Characters that two quotes of the corpus in a thousand exceed."""
_LEAST = 1e-3


def quotes(
    text: str, picked: Sequence[int], scores: Scores, voiced: Voiced, weights: Floats
) -> Iterator[tuple[Span, float]]:
    """Yield for each theme the stretch to quote, and how strongly the clause that speaks most for it does."""
    candidates = candidates_of(text, scores, alone=len(picked) == 1)
    odds = quote_signs(candidates, picked, voiced) @ weights
    likely = np.exp(odds - odds.max(axis=1, keepdims=True))
    overlaps = candidates.overlaps()
    places = _chosen(likely, overlaps + (overlaps >= ENOUGH_OVERLAP), candidates)
    spans = candidates.spans[places].tolist()
    strongest = voiced.strengths[:, picked].argmax(axis=0).tolist()
    for column, span, clause in zip(picked, spans, strongest, strict=True):
        yield Span(*span), float(voiced.means[clause, column])


def _chosen(likely: Floats, worth: Floats, candidates: Candidates) -> list[int]:
    """Choose for each theme the candidate that is worth most.

    ``likely`` has shape (themes, candidates); ``worth`` says what each candidate is worth where each of them is meant.
    """
    best: list[int] = (likely @ worth).argmax(axis=1).tolist()
    if len(best) == 1:
        return best
    told = candidates.spans[best]
    return [
        _beside(np.delete(told, row, axis=0), place, likely[row], worth, candidates) for row, place in enumerate(best)
    ]


def _beside(told: NDArray[np.int64], place: int, likely: Floats, worth: Floats, candidates: Candidates) -> int:
    """Keep a choice, but where it is a clause that holds what another theme is told by, take what else it says."""
    (starts, ends), (first, last) = candidates.spans.T, told.T[:, :, None]
    holds = (starts <= first) & (ends >= last)
    more = holds & ((starts < first) | (ends > last))
    free = ~holds.any(axis=0)
    if candidates.joined[place] or not more[:, place].any() or not free.any():
        return place
    return int(np.where(free, (likely * free) @ worth, -1).argmax())


def quote_signs(candidates: Candidates, picked: Sequence[int], voiced: Voiced) -> Floats:
    """Summarise what tells where the problem of each theme stands; shape (themes, candidates, QUOTE_SIGNS).

    How strongly it voices the theme, alone and beside the others; whether it is a part of a clause, and how long one;
    whether it is long; whether it is whole clauses from where the text begins.
    """
    (firsts, lasts), (starts, ends) = candidates.tokens.T, candidates.spans.T
    spoken = voiced.sums[:, picked].T
    means = (spoken[:, lasts] - spoken[:, firsts]) / (lasts - firsts)
    means = np.minimum(np.maximum(means, _LEAST), 1 - _LEAST)
    lengths, parts = ends - starts, candidates.parts
    signs = np.empty((*means.shape, QUOTE_SIGNS), dtype=np.float32)
    signs[..., 0] = np.log(means / (1 - means))
    signs[..., 1] = means / means.max(axis=1, keepdims=True)
    signs[..., 2] = parts
    signs[..., 3] = np.log(lengths) * parts
    signs[..., 4] = lengths > _LONG
    signs[..., 5] = (starts == starts[0]) & ~parts
    return signs


def told_once(
    picked: Sequence[int], quotes: Iterable[tuple[Span, float]], chances: Floats, frame: Frame
) -> Iterator[tuple[int, Span, float]]:
    """Yield the themes with their quotes, but of those of one side that share a quote the likeliest alone."""
    told = list(zip(picked, quotes, strict=True))
    for column, (span, strength) in told:
        rivals = [other for other, (its, _) in told if its == span and _same_side(other, column, frame)]
        if column == max(rivals, key=lambda other: chances[other]):
            yield column, span, strength


def _same_side(one: int, other: int, frame: Frame) -> bool:
    return bool((frame.belongs[:, one] == frame.belongs[:, other]).all())

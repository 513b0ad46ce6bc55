"""The linear layer: hashed n-grams in, one score a label out, for the heads side, theme and persona at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifiers.features import featurise_all, weigh

Floats = NDArray[np.float32]

MOST_TOGETHER = 64
"""Texts whose n-grams are counted together: it saves time with each, and takes memory."""


@dataclass(frozen=True)
class Layout:
    """Say which label each column of scores stands for: the sides, the themes, "no problem", the personas."""

    sides: tuple[str, ...]
    themes: tuple[str, ...]
    personas: tuple[str, ...]

    @property
    def width(self) -> int:
        """Count the columns."""
        return len(self.sides) + len(self.themes) + 1 + len(self.personas)

    def split(self, scores: Floats) -> tuple[Floats, Floats, Floats]:
        """Part scores of shape (…, width) into side, theme (its last column is "no problem") and persona.

        Each part is turned into logarithms of probabilities; all at once, for with so few numbers a step of numpy
        costs more than what it reckons.
        """
        firsts, part = self._parts
        top = np.maximum.reduceat(scores, firsts, axis=-1)
        total = top + np.log(np.add.reduceat(np.exp(scores - top[..., part]), firsts, axis=-1))
        said = scores - total[..., part]
        return said[..., : firsts[1]], said[..., firsts[1] : firsts[2]], said[..., firsts[2] :]

    @cached_property
    def _parts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Say at which column each part begins, and in which each column is."""
        sizes = [len(self.sides), len(self.themes) + 1, len(self.personas)]
        return np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)


@dataclass(frozen=True, slots=True)
class Heads:
    """Hold the weights of every head side by side."""

    rarity: Floats
    """Shape (BUCKETS,): how rare a column is in the corpus."""
    weights: Floats
    """Shape (BUCKETS, width)."""
    bias: Floats
    """Shape (width,)."""

    def score(self, texts: Sequence[str]) -> Floats:
        """Score each text; shape (texts, width)."""
        scores = np.empty((len(texts), len(self.bias)), dtype=np.float32)
        for first in range(0, len(texts), MOST_TOGETHER):
            for row, features in enumerate(featurise_all(texts[first : first + MOST_TOGETHER]), first):
                scores[row] = weigh(features, self.rarity) @ self.weights[features.columns] + self.bias
        return scores

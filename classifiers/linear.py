"""The linear layer: hashed n-grams in, one score a label out, for the heads side, theme and persona at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.features import featurise, weigh

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
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

        Each part is turned into logarithms of probabilities.
        """
        first = len(self.sides)
        second = first + len(self.themes) + 1
        parts = (scores[..., :first], scores[..., first:second], scores[..., second:])
        side, theme, persona = (part - log_sum(part)[..., None] for part in parts)
        return side, theme, persona


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
        for row, text in enumerate(texts):
            features = featurise(text)
            scores[row] = weigh(features, self.rarity) @ self.weights[features.columns] + self.bias
        return scores


def log_sum(scores: Floats) -> Floats:
    """Return the logarithm of the sum of exponentials over the last axis, without overflow."""
    top = scores.max(axis=-1)
    total: Floats = top + np.log(np.exp(scores - top[..., None]).sum(axis=-1))
    return total

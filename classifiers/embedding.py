"""Embed texts for comparison, by what the local model learnt: what they are about, and how they are worded.

The larger part of an embedding is the theme scores of a text: two texts are alike when the model hears the same
themes in them, and confuses them in the same way. The smaller part is its n-grams, folded into a thousand numbers
with signs, so that columns that fall together cancel out on average: it tells texts of one theme apart by their words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.features import featurise, weigh
from classifiers.linear import Floats, Heads, Layout

WORDING_WIDTH = 1024
THEME_SHARE = 0.9
"""The share of the themes in the cosine; with 0.6 and less hardly any two passages of the corpus are alike."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PLACE_BITS, _SIGN_BIT = np.uint64(32), np.uint64(31)


def embed_texts(texts: Sequence[str], heads: Heads, layout: Layout) -> Floats:
    """Embed each text; shape (texts, width), rows of length one."""
    wording = np.zeros((len(texts), WORDING_WIDTH), dtype=np.float32)
    for row, text in zip(wording, texts, strict=True):
        features = featurise(text)
        places, signs = _folded(features.columns)
        row[:] = np.bincount(places, weights=signs * weigh(features, heads.rarity), minlength=WORDING_WIDTH)
    first = len(layout.sides)
    themes = (heads.score(texts) - heads.bias)[:, first : first + len(layout.themes) + 1]
    themes -= themes.mean(axis=1, keepdims=True)
    return np.concatenate(
        [_to_length(wording, np.sqrt(1 - THEME_SHARE)), _to_length(themes, np.sqrt(THEME_SHARE))], axis=1
    )


def _to_length(rows: Floats, length: float) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = np.divide(rows * np.float32(length), lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def _folded(columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Give each column its place and its sign: fixed functions of its number."""
    mixed = columns.astype(np.uint64) * _MIX
    places = ((mixed >> _PLACE_BITS) % np.uint64(WORDING_WIDTH)).astype(np.int64)
    signs = np.where((mixed >> _SIGN_BIT) & np.uint64(1), 1, -1).astype(np.float32)
    return places, signs

"""Turn a text into hashed word and character n-grams: one code for training and for run time, numpy alone.

The hashes are fixed functions of the characters, so an artefact trained on one machine fits every other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
"""Number of columns: it sets the size of the artefact, about 2 MB for each 2^15."""

CHARACTER_GRAMS = (2, 3, 4, 5)
_PRIME, _MIX = np.uint32(16777619), np.uint32(0x85EBCA6B)

_LINK = re.compile(r"<(?:https?|mailto):[^|>\s]{1,500}(?:\|([^>\n]{0,200}))?>|https?://\S{1,500}")
_PERSON = re.compile(r"<[@#!][^>\s]{1,100}>")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s]")  # noqa: RUF001  both apostrophes are meant
_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Features:
    """Hold the columns that a text fills and how often, sorted by column; empty for a text without words."""

    columns: NDArray[np.int64]
    counts: NDArray[np.float32]


def featurise(text: str) -> Features:
    """Count the hashed n-grams of a text. Any string will do, lone surrogates included; time is linear."""
    plain = _plain(text)
    hashes = np.concatenate([_word_grams(plain), _character_grams(plain)])
    columns, counts = np.unique(hashes % np.uint32(BUCKETS), return_counts=True)
    return Features(columns.astype(np.int64), counts.astype(np.float32))


def weigh(features: Features, rarity: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weigh counts by how rare each column is in the corpus, to length one; shape as ``features.counts``."""
    values = (1 + np.log(features.counts)) * rarity[features.columns]
    length = float(np.sqrt((values**2).sum()))
    return (values / length if length else values).astype(np.float32)


def _plain(text: str) -> str:
    """Fold what tells nothing apart: case, digits, link targets, the ids of people and channels."""
    text = _LINK.sub(lambda link: f" {link[1] or 'http'} ", text)
    text = _PERSON.sub(" @ ", text)
    return _BLANKS.sub(" ", _DIGIT.sub("0", text.casefold()))


def _word_grams(text: str) -> NDArray[np.uint32]:
    words = [word.encode("utf-8", "surrogatepass") for word in _TOKEN.findall(text)]
    pairs = (b"%b %b" % pair for pair in pairwise((b"^", *words, b"$")))
    return np.array([crc32(gram) for gram in (*words, *pairs)], dtype=np.uint32)


def _character_grams(text: str) -> NDArray[np.uint32]:
    """Hash every run of a few characters that does not reach over a blank."""
    padded = f" {text} ".encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(padded, dtype="<u4").astype(np.uint32)
    blanks = np.concatenate([[0], np.cumsum(points == ord(" "))])
    found = [_runs(points, blanks, size) for size in CHARACTER_GRAMS if len(points) >= size]
    hashes: NDArray[np.uint32] = np.concatenate(found)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * _MIX
    return hashes ^ (hashes >> np.uint32(16))


def _runs(points: NDArray[np.uint32], blanks: NDArray[np.int64], size: int) -> NDArray[np.uint32]:
    """Hash every run of one size, save where a blank stands between its ends; ``blanks`` counts those before."""
    count = len(points) - size + 1
    hashes = np.full(count, 2166136261 ^ size, dtype=np.uint32)
    for offset in range(size):
        hashes ^= points[offset : offset + count]
        hashes *= _PRIME
    unbroken: NDArray[np.uint32] = hashes[blanks[1 : count + 1] == blanks[size - 1 : size - 1 + count]]
    return unbroken

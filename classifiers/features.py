"""Turn a text into hashed word and character n-grams: one code for training and for run time, numpy alone.

The hashes are fixed functions of the characters, so an artefact trained on one machine fits every other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
"""Number of columns: it sets the size of the artefact, about 2 MB for each 2^15."""

CHARACTER_GRAMS = (2, 3, 4, 5)
_PRIME, _MIX = np.uint32(16777619), np.uint32(0x85EBCA6B)
_START = crc32(b"^")

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
    return featurise_all([text])[0]


def featurise_all(texts: Sequence[str]) -> list[Features]:
    """Count the hashed n-grams of each text, as ``featurise`` does, at less cost a text for being done together."""
    plain = [_plain(text) for text in texts]
    keys = np.concatenate([_keys(*_word_grams(plain)), _keys(*_character_grams(plain))])
    keys.sort()
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(firsts, append=len(keys)).astype(np.float32)
    filled = keys[firsts]
    edges, columns = np.searchsorted(filled, np.arange(len(texts) + 1) * BUCKETS), filled % BUCKETS
    return [Features(columns[first:last], counts[first:last]) for first, last in pairwise(edges.tolist())]


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


def _keys(owners: NDArray[np.int64], hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return one number for each n-gram: of which text it is, and in which column it falls."""
    return owners * BUCKETS + hashes.astype(np.int64) % BUCKETS


def _word_grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Hash every word, and every pair of neighbours, the ends of the text among them; the text of each first."""
    owners: list[int] = []
    hashes: list[int] = []
    for owner, text in enumerate(texts):
        words = [word.encode("utf-8", "surrogatepass") for word in _TOKEN.findall(text)]
        alone = list(map(crc32, words))
        hashes += alone
        hashes += map(crc32, [b" %b" % word for word in (*words, b"$")], (_START, *alone))  # goes on from the first's
        owners += [owner] * (2 * len(words) + 1)
    return np.array(owners, dtype=np.int64), np.array(hashes, dtype=np.uint32)


def _character_grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Hash every run of a few characters that reaches over no blank; the text of each first."""
    lengths = np.array([len(text) + 2 for text in texts], dtype=np.int64)
    padded = "".join([f" {text} " for text in texts]) + " " * max(CHARACTER_GRAMS)
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)
    count = int(lengths.sum())
    hashes = _runs(points, count)
    unbroken = _unbroken(points, count)
    unbroken[CHARACTER_GRAMS.index(2), np.cumsum(lengths) - 1] = False  # two texts meet there
    found = hashes[unbroken]
    found = (found ^ (found >> np.uint32(13))) * _MIX
    owners = np.broadcast_to(np.repeat(np.arange(len(texts)), lengths), hashes.shape)
    return owners[unbroken], found ^ (found >> np.uint32(16))


def _runs(points: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    """Hash the runs that begin at each of the first points; shape (sizes, count)."""
    seeds = np.array([2166136261 ^ size for size in CHARACTER_GRAMS], dtype=np.uint32)
    hashes = np.repeat(seeds[:, None], count, axis=1)
    for offset in range(max(CHARACTER_GRAMS)):
        longer = hashes[sum(size <= offset for size in CHARACTER_GRAMS) :]
        longer ^= points[offset : offset + count]
        longer *= _PRIME
    return hashes


def _unbroken(points: NDArray[np.uint32], count: int) -> NDArray[np.bool_]:
    """Tell of the same runs whether no blank stands between their ends."""
    blanks = np.concatenate([[0], np.cumsum(points == ord(" "))])
    return np.array([blanks[1 : count + 1] == blanks[size - 1 : size - 1 + count] for size in CHARACTER_GRAMS])

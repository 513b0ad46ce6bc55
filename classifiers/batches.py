"""What is sent together: texts made sendable, cut where they are too long, and grouped. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classifiers.evidence import Span

LONGEST_PIECE = 12_000
"""Code points of one text in one request; a longer text is read in pieces, so that none of it goes unread."""
MOST_TOGETHER = 8
MOST_CHARACTERS = 6_000
"""Bounds of a request of several messages. The instructions are some 5,000 tokens and are paid for once a request;
beyond a few messages the saving is small, and one unusable answer costs more."""

_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\U000e0000-\U000e007f]")
_CARRIES_WORDS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a stretch of a text as it is sent: which text, and where in it the stretch begins."""

    text: int
    start: int
    words: str


def sendable(text: str) -> str:
    """Replace what no server takes, and what no reader sees, character for character, so that places stay.

    Control characters and halves of characters break requests; tag characters are invisible and carry hidden orders.
    """
    return _UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def pieces_of(texts: Iterable[str]) -> Iterator[Piece]:
    """Cut each text into pieces; a text without a letter or figure has none, for it can hold no problem."""
    for number, text in enumerate(texts):
        for span in _cuts(text):
            words = text[span.start : span.end]
            if _CARRIES_WORDS.search(words):
                yield Piece(number, span.start, words)


def grouped(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Group pieces, in order, into requests; a long one goes alone."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and _fits(groups[-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weights into whole numbers that add up to it; there is at least one weight, all positive."""
    total, given, seen = sum(weights), 0, 0
    parts = []
    for weight in weights:
        seen += weight
        parts.append(amount * seen // total - given)
        given += parts[-1]
    return parts


def _fits(group: Sequence[Piece], piece: Piece) -> bool:
    size = sum(len(other.words) for other in group) + len(piece.words)
    return len(group) < MOST_TOGETHER and size <= MOST_CHARACTERS


def _cuts(text: str) -> Iterator[Span]:
    start = 0
    while len(text) - start > LONGEST_PIECE:
        end = start + LONGEST_PIECE
        window = text[start + LONGEST_PIECE // 2 : end]
        cut = max(window.rfind("\n"), -1)
        cut = cut if cut >= 0 else window.rfind(" ")
        end = start + LONGEST_PIECE // 2 + cut + 1 if cut >= 0 else end
        yield Span(start, end)
        start = end
    yield Span(start, len(text))

"""Score a text with both voices: the n-gram heads each stretch as a whole, the encoder the stretch and its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classifiers.clauses import clauses_of
from classifiers.encoder import Encoder, Window
from classifiers.evidence import Span
from classifiers.linear import Floats, Heads
from classifiers.lines import without_surroundings
from classifiers.segments import read_segments
from classifiers.voicing import Scores, inside
from classifiers.wordless import only_agrees, without_code
from classifiers.writers import by_writers

_WORD = re.compile(r"[^\W_]")


def score_texts(texts: Sequence[str], encoder: Encoder, heads: Heads) -> list[list[tuple[Span, Scores]]]:
    """Score each stretch of each text that holds words, with where it stands; time is linear in the length.

    What nobody says is not read, and what several people wrote is read apart. One voice reads all before the other:
    going to and fro between their weights takes a fifth longer.
    """
    parts = [by_writers(without_code(text)) for text in texts]
    split = [read_segments(part) for own in parts for part in own]
    spoken = [text for text, _ in split]
    clauses = [clauses_of(*each) for each in split]
    is_read = [bool(found) and not only_agrees(text) for text, found in zip(spoken, clauses, strict=True)]
    read = encoder.read([text if wanted else "" for text, wanted in zip(spoken, is_read, strict=True)])
    found = [list(_stretches(*each)) for each in zip(spoken, read, clauses, strict=True)]
    words = [text[slice(*window.span)] for text, own in zip(spoken, found, strict=True) for window, _ in own]
    grams = iter(heads.score(words))
    scored = iter([[_scored(next(grams), *each) for each in own] for own in found])
    return [[stretch for _ in own for stretch in next(scored)] for own in parts]


def readings(text: str) -> list[str]:
    """Give what is read of a text: the words of each who wrote in it, apart, in order.

    Each is as long as the text, with all else blank: code, errors' traces, greetings, headings and signatures.
    """
    return [without_surroundings(part) for part in by_writers(without_code(text))]


def _stretches(
    text: str, windows: Sequence[Window], clauses: Sequence[Span]
) -> Iterator[tuple[Window, Sequence[Span]]]:
    """Yield the windows of a text in which words stand, each with the clauses that reach into it."""
    first = 0
    for window in windows:
        span = window.span
        while first < len(clauses) and clauses[first].end <= span.start:
            first += 1
        reaching = list(_clipped(text, clauses, first, span))
        if reaching and inside(window.places, reaching)[1].any():  # a word of 800 characters is cut, its token is not
            yield window, reaching


def _scored(gram: Floats, window: Window, clauses: Sequence[Span]) -> tuple[Span, Scores]:
    return window.span, Scores(gram, window.text, window.tokens, window.places, clauses, window.embedding)


def _clipped(text: str, clauses: Sequence[Span], first: int, span: Span) -> Iterator[Span]:
    """Yield the clauses that reach into a stretch, as far as they do and have words there."""
    for place in range(first, len(clauses)):
        start, end = clauses[place]
        if start >= span.end:
            return
        clipped = Span(max(start, span.start), min(end, span.end))
        if _WORD.search(text, *clipped):
            yield clipped

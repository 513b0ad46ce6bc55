"""Part a text by who wrote it, so that each problem is found in the words of one writer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from classifiers.evidence import Span
from classifiers.lines import LETTER, QUOTED, lines_of, stripped
from classifiers.mail_lines import names_speaker, says_who_wrote

MOST_TURNS = 50
"""Messages of a copied chat that are told apart; each part is as long as the text, and time must stay linear."""


def by_writers(text: str) -> list[str]:
    """Part a text by who wrote it: the own words from the mail that they answer, and the messages of a copied chat.

    Each part is as long as the text, with the rest blank. A chat of more than MOST_TURNS messages stays whole.
    """
    if len(list(lines_of(text))) == 1:
        return [text]
    history = history_of(text)
    if history is None:
        return _turns(text)
    own = [Span(0, history.start), Span(history.end, len(text))]
    return [turn for spans in (own, [history]) for turn in _turns(_only(text, spans))]


def _turns(text: str) -> list[str]:
    lines = list(lines_of(text))
    bare = [stripped(text, *line) for line in lines]
    starts = [line.start for number, line in enumerate(lines) if names_speaker(bare, number)]
    if not 1 < len(starts) <= MOST_TURNS:
        return [text]
    turns = pairwise([0, *starts, len(text)])
    return [_only(text, [Span(*turn)]) for turn in turns if LETTER.search(text, *turn)]


def _only(text: str, spans: Iterable[Span]) -> str:
    """Blank all of a text but some spans of it, in order."""
    kept, end = [], 0
    for span in spans:
        kept += [" " * (span.start - end), text[slice(*span)]]
        end = span.end
    return "".join([*kept, " " * (len(text) - end)])


def history_of(text: str) -> Span | None:
    """Find the e-mail that a text answers, quoted below its own words with a line that says who wrote it.

    Of quoted lines it has all that follow each other; where none is quoted, no line tells its end.
    """
    lines = list(lines_of(text))
    bare = [stripped(text, *line) for line in lines]
    for number in range(1, len(lines)):
        said = says_who_wrote(bare, number)
        if said and LETTER.search(text, 0, lines[number].start):
            return _quoted_from(text, lines, number, number + said)
    return None


def _quoted_from(text: str, lines: Sequence[Span], first: int, below: int) -> Span:
    rest = [line for line in lines[below:] if text[line.start : line.end].strip()]
    if not rest or not QUOTED.match(text, *rest[0]):
        return Span(lines[first].start, len(text))
    last = rest[0]
    for line in rest:
        if not QUOTED.match(text, *line):
            break
        last = line
    return Span(lines[first].start, last.end)

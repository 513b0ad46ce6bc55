"""Hear both voices, the n-gram heads and the encoder, on messages of files that they have not learnt from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from classifiers.corpus import Message
from classifiers.encoder import Encoder
from classifiers.fitting import Held
from classifiers.linear import Heads
from classifiers.scoring import score_texts

GROUPS = 3
"""Groups of files that are left out in turn. Each costs a whole training; file by file would cost five times that."""


@dataclass(frozen=True, slots=True)
class Voices:
    """Hold two voices that learnt from the same files."""

    heads: Heads
    encoder: Encoder


class Fit(Protocol):
    """Fit voices on all messages but those of some files."""

    def __call__(self, name: str, *, without: Collection[str] = ()) -> Voices:
        """Fit them; ``name`` says to people which fit this is."""
        ...


def hold_out(messages: Sequence[Message], fit: Fit) -> list[Held]:
    """Score every message with voices that have seen no message of its file, in the order of the messages."""
    held: dict[int, Held] = {}
    groups = groups_of({message.file for message in messages})
    for number, group in enumerate(groups, 1):
        voices = fit(f"group {number} of {len(groups)}", without=group)
        places = [place for place, message in enumerate(messages) if message.file in group]
        held.update(zip(places, hear(voices, [messages[place] for place in places]), strict=True))
    return [held[place] for place in range(len(messages))]


def groups_of(files: Collection[str]) -> list[frozenset[str]]:
    """Deal files into groups by their names, in turn: in this corpus that parts the files of like kinds."""
    names = sorted(files)
    return [frozenset(names[first::GROUPS]) for first in range(min(GROUPS, len(names)))]


def hear(voices: Voices, messages: Sequence[Message]) -> list[Held]:
    """Score messages; of one that is longer than a window, the first."""
    scored = score_texts([message.text for message in messages], voices.encoder, voices.heads)
    return [
        Held(message, stretches[0][1] if stretches else None)
        for message, stretches in zip(messages, scored, strict=True)
    ]

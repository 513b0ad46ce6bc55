"""Hear both voices, the n-gram heads and the encoder, on messages of files that they have not learnt from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from classifiers.corpus import Message
from classifiers.encoder import Encoder
from classifiers.fitting import Held
from classifiers.groups import LeaveOut, groups_of
from classifiers.linear import Heads
from classifiers.scoring import score_texts


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


def hold_out(messages: Sequence[Message], fit: Fit, leave_out: LeaveOut = LeaveOut.GROUPS) -> list[Held]:
    """Score every message with voices that have seen no message of its file, in the order of the messages."""
    held: dict[int, Held] = {}
    groups = groups_of({message.file for message in messages}, leave_out)
    for number, group in enumerate(groups, 1):
        what = f"without {min(group)}," if leave_out is LeaveOut.EACH else "group"
        voices = fit(f"{what} {number} of {len(groups)}", without=group)
        places = [place for place, message in enumerate(messages) if message.file in group]
        held.update(zip(places, hear(voices, [messages[place] for place in places]), strict=True))
    return [held[place] for place in range(len(messages))]


def hear(voices: Voices, messages: Sequence[Message]) -> list[Held]:
    """Score messages; of one that is read in parts, by windows or by writers, the first."""
    scored = score_texts([message.text for message in messages], voices.encoder, voices.heads)
    return [
        Held(message, stretches[0][1] if stretches else None)
        for message, stretches in zip(messages, scored, strict=True)
    ]

"""What holds now of an insight: decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.vocabulary import Labels
from storage.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Current:
    """Hold the labels of an insight and where it stands."""

    labels: Labels
    standing: Standing


def current_of(said: Labels, afters: Sequence[Labels | None], *, unsure: bool) -> Current:
    """Decide what holds: what the last review left, else what the classifier said.

    ``afters`` are the outcomes of the reviews, oldest first; None is a rejection. A rejected insight keeps the
    labels that held before, so that taking the rejection back brings them again.
    """
    if not afters:
        return Current(said, Standing.UNSURE if unsure else Standing.SURE)
    held = next((labels for labels in reversed(afters) if labels is not None), said)
    return Current(held, Standing.REJECTED if afters[-1] is None else Standing.SURE)

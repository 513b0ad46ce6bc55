"""Reading again what a fall-back read, page by page: nothing is held but a page, and a run that ends goes on later.

What nobody could read goes back into the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.parts import Clock, Store
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification, Labels
from storage.ids import FeedbackId, TeamId
from storage.readings import Reading

PAGE = 16
"""Feedback read at once; what a page brought is written before the next is asked for."""
LOT = 500
"""Failed feedback put back in the queue at once."""

Progress = Callable[[int], None]
"""Told how many feedback have been dealt with since it was last told."""


@dataclass(slots=True)
class Outcome:
    """Count what reading again brought."""

    read: int = 0
    changed: int = 0
    """Of these, those whose labels are not the same as before."""
    kept: int = 0
    """Insights that stand because a person decided on them, whatever was found now."""
    not_reached: int = 0
    """Feedback for which the model could not be asked once more: to be asked again later."""
    overtaken: int = 0
    """Feedback that changed while it was read, and was left as it is."""
    tokens: int = 0
    unbooked: int = 0
    """Of these, what was spent on readings that were not written: the history cannot count it against the budget."""
    cost: float | None = None
    ended_early: bool = False
    """Whether the run gave up because a whole page could not be read."""


@dataclass(frozen=True, slots=True)
class Again:
    """Say what is to be read again and by whom."""

    team_id: TeamId
    since: datetime
    not_by: tuple[str, str] | None = None
    """Where not only fall-backs are to be read again: all that this classifier, with this model, did not read."""


def reclassify(
    store: Store,
    again: Again,
    classifier: Classifier,
    context: Context,
    clock: Clock,
    *,
    write: bool,
    progress: Progress,
    outcome: Outcome | None = None,
) -> Outcome:
    """Read again, and with ``write`` let each new reading stand; without it only count. Raises ClassifierError.

    A reading that is a fall-back once more is never written: the one before stays, to be asked again. When a whole
    page could not be read the run ends; what was written stays written, and the next run goes on after it.
    Counts in the outcome that is given, which a budget in the context can look at meanwhile.
    """
    outcome = outcome or Outcome()
    after: FeedbackId | None = None
    while page := store.readings.again(again.team_id, since=again.since, not_by=again.not_by, after=after, limit=PAGE):
        found = classifier.classify([reading.text for reading in page], context)
        for reading, classification in zip(page, found, strict=True):
            _settle(store, reading, classification, context.taxonomy.version, clock(), outcome, write=write)
        progress(len(page))
        if all(classification.provenance.fallback for classification in found):
            outcome.ended_early = True
            break
        after = page[-1].feedback_id
    return outcome


def retry_failed(store: Store, team_id: TeamId, at: datetime) -> int:
    """Put back in the queue all that could not be read, a lot at a time, so that capture never waits long.

    Return how many.
    """
    total = 0
    while moved := store.queue.retry_failed(team_id, at=at, limit=LOT):
        total += moved
        if moved < LOT:
            break
    return total


def _settle(
    store: Store,
    reading: Reading,
    found: Classification,
    taxonomy_version: str,
    at: datetime,
    outcome: Outcome,
    *,
    write: bool,
) -> None:
    usage = found.provenance.usage
    tokens = usage.tokens_in + usage.tokens_out
    outcome.tokens += tokens
    if usage.cost is not None:
        outcome.cost = (outcome.cost or 0.0) + usage.cost
    if found.provenance.fallback:
        outcome.unbooked += tokens
        outcome.not_reached += 1
        return
    written = write and store.readings.replace(reading, found, taxonomy_version=taxonomy_version, at=at)
    if not written:
        outcome.unbooked += tokens
    if write and not written:
        outcome.overtaken += 1
        return
    outcome.read += 1
    outcome.changed += _labels_before(reading) != _labels(found)
    outcome.kept += sum(insight.reviews > 0 for insight in reading.insights)


def _labels_before(reading: Reading) -> Sequence[Labels]:
    return sorted((one.current for one in reading.insights), key=_order)


def _labels(found: Classification) -> Sequence[Labels]:
    return sorted((one.labels for one in found.insights), key=_order)


def _order(labels: Labels) -> tuple[str, str]:
    return labels.theme, labels.persona

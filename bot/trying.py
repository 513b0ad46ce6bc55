"""Trying Ballast on a file: survey it, classify what its digest needs, compose the digest. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import NamedTuple

from bot.composing import Captured, compose, listening_start
from bot.digest import Digest
from bot.period import WEEK_DAYS, Period, day_of, days, zone_of
from bot.reading import Message, Survey, messages
from bot.views.digest_words import counted
from classifiers.errors import ClassifierError, ModelError, RefusedError
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification
from storage.ids import FeedbackId, InsightId
from storage.records import Heard
from storage.vocabulary import ChannelKind, Standing

BATCH = 32
WHOLE_FILE_WEEKS = 26
"""A file that spans no more is shown whole; of a longer one the last weeks, measured against those before."""
SHOWN_WEEKS = 12

Progress = Callable[[int], None]
"""Told how many messages have been dealt with since it was last told."""


@dataclass(frozen=True, slots=True)
class ChosenPeriod:
    """Hold the period of a file's digest and the sentence that says why it is this one."""

    period: Period
    reason: str


class _Timed(NamedTuple):
    """Pair a message with the time that it counts under."""

    message: Message
    at: datetime


@dataclass(slots=True)
class _Counts:
    """What the digest needs to know and no insight tells."""

    messages: int = 0
    failed: int = 0
    later: int = 0
    """Messages dated after the period: a mistyped year, as a rule."""


def choose_period(survey: Survey, *, zone: str, now: datetime, weeks: int | None = None) -> ChosenPeriod:
    """Choose the period of a file's digest, in whole days of the zone.

    Rule: the last ``weeks`` where they are asked for; else the whole file up to 26 weeks; of a longer one the last
    twelve. A file without dates is one period without a trend.
    """
    if survey.first is None or survey.last is None:
        today = day_of(now, zone)
        whole = days(today, today + timedelta(days=1), zone, name=f"all of {survey.path.name}")
        return ChosenPeriod(whole, "No date could be read: the whole file is one period, without weeks.")
    # A mistyped year must not push the period into a future that holds nothing else.
    last = now if survey.first <= now < survey.last else survey.last
    first_day, past = day_of(survey.first, zone), day_of(last, zone) + timedelta(days=1)
    if weeks is None and (past - first_day).days <= WHOLE_FILE_WEEKS * WEEK_DAYS:
        return ChosenPeriod(
            days(first_day, past, zone),
            "The period is the whole file; --weeks 4 shows its last four weeks against those before.",
        )
    shown = weeks or SHOWN_WEEKS
    period = days(past - timedelta(days=shown * WEEK_DAYS), past, zone)
    return ChosenPeriod(
        period, f"The period is the file's last {shown} weeks; what came before is the usual to compare with."
    )


def digest_of_file(
    survey: Survey, chosen: ChosenPeriod, classifier: Classifier, context: Context, *, now: datetime, progress: Progress
) -> Digest:
    """Classify a file's messages in batches and compose the digest of the chosen period.

    Memory is flat: one batch is held at a time. A text that cannot be classified counts as failed, never as one
    without a problem. Raises ModelError or RefusedError when nothing can be classified at all.
    """
    counts = _Counts()
    wanted = _wanted(survey, chosen.period, counts, progress)
    heard = _heard(wanted, classifier, context, chosen.period, counts, progress)
    captured = Captured(messages=0, waiting=0, failed=0, began_at=survey.first or chosen.period.start)
    digest = compose(heard, chosen.period, captured, now=now)
    return _completed(digest, counts, dated=survey.first is not None)


def _completed(digest: Digest, counts: _Counts, *, dated: bool) -> Digest:
    """Add what was only known after the last message."""
    awaiting = replace(digest.awaiting, failed=counts.failed)
    told = [
        *([f"{counted(counts.failed, 'message')} could not be classified."] if counts.failed else []),
        *([f"{counted(counts.later, 'message')} dated after this period, not counted."] if counts.later else []),
    ]
    quotes = digest.quotes
    if not dated:
        quotes = {side: tuple(replace(one, said_at=None) for one in said) for side, said in quotes.items()}
    return replace(
        digest, messages=counts.messages, awaiting=awaiting, quotes=quotes, warnings=(*told, *digest.warnings)
    )


def _wanted(survey: Survey, period: Period, counts: _Counts, progress: Progress) -> Iterator[_Timed]:
    """Give the messages that the digest of the period counts or compares with, each with its time."""
    since, zone = listening_start(period), zone_of(period.zone)
    for message in messages(survey, zone=zone):
        at = period.start if survey.first is None else message.said_at
        counts.later += at is not None and at >= period.end
        if at is None or not since <= at < period.end:
            progress(1)
            continue
        counts.messages += at >= period.start
        yield _Timed(message, at)


def _heard(
    wanted: Iterable[_Timed],
    classifier: Classifier,
    context: Context,
    period: Period,
    counts: _Counts,
    progress: Progress,
) -> Iterator[Heard]:
    ids = count(1)
    source = iter(wanted)
    while batch := list(islice(source, BATCH)):
        for timed, classification in zip(batch, _classified(batch, classifier, context), strict=True):
            if classification is None:
                counts.failed += timed.at >= period.start
            else:
                yield from _insights(timed, classification, ids)
        progress(len(batch))


def _classified(batch: Sequence[_Timed], classifier: Classifier, context: Context) -> list[Classification | None]:
    """Classify a batch; where it fails as a whole, each text alone, None for one that cannot be classified."""
    try:
        return [*classifier.classify([timed.message.text for timed in batch], context)]
    except (ModelError, RefusedError):
        raise
    except ClassifierError:
        return [_alone(timed.message, classifier, context) for timed in batch]


def _alone(message: Message, classifier: Classifier, context: Context) -> Classification | None:
    try:
        return classifier.classify([message.text], context)[0]
    except (ModelError, RefusedError):
        raise
    except ClassifierError:
        return None


def _insights(timed: _Timed, classification: Classification, ids: Iterator[int]) -> Iterator[Heard]:
    message = timed.message
    for insight in classification.insights:
        yield Heard(
            insight_id=InsightId(next(ids)),
            feedback_id=FeedbackId(message.line),
            labels=insight.labels,
            standing=Standing.UNSURE if insight.unsure else Standing.SURE,
            quote=insight.evidence.quote,
            confidence=insight.confidence,
            said_at=timed.at,
            voice=message.voice,
            account=message.account or insight.remarks.account,
            permalink=message.link,
            channel_id=None,
            channel_kind=ChannelKind.PUBLIC,
        )

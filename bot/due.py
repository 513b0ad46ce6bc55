"""Tell which digests are due: a pure answer from the time, the schedules and what became of earlier digests.

Rules. A schedule is due once a week, when the clocks of its zone first show its weekday and time; a time that
daylight saving skips is due at the first moment after the gap, and one that comes twice at the first. The digest is
of the seven whole local days before the day of posting: Monday's is of the week before, Monday to Sunday.

One that was missed is made up within a day; a later one is skipped, and that is said. What was due before the
schedule was set or resumed is neither. No trigger has to fire: whoever asks, however seldom, gets every moment
that is neither posted nor skipped yet, the oldest first, for up to a year.

What its owner was shown and somebody then asked for in the channel is due until it stands there, however late it is
and whatever became of the schedule meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.period import WEEK_DAYS, Period, day_of, days, moment_of, name_of_days
from storage.ids import ScheduleId
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import DigestState

MADE_UP_WITHIN = timedelta(hours=24)
LOOK_BACK_WEEKS = 52

_Key = tuple[ScheduleId, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """Ask for one digest to be posted, or, where it is too late, to be skipped and that to be said."""

    schedule: Schedule
    period: Period
    due_at: datetime
    too_late: bool


def due(now: datetime, schedules: Iterable[Schedule], digests: Iterable[DigestClaim]) -> list[Due]:
    """Return what is due at ``now`` (aware), the oldest first.

    ``digests`` are the claims of these schedules, at least those of the last ``LOOK_BACK_WEEKS``. A claim that is
    neither posted nor skipped is due still: whether its lease has run out is for ``Schedules.claim`` to tell.
    """
    schedules, digests = list(schedules), list(digests)
    told = _settled(digests)
    moments = (one for schedule in schedules if not schedule.paused for one in _moments(schedule, now))
    unsettled = [one for one in moments if _key(one.schedule, one.period) not in told]
    return sorted([*unsettled, *_asked_for(schedules, digests)], key=lambda one: (one.due_at, one.schedule.schedule_id))


def next_due_at(schedule: Schedule, now: datetime, digests: Iterable[DigestClaim]) -> datetime:
    """Return the first moment after ``now`` at which a schedule is due, paused or not.

    ``digests`` are its claims, at least the newest: moved to a later hour of the day on which its digest came, a
    schedule brings no second one of the same days.
    """
    told, today = _settled(digests), day_of(now, schedule.zone)
    posting_days = (_posting_day(schedule, today, weeks) for weeks in (0, 1, 2))
    moments = (_due_at(schedule, day) for day in posting_days if _key(schedule, _period(schedule, day)) not in told)
    return next(moment for moment in moments if moment > now)


def period_due(schedule: Schedule, now: datetime) -> Period:
    """Return the period of the newest digest that was due at ``now``: what ``preview`` and ``now`` show."""
    today = day_of(now, schedule.zone)
    posting_days: Sequence[date] = [_posting_day(schedule, today, weeks) for weeks in (0, -1)]
    return _period(schedule, next((day for day in posting_days if _due_at(schedule, day) <= now), posting_days[-1]))


def period_of(schedule: Schedule, digest: DigestClaim) -> Period:
    """Return the period that a digest is of, named by the clocks of its schedule's zone."""
    last = digest.period_end - timedelta(seconds=1)
    name = name_of_days(day_of(digest.period_start, schedule.zone), day_of(last, schedule.zone))
    return Period(digest.period_start, digest.period_end, name, schedule.zone)


def _settled(digests: Iterable[DigestClaim]) -> set[_Key]:
    """Name what the clock need not bring any more: posted, skipped, or asked for by somebody."""
    return {
        (digest.schedule_id, digest.period_start, digest.period_end)
        for digest in digests
        if digest.is_asked_for or digest.state in {DigestState.POSTED, DigestState.SKIPPED}
    }


def _key(schedule: Schedule, period: Period) -> _Key:
    return schedule.schedule_id, period.start, period.end


def _asked_for(schedules: Sequence[Schedule], digests: Sequence[DigestClaim]) -> Iterator[Due]:
    known = {schedule.schedule_id: schedule for schedule in schedules}
    for digest in digests:
        if digest.is_asked_for and (schedule := known.get(digest.schedule_id)) is not None:
            yield Due(schedule, period_of(schedule, digest), digest.due_at, too_late=False)


def _moments(schedule: Schedule, now: datetime) -> Iterator[Due]:
    today = day_of(now, schedule.zone)
    for weeks in range(-LOOK_BACK_WEEKS, 1):
        day = _posting_day(schedule, today, weeks)
        due_at = _due_at(schedule, day)
        if schedule.active_since < due_at <= now:
            yield Due(schedule, _period(schedule, day), due_at, too_late=now - due_at > MADE_UP_WITHIN)


def _posting_day(schedule: Schedule, today: date, weeks: int) -> date:
    """Return the schedule's day of this week, or of one so many weeks away."""
    return today + timedelta(days=schedule.weekday - today.weekday() + WEEK_DAYS * weeks)


def _due_at(schedule: Schedule, day: date) -> datetime:
    return moment_of(day, time(schedule.hour, schedule.minute), schedule.zone)


def _period(schedule: Schedule, day: date) -> Period:
    return days(day - timedelta(days=WEEK_DAYS), day, schedule.zone)

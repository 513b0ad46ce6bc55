"""Periods: half-open intervals of aware datetimes, in a zone; weeks begin on Monday.

A day begins at the first moment of that date in the zone, whatever daylight saving does to it: a day may last
23, 23.5, 24, 24.5 or 25 hours, a week always seven of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import InputError

WEEK_DAYS = 7
OLDEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Nobody means an earlier day, and the weeks before it must still be days of the calendar."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """Hold ``start <= t < end``, both aware UTC, and the name that people read ("16–22 Nov 2026")."""

    start: datetime
    end: datetime
    name: str
    zone: str


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone that a person names, in any case. Raises InputError, "did you mean"."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        known = {_folded(zone): zone for zone in available_timezones()}
    if _folded(name) in known:
        return ZoneInfo(known[_folded(name)])
    cities = {folded.rpartition("/")[2]: zone for folded, zone in sorted(known.items(), reverse=True)}
    near = get_close_matches(_folded(name), cities | known, n=1, cutoff=0.75)
    hint = f"Did you mean {(cities | known)[near[0]]}?" if near else "Write it like Europe/Berlin or America/New_York."
    message = f"“{name[:40]}” is no time zone that I know. {hint}"
    raise InputError(message)


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return the moment (UTC) at which the clocks of a zone first show this date and time.

    A time that happens twice is the first of the two. One that daylight saving skips is the first moment after
    the gap.
    """
    local = datetime.combine(day, at, zone_of(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _end_of_gap(local)


def days(first: date, past: date, zone: str, *, name: str | None = None) -> Period:
    """Return the period of the whole local days ``first <= day < past``, named by them unless a name is given."""
    start, end = moment_of(first, time(), zone), moment_of(past, time(), zone)
    return Period(start, end, name or name_of_days(first, past - timedelta(days=1)), zone)


def not_too_old(period: Period) -> Period:
    """Return the period. Raises OverflowError for one before which the calendar has too few days."""
    if period.start < OLDEST:
        raise OverflowError
    return period


def name_of_days(first: date, last: date) -> str:
    """Name the days from first to last, both included: "16–22 Nov 2026 (week 47)"."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        name = f"{first.day}–{end}"
    elif first.year == last.year:
        name = f"{first.day} {MONTHS[first.month - 1]} – {end}"
    else:
        name = f"{first.day} {MONTHS[first.month - 1]} {first.year} – {end}"
    whole_week = first.weekday() == 0 and (last - first).days == WEEK_DAYS - 1
    return f"{name} (week {first.isocalendar().week})" if whole_week else name


def day_of(moment: datetime, zone: str) -> date:
    """Return the date that the clocks of the zone show at a moment."""
    return moment.astimezone(zone_of(zone)).date()


def week_of(moment: datetime, zone: str) -> Period:
    """Return the week, Monday to Sunday in the zone, that a moment lies in."""
    today = day_of(moment, zone)
    monday = today - timedelta(days=today.weekday())
    return days(monday, monday + timedelta(days=WEEK_DAYS), zone)


def week_named(name: str, zone: str) -> Period:
    """Return the ISO week of a name such as "2026-W46". Raises InputError for one that no calendar has."""
    year, _, week = name.upper().partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
        return not_too_old(days(monday, monday + timedelta(days=WEEK_DAYS), zone))
    except (ValueError, OverflowError) as error:
        message = f"“{name[:40]}” is no week that I know. Write a year and an ISO week, like 2026-W46."
        raise InputError(message) from error


def weeks_until(end: datetime, count: int, zone: str) -> tuple[Period, ...]:
    """Return the ``count`` stretches of seven local days that lead up to a moment, oldest first."""
    local = end.astimezone(zone_of(zone))
    bounds = [
        moment_of(local.date() - timedelta(days=WEEK_DAYS * back), local.time(), zone) for back in range(count, 0, -1)
    ]
    bounds.append(end)
    return tuple(
        Period(start, past, name_of_days(day_of(start, zone), day_of(past - timedelta(microseconds=1), zone)), zone)
        for start, past in pairwise(bounds)
    )


def weeks_before(period: Period, count: int) -> tuple[Period, ...]:
    """Return the ``count`` weeks that lead up to a period, oldest first; the last ends where it starts."""
    return weeks_until(period.start, count, period.zone)


def period_before(period: Period) -> Period:
    """Return the period of the same length by the local clock that ends where this one starts."""
    zone = zone_of(period.zone)
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (period.start, period.end))
    earlier = start - (end - start)
    first = moment_of(earlier.date(), earlier.time(), period.zone)
    last = day_of(period.start - timedelta(microseconds=1), period.zone)
    return Period(first, period.start, name_of_days(earlier.date(), last), period.zone)


def _end_of_gap(skipped: datetime) -> datetime:
    """Find the moment at which the clocks jumped over a local time that no clock showed."""
    zone = skipped.tzinfo
    after = skipped.replace(fold=0).astimezone(UTC)
    before = skipped.replace(fold=1).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def _folded(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()

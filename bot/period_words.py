"""Read the periods that people type: "last 30d", "since 2026-10-01", "2026-W46", "this quarter".

Rules. A period of days is made of whole local days. With a number it runs up to and with today: "last 30d" is
today and the 29 days before, "last 4 weeks" today and the 27 before. Without one it is a unit of the calendar:
"last week" is Monday to Sunday of the week before this one, "this month" the whole month that today lies in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from itertools import pairwise

from bot.errors import InputError
from bot.period import MONTHS, WEEK_DAYS, Period, day_of, days, not_too_old, week_named
from bot.schedule_words import WEEKDAYS

FORMS = (
    "last 30d",
    "last 4 weeks",
    "since 2026-10-01",
    "2026-W46",
    "this week",
    "last week",
    "this month",
    "last month",
    "this quarter",
    "last quarter",
    "this year",
    "last year",
    "2026-Q4",
    "2026-10",
    "2026-10-15",
    "2026",
    "today",
    "yesterday",
    "all",
)
"""The accepted forms, each by an example: what errors and the help show."""

EVERYTHING = "everything so far"
"""The name of the period that no period is longer than."""
_FIRST_DAY = date(1970, 1, 1)
_LIKE_A_UNIT = 0.8
"""How like a unit a mistyped one is at least: “quater” is, the “weak” of weak signals is not."""
_UNITS = {"d": "day", "day": "day", "w": "week", "wk": "week", "week": "week", "m": "month", "month": "month"}
_UNITS |= {"q": "quarter", "quarter": "quarter", "y": "year", "year": "year"}
_DAYS_BACK = {"today": 0, "yesterday": 1}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_WEEKDAYS = tuple(name.casefold() for name in WEEKDAYS)
_WORDS = (
    *_WEEKDAYS,
    *("last", "past", "this", "since", "today", "yesterday", "all", "everything"),
    *("day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years"),
)
_LONGEST = 4
"""Words in the longest form: "the last 30 days"."""
_LEADS = {"in", "for", "of", "during", "over", "from"}
_EVER = {"all", "all time", "ever", "everything"}
_FORM = re.compile(
    r"(?:the )?(?:last|past|this|current|previous) (?:\d{1,6} ?)?(?:d|w|wk|m|q|y|days?|weeks?|months?|quarters?|years?)"
    r"|\d{1,6}[dw]|\d{1,6} (?:days?|weeks?|months?|quarters?|years?)"
    r"|since (?:last|this) (?:week|month|quarter|year)|since \S+"
    r"|\d{4}-?w\d{1,2}|\d{4}-?q[1-4]|q[1-4] \d{4}|\d{4}|\d{4}-\d{1,2}|\d{4}-\d{1,2}-\d{1,2}"
    r"|today|yesterday|all|all time|ever|everything"
)


def parse_period(words: str, now: datetime, zone: str) -> Period:
    """Return the period that words name at ``now`` (aware) in a zone.

    Raises InputError, which shows the accepted forms and, for a slip of the keys, "did you mean".
    """
    folded = re.sub(r"\bthe\b", " ", words.casefold())
    folded = " ".join(folded.split())
    try:
        read = _read(folded, day_of(now, zone), zone)
        period = None if read is None else not_too_old(read)
    except (ValueError, OverflowError) as error:
        message = f"“{words[:40]}” is outside the calendar. A period can be {_forms()}."
        raise InputError(message) from error
    if period is None:
        raise InputError(_refusal(words, folded))
    return period


def split_period(words: str, now: datetime, zone: str) -> tuple[str, Period | None]:
    """Find the period that stands anywhere among words, and return the other words and it.

    The longest run of words that names a period wins, then the last one; no period is None. A bare year, "all" and
    "90 days" count only at the end, the last after other words, for a name may hold them. Words that begin like a
    period and are none ("last 3 wekks", "last quater") raise InputError rather than being taken for a name.
    """
    given = words.split()
    for length in range(min(_LONGEST, len(given)), 0, -1):
        for begin in range(len(given) - length, -1, -1):
            before, run, after = given[:begin], " ".join(given[begin : begin + length]), given[begin + length :]
            if _is_period(run, first=not before, last=not after):
                if before and before[-1].casefold() in _LEADS:
                    before.pop()
                return " ".join([*before, *after]), parse_period(run, now, zone)
    _refuse_half_a_period(given)
    return words.strip(), None


def _is_period(run: str, *, first: bool, last: bool) -> bool:
    folded = run.casefold()
    if _FORM.fullmatch(folded) is None:
        return False
    if re.fullmatch(r"\d+ [a-z]+", folded):
        return last and not first
    return last or not (folded in _EVER or re.fullmatch(r"\d{4}", folded))


def _refuse_half_a_period(given: Sequence[str]) -> None:
    for place, (word, following) in enumerate(pairwise(given)):
        if word.casefold() not in {"last", "past"}:
            continue
        numbered = following[0].isdigit()
        if numbered or get_close_matches(following.casefold(), _UNITS, n=1, cutoff=_LIKE_A_UNIT):
            run = " ".join(given[place : place + (3 if numbered else 2)])
            raise InputError(_refusal(run, run.casefold()))


def _read(words: str, today: date, zone: str) -> Period | None:
    return (
        _named_day(words, today, zone)
        or _rolling(words, today, zone)
        or _calendar_unit(words, today, zone)
        or _dated(words, zone)
    )


def _named_day(words: str, today: date, zone: str) -> Period | None:
    tomorrow = today + timedelta(days=1)
    if words in _DAYS_BACK:
        named = today - timedelta(days=_DAYS_BACK[words])
        return days(named, named + timedelta(days=1), zone)
    if words in _EVER:
        return days(_FIRST_DAY, tomorrow, zone, name=EVERYTHING)
    if words.startswith("since "):
        first = _day_or_start(words.removeprefix("since "), today, zone)
        if first is not None and first >= tomorrow:
            message = f"{first.isoformat()} is still to come. “since” takes a day up to today."
            raise InputError(message)
        return days(first, tomorrow, zone) if first else None
    return None


def _rolling(words: str, today: date, zone: str) -> Period | None:
    match = re.fullmatch(r"(?:(?:last|past|previous) )?(\d{1,6}) ?([a-z]+?)s?", words)
    unit = _UNITS.get(match[2]) if match else None
    if not match or unit is None:
        return None
    count = int(match[1])
    if not count:
        message = "A period of nothing holds nothing. Write for example “last 30d”."
        raise InputError(message)
    past = today + timedelta(days=1)
    if unit in _MONTHS_IN:
        return days(_months_earlier(past, count * _MONTHS_IN[unit]), past, zone)
    return days(past - timedelta(days=count * (WEEK_DAYS if unit == "week" else 1)), past, zone)


def _calendar_unit(words: str, today: date, zone: str) -> Period | None:
    match = re.fullmatch(r"(this|current|last|past|previous) (week|month|quarter|year)", words)
    if not match:
        return None
    back = 0 if match[1] in {"this", "current"} else 1
    if match[2] == "week":
        monday = today - timedelta(days=today.weekday() + WEEK_DAYS * back)
        return days(monday, monday + timedelta(days=WEEK_DAYS), zone)
    length = _MONTHS_IN[match[2]]
    first = today.replace(month=(today.month - 1) // length * length + 1, day=1)
    return _months(_months_earlier(first, back * length), length, zone)


def _dated(words: str, zone: str) -> Period | None:
    if match := re.fullmatch(r"(\d{4})-?w(\d{1,2})", words):
        return week_named(f"{match[1]}-W{match[2]}", zone)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return days(day, day + timedelta(days=1), zone)
    return _dated_months(words, zone)


def _dated_months(words: str, zone: str) -> Period | None:
    if match := re.fullmatch(r"(\d{4})-?q([1-4])", words):
        return _months(date(int(match[1]), int(match[2]) * 3 - 2, 1), 3, zone)
    if match := re.fullmatch(r"q([1-4]) (\d{4})", words):
        return _months(date(int(match[2]), int(match[1]) * 3 - 2, 1), 3, zone)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})", words):
        return _months(date(int(match[1]), int(match[2]), 1), 1, zone)
    if match := re.fullmatch(r"\d{4}", words):
        return _months(date(int(match[0]), 1, 1), 12, zone)
    return None


def _day_or_start(words: str, today: date, zone: str) -> date | None:
    if words in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(words)) % WEEK_DAYS)
    if words in _DAYS_BACK:
        return today - timedelta(days=_DAYS_BACK[words])
    named = _calendar_unit(words, today, zone) or _dated(words, zone)
    return day_of(named.start, zone) if named else None


def _months(first: date, length: int, zone: str) -> Period:
    past = _months_earlier(first, -length)
    if length == _MONTHS_IN["year"]:
        name = str(first.year)
    elif length == _MONTHS_IN["quarter"]:
        name = f"Q{(first.month + 2) // 3} {first.year} ({MONTHS[first.month - 1]}–{MONTHS[first.month + 1]})"
    else:
        name = f"{MONTHS[first.month - 1]} {first.year}"
    return days(first, past, zone, name=name)


def _months_earlier(day: date, months: int) -> date:
    """Step back by months, to the last day of a shorter month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _refusal(words: str, folded: str) -> str:
    mended = [(get_close_matches(word, _WORDS, n=1, cutoff=0.6) or [word])[0] for word in folded.split()]
    guess = " ".join(mended)
    if guess != folded and _FORM.fullmatch(guess):
        return f"“{words[:40]}” is no period that I know. Did you mean “{guess}”?"
    return f"“{words[:40]}” is no period that I know. A period can be {_forms()}."


def _forms() -> str:
    return ", ".join(FORMS[:-1]) + f" or {FORMS[-1]}"

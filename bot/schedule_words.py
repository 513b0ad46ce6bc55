"""Read when a digest shall come: "monday 9:00 Europe/Berlin", the words in any order, each with a default."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.errors import InputError
from bot.period import zone_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EXAMPLE = "monday 9:00 Europe/Berlin"
_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_LEADS = {"at", "on", "every", "each", "in"}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?\s?(am|pm)?")
_HALF_DAY = 12
_LETTERS_OF_A_DAY = 3


@dataclass(frozen=True, slots=True)
class ScheduleTime:
    """Hold what was said of weekday (0 is Monday), hour, minute and zone; ``zone`` is None when none was named."""

    weekday: int = 0
    hour: int = 9
    minute: int = 0
    zone: str | None = None

    @property
    def words(self) -> str:
        """Say it: "Monday 9:00"."""
        return f"{WEEKDAYS[self.weekday]} {self.hour}:{self.minute:02}"


def parse_schedule_time(words: str) -> ScheduleTime:
    """Return the time that words name; what they leave out is Monday, 9:00 and no zone.

    Raises InputError, with an example and "did you mean", for a word that is neither, or a second of a kind.
    """
    found: dict[str, ScheduleTime] = {}
    when = ScheduleTime()
    for word in _words(words):
        kind, changed = _read(word, when)
        if kind in found:
            message = f"“{words[:60]}” names more than one {kind}. Write it like “{EXAMPLE}”."
            raise InputError(message)
        found[kind] = when = changed
    return when


def _words(words: str) -> list[str]:
    joined = re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", words, flags=re.IGNORECASE)
    joined = re.sub(r",|\b(o'clock|uhr)\b", " ", joined, flags=re.IGNORECASE)
    return [word for word in joined.split() if word.casefold() not in _LEADS]


def _read(word: str, when: ScheduleTime) -> tuple[str, ScheduleTime]:
    weekday = _weekday(word.casefold())
    if weekday is not None:
        return "weekday", replace(when, weekday=weekday)
    if word[0].isdigit():
        hour, minute = _clock(word)
        return "time", replace(when, hour=hour, minute=minute)
    near = get_close_matches(word.casefold(), [day.casefold() for day in WEEKDAYS], n=1, cutoff=0.7)
    if near:
        message = f"“{word[:40]}” is no weekday that I know. Did you mean {near[0].capitalize()}?"
        raise InputError(message)
    return "zone", replace(when, zone=str(zone_of(word)))


def _weekday(word: str) -> int | None:
    if word in _SHORT:
        return _SHORT[word]
    for number, day in enumerate(WEEKDAYS):
        if word.removesuffix("s") in {day.casefold(), day.casefold()[:_LETTERS_OF_A_DAY]}:
            return number
    return None


def _clock(word: str) -> tuple[int, int]:
    match = _CLOCK.fullmatch(word.casefold())
    hour, minute, half = (int(match[1]), int(match[2] or 0), match[3]) if match else (99, 0, None)
    if half and 1 <= hour <= _HALF_DAY:
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)
    elif half:
        hour = 99
    if hour > 23 or minute > 59:  # noqa: PLR2004  # the clock's own bounds
        message = f"“{word[:40]}” is no time of day. Write it like 9:00, 17:30 or 9am."
        raise InputError(message)
    return hour, minute

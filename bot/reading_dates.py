"""Dates as exports write them: ISO, 31/12/2026, 12/31/2026, "Mar 3, 2026", epoch times, a spreadsheet's day numbers.

Whether 03/04/2026 is in March or in April no single cell can tell: ``Evidence`` hears the whole column first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum

_YEARS = range(1990, 2101)
_SPREADSHEET_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_SPREADSHEET_DAYS = (30_000.0, 75_000.0)
"""From 1982 to 2105."""
_EPOCH_SECONDS = (631_152_000.0, 4_133_980_800.0)
"""From 1990 to 2101."""
_FULL_YEAR, _SHORT_YEAR = 4, 2
"""Digits of a year."""
_LONGEST = 80
_UNITS = (1.0, 1e3, 1e6)
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:(?:T|,?\s+)(.+))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY_FIRST_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})\.?[\s/-]+(?:de\s+)?([^\W\d]+)\.?,?[\s/-]+(?:de\s+)?(\d{4}|\d{2})(?:,?\s+(.+))?"
)
_MONTH_FIRST_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(?:at\s+)?(.+))?"
)
_TIME = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?\s*"
    r"(Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|UTC|GMT)?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    "jan janv ene gen", "feb fev fév fevr févr", "mar mär mrz mrt maerz märz", "apr avr abr", "may mai mei mag maj",
    "jun juin giu", "jul juil lug", "aug aou aoû ago août", "sep set sept", "oct okt ott out", "nov", "dec dez dic déc",
)  # fmt: skip


class Order(StrEnum):
    """Which number of 03/04/2026 is the month."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(slots=True)
class Span:
    """Hold what a column says when it is read in one order, the other where only that one fits."""

    first: datetime | None = None
    last: datetime | None = None
    future: int = 0

    def take(self, at: datetime, now: datetime) -> None:
        """Note one moment."""
        self.future += at > now
        self.first = at if self.first is None or at < self.first else self.first
        self.last = at if self.last is None or at > self.last else self.last

    @property
    def length(self) -> timedelta:
        """How far apart the first and the last moment are."""
        return self.last - self.first if self.first and self.last else timedelta()


@dataclass(slots=True)
class Evidence:
    """Hear every cell of a date column and decide its order.

    Rule: the order that the most cells fit; then the one with fewer dates in the future; then the one in which the
    dates lie closest together, because an export read the wrong way round is scattered over the year.
    """

    now: datetime
    zone: tzinfo = UTC
    read: int = 0
    """Cells that are dates in either order."""
    differing: int = 0
    """Cells that mean another day in the other order."""
    only: dict[Order, int] = field(default_factory=lambda: dict.fromkeys(Order, 0))
    """Cells that one order alone can read."""
    spans: dict[Order, Span] = field(default_factory=lambda: {order: Span() for order in Order})

    def take(self, cell: str) -> None:
        """Hear one cell."""
        day, month = (parse_date(cell, order, self.zone) for order in Order)
        if day is None and month is None:
            return
        self.read += 1
        self.differing += day != month and day is not None and month is not None
        self.only[Order.DAY_FIRST] += month is None
        self.only[Order.MONTH_FIRST] += day is None
        for span, at in ((self.spans[Order.DAY_FIRST], day or month), (self.spans[Order.MONTH_FIRST], month or day)):
            if at is not None:
                span.take(at, self.now)

    def order(self) -> Order:
        """Return the order that the whole column speaks for; day first where nothing tells."""
        return min(Order, key=lambda order: (-self.only[order], self.spans[order].future, self.spans[order].length))

    def reason(self) -> str | None:
        """Say in a few words why the order was chosen; None when no cell depends on it."""
        if not self.differing:
            return None
        fewer, more = sorted(self.only.values())
        if fewer:
            return f"{_rows_fit(more)} only that way; {_rows_fit(fewer)} only the other way, and read so"
        if more:
            return f"{_rows_fit(more)} only that way"
        return "no row is certain, and the dates make the most sense that way"


def _rows_fit(number: int) -> str:
    return "1 row fits" if number == 1 else f"{number:,} rows fit"


def parse_date(cell: str, order: Order, zone: tzinfo = UTC) -> datetime | None:
    """Read one cell as an aware UTC datetime; None when it is no date.

    A time without an offset is of ``zone``. A cell that fits only the other order is read in that one by
    ``parse_either``, not here.
    """
    text = " ".join(cell.split())
    if not text or len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return None
    try:
        return _numeric(text, order, zone) or _worded(text, zone) or _number(text, zone)
    except (ValueError, OverflowError):
        return None


def parse_either(cell: str, order: Order, zone: tzinfo = UTC) -> datetime | None:
    """Read one cell in the column's order, or in the other where only that one fits."""
    other = Order.MONTH_FIRST if order is Order.DAY_FIRST else Order.DAY_FIRST
    return parse_date(cell, order, zone) or parse_date(cell, other, zone)


def _numeric(text: str, order: Order, zone: tzinfo) -> datetime | None:
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    one, sign, two, three, time = found.groups()
    if len(one) == _FULL_YEAR:
        year, month, day = int(one), int(two), int(three)
    elif len(three) in {_SHORT_YEAR, _FULL_YEAR}:
        year = _full(three)
        # With dots the day always comes first: no country writes months before days that way.
        day, month = (int(one), int(two)) if sign == "." or order is Order.DAY_FIRST else (int(two), int(one))
    else:
        return None
    return _moment(year, month, day, time, zone)


def _worded(text: str, zone: tzinfo) -> datetime | None:
    if found := _DAY_FIRST_WORDS.fullmatch(text):
        day, name, year, time = found.groups()
    elif found := _MONTH_FIRST_WORDS.fullmatch(text):
        name, day, year, time = found.groups()
    else:
        return None
    month = _month(name)
    return _moment(_full(year), month, int(day), time, zone) if month else None


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == _SHORT_YEAR else 0)


def _month(name: str) -> int | None:
    folded = name.casefold()
    for length in (len(folded), 4, 3):
        for number, names in enumerate(_MONTH_NAMES, start=1):
            if folded[:length] in names.split():
                return number
    return None


def _number(text: str, zone: tzinfo) -> datetime | None:
    if found := _COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _moment(year, month, day, None, zone)
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if _SPREADSHEET_DAYS[0] <= value <= _SPREADSHEET_DAYS[1]:
        local = (_SPREADSHEET_ZERO + timedelta(days=value)).replace(tzinfo=zone)
        return local.astimezone(UTC)
    for unit in _UNITS:
        if _EPOCH_SECONDS[0] <= value / unit <= _EPOCH_SECONDS[1]:
            return datetime.fromtimestamp(value / unit, UTC)
    return None


def _moment(year: int, month: int, day: int, time: str | None, zone: tzinfo) -> datetime | None:
    if year not in _YEARS:
        return None
    hour = minute = second = 0
    if time:
        found = _TIME.fullmatch(time.strip())
        if found is None:
            return None
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4]:
            hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
        zone = _offset(found[5]) if found[5] else zone
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _offset(written: str) -> tzinfo:
    if written.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    shift = written.upper().removeprefix("UTC").removeprefix("GMT")
    sign = -1 if shift[0] == "-" else 1
    digits = shift[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)))

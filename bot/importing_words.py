"""What an import tells: how the file is read, before anything is stored, and what it brought. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path

from bot.importing import Imported
from bot.importing_rows import Row
from bot.reading import FIRST_HAND, Sample, Survey
from bot.reading_dates import Order, parse_date, parse_either
from storage.vocabulary import Voice


def found_words(surveyed: Survey, sample: Sample, zone: tzinfo, voice: Voice | None = None) -> Iterator[str]:
    """Say how the file is read: form, columns, voice, and a date of it as it stands and as it is understood."""
    yield from (sentence for sentence in surveyed.form_found if voice is None or sentence != FIRST_HAND)
    if voice is Voice.DOCUMENT:
        yield "The rows are one list of requirements: one message for each account."
    elif voice is not None and surveyed.columns.voice is None:
        yield f"The words are taken as {voice.value.replace('_', '-')}."
    cells = (row.get(surveyed.columns.date or "", "").strip() for row in sample.cells)
    shown = _telling([cell for cell in cells if cell], zone)
    at = parse_either(shown, surveyed.order, zone) if shown else None
    if shown and at:
        yield f"Dates: “{shown[:40]}” is read as {at.astimezone(zone):%d %b %Y, %H:%M %Z}."


def imported_words(imported: Imported, rejects: Path, *, into: str) -> Iterator[str]:
    """Say what an import brought, and where the rejected rows are."""
    if imported.resumed_at:
        yield f"An earlier start had come as far as row {imported.resumed_at:,}; this one went on there."
    known = f" {imported.known:,} were there already." if imported.known else ""
    yield f"{_messages(imported.new)} taken into {into}.{known}"
    if imported.rejected:
        yield (
            f"{_rows(imported.rejected)} rejected; see {rejects} for the reasons. "
            "It holds the words of these rows: mend what you want and import that file, then delete it."
        )


def tried_words(imported: Imported, first: Sequence[Row], *, into: str) -> Iterator[str]:
    """Say what an import would bring, with the first rejected rows; never their words."""
    known = f" {imported.known:,} are there already." if imported.known else ""
    yield f"{_messages(imported.new)} would be taken into {into}.{known}"
    if imported.rejected:
        more = " …" if imported.rejected > len(first) else "."
        reasons = "; ".join(f"line {row.line}, {row.reason}" for row in first)
        yield f"{_rows(imported.rejected)} would be rejected: {reasons}{more}"
    yield "Nothing was written. Leave out --dry-run to import."


def _telling(cells: Sequence[str], zone: tzinfo) -> str | None:
    """Choose the date to show: one whose order matters, where there is any."""
    differing = (
        cell for cell in cells if parse_date(cell, Order.DAY_FIRST, zone) != parse_date(cell, Order.MONTH_FIRST, zone)
    )
    dated = (cell for cell in cells if parse_either(cell, Order.DAY_FIRST, zone))
    return next(differing, None) or next(dated, None)


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number:,} messages"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"

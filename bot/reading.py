"""Reading a team's own file of messages, .csv, .jsonl or .txt, in any encoding and with any delimiter.

Twice through the file: ``survey`` finds out what it holds (encoding, delimiter, columns, how dates are written,
how many rows), ``messages`` then gives them one by one. Memory is flat in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path

from bot.errors import InputError
from bot.reading_columns import ASK_FOR_TEXT, Columns, asked_columns, find_columns
from bot.reading_dates import Evidence, Order, parse_either
from bot.reading_form import DELIMITERS, SAMPLE, Form, find_form, open_records
from bot.reading_markup import without_markup
from bot.reading_records import Broken, Record
from storage.vocabulary import Voice

FIRST_HAND = "No column tells whose words these are: they are taken as first-hand."
_SHOWN = 5
_VOICES = {
    Voice.DOCUMENT: frozenset({"document", "rfp", "rfi", "tender", "requirement", "requirements", "contract"}),
    Voice.RELAYED: frozenset({"relayed", "sales", "slack", "notes", "meeting", "call", "csm", "internal", "colleague"}),
}
_UNFIT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Survey:
    """Know a file before it is read: its form, its columns and what a whole pass over it found."""

    path: Path
    form: Form
    columns: Columns
    order: Order
    order_reason: str | None
    """Why dates are read day or month first; None where no date depends on it."""
    rows: int
    """Rows with a text."""
    empty: int
    """Rows without one; they are passed over."""
    undated: int
    """Rows with a text and no date that can be read."""
    broken: int
    examples: tuple[Broken, ...]
    """The first broken rows."""
    first: datetime | None
    last: datetime | None

    @property
    def found(self) -> list[str]:
        """Say in sentences what was found, for the reader to check before anything is counted."""
        return [*self.form_found, *_lost(self)]

    @property
    def form_found(self) -> list[str]:
        """Say the same, less what the rows lack."""
        return list(_form_found(self))


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one message of a file."""

    line: int
    text: str
    said_at: datetime | None
    account: str | None
    reporter: str | None
    link: str | None
    voice: Voice
    key: str | None = None
    person: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold the first records of a file and the names of its columns."""

    names: tuple[str, ...]
    cells: Sequence[Mapping[str, str]]


def survey(
    path: Path,
    asked: Columns,
    *,
    now: datetime,
    zone: tzinfo = UTC,
    order: Order | None = None,
    form: Form | None = None,
    guess: bool = True,
) -> Survey:
    """Find out what a file holds; without a guess, of the columns asked for alone.

    Raises InputError that says what to do where it cannot be read.
    """
    form = form or find_form(path)
    sample = take_sample(path, form)
    if form.kind == "txt":
        columns = Columns(text="text")
    else:
        columns = find_columns(sample.names, sample.cells, asked) if guess else asked_columns(sample.names, asked)
    return _whole_pass(path, form, columns, Evidence(now, zone), order)


def take_sample(path: Path, form: Form) -> Sample:
    """Read the first records. Raises InputError where no record can be read."""
    with open_records(path, form) as records:
        first = list(islice(records, SAMPLE))
    sample = [record.cells for record in first if isinstance(record, Record)]
    if not sample:
        raise InputError(_why_nothing(path, form, [record for record in first if isinstance(record, Broken)]))
    names = form.names if form.kind == "csv" else tuple(dict.fromkeys(name for cells in sample for name in cells))
    return Sample(names, sample)


def _why_nothing(path: Path, form: Form, broken: Sequence[Broken]) -> str:
    if form.kind == "csv":
        return f"{path.name} holds nothing to read: no row of it could be read, or there is none below the header."
    if not broken:
        return f"{path.name} is empty: its list holds nothing."
    what, [first, *_] = "entry" if form.kind == "json" else "line", broken
    advice = "It may be cut off: export it again, as one list or with an object a line."
    return f"{path.name} holds nothing to read: {what} {first.line}, {first.reason}. {advice}"


def messages(surveyed: Survey, *, zone: tzinfo = UTC) -> Iterator[Message]:
    """Give the messages of a surveyed file, in its order; empty and broken rows are passed over."""
    with open_records(surveyed.path, surveyed.form) as records:
        for record in records:
            message = message_of(record, surveyed, zone) if isinstance(record, Record) else None
            if message is not None:
                yield message


def message_of(record: Record, surveyed: Survey, zone: tzinfo) -> Message | None:
    """Read one record of a surveyed file; None where it holds no text."""
    columns = surveyed.columns
    text = _words(record, columns)
    if text is None:
        return None
    return Message(
        line=record.line,
        text=text,
        said_at=parse_either(_part(record, columns.date) or "", surveyed.order, zone),
        account=_part(record, columns.account),
        reporter=_part(record, columns.reporter),
        link=_part(record, columns.link),
        voice=voice_of(_part(record, columns.voice)),
        key=_part(record, columns.key),
        person=_part(record, columns.person),
        email=_part(record, columns.email),
    )


def voice_of(cell: str | None) -> Voice:
    """Tell how close the words are to the one who has the problem; first-hand where the file does not say."""
    folded = set(re.split(r"[\W_]+", (cell or "").casefold()))
    return next((voice for voice, words in _VOICES.items() if folded & words), Voice.FIRST_HAND)


def _words(record: Record, columns: Columns) -> str | None:
    parts = (without_markup(_part(record, name) or "") for name in (columns.text, *columns.more))
    return "\n\n".join(part for part in parts if part) or None


def _part(record: Record, name: str | None) -> str | None:
    cell = record.cells.get(name, "").strip() if name else ""
    return _UNFIT.sub("\ufffd", cell) or None


def _whole_pass(path: Path, form: Form, columns: Columns, evidence: Evidence, asked: Order | None) -> Survey:
    rows = empty = broken = 0
    examples: list[Broken] = []
    with open_records(path, form) as records:
        for record in records:
            if isinstance(record, Broken):
                broken += 1
                examples += [record] if len(examples) < _SHOWN else []
            elif _words(record, columns) is None:
                empty += 1
            else:
                rows += 1
                evidence.take(_part(record, columns.date) or "")
    if not rows:
        message = f"{path.name} holds no messages: its column “{columns.text}” is empty. {ASK_FOR_TEXT}."
        raise InputError(message)
    order = asked or evidence.order()
    return Survey(
        path=path,
        form=form,
        columns=columns,
        order=order,
        order_reason="you asked for it" if asked else evidence.reason(),
        rows=rows,
        empty=empty,
        undated=rows - evidence.read,
        broken=broken,
        examples=tuple(examples),
        first=evidence.spans[order].first,
        last=evidence.spans[order].last,
    )


def _form_found(surveyed: Survey) -> Iterator[str]:
    form, columns = surveyed.form, surveyed.columns
    written = {
        "csv": f"CSV, {DELIMITERS.get(form.delimiter, 'one column')}",
        "jsonl": "JSON lines",
        "json": "JSON",
        "txt": f"plain text, a message a {'paragraph' if form.paragraphs else 'line'}",
    }[form.kind]
    damaged = ", with some damaged characters" if form.encoding.lossy else ""
    yield f"{surveyed.path.name}: {written}, {form.encoding.name}{damaged}; {_counted(surveyed.rows, 'message')}."
    parts = [("text", " and ".join([columns.text, *columns.more]) if columns.text else None), ("date", columns.date)]
    parts += [("account", columns.account), ("reporter", columns.reporter), ("link", columns.link)]
    parts += [("voice", columns.voice)]
    asked = {"key": columns.key, "person": columns.person, "email": columns.email, "by": columns.by}
    parts += [(part, name) for part, name in asked.items() if name]
    if form.kind != "txt":
        yield "Columns: " + ", ".join(f"{part} = “{name}”" if name else f"no {part}" for part, name in parts) + "."
    if columns.voice is None:
        yield FIRST_HAND
    if surveyed.order_reason:
        yield f"Dates are read {surveyed.order.value.replace('-', ' ')}: {surveyed.order_reason}."


def _lost(surveyed: Survey) -> Iterator[str]:
    if surveyed.empty:
        yield f"{_counted(surveyed.empty, 'row')} without a text: passed over."
    if surveyed.first and surveyed.undated:
        yield f"{_counted(surveyed.undated, 'message')} without a date that can be read: in no week, and not counted."
    if surveyed.broken:
        yield (
            f"{_counted(surveyed.broken, 'row')} cannot be read: "
            + "; ".join(f"line {broken.line}, {broken.reason}" for broken in surveyed.examples)
            + (" …" if surveyed.broken > len(surveyed.examples) else ".")
        )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

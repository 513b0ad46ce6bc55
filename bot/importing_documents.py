"""A list of requirements in a file: one document an account, however many rows it has.

Two hundred rows of a tender are one voice. So they become one feedback, with all their words, and are read as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.errors import InputError
from bot.importing_rows import NO_TEXT, Plan, Row, broken_row, feedback_in
from bot.reading import Message, message_of
from bot.reading_records import Broken, Record
from storage.text import fold
from storage.vocabulary import Voice

MOST_ROWS = 5_000
"""A file of more rows is no tender, and all of one is held in memory."""


@dataclass(slots=True)
class _Draft:
    first: Message
    texts: list[str]
    said_at: datetime | None


def documents(records: Iterable[Record | Broken], plan: Plan) -> Iterator[Row]:
    """Give the rows that are rejected, then a row for each document.

    A document is of its last date, or where no row has one, of the day on which the file was last written. Raises
    InputError for a file that is far too long to be a document.
    """
    drafts: dict[str, _Draft] = {}
    for number, record in enumerate(records, start=1):
        if number > MOST_ROWS:
            message = f"More than {MOST_ROWS:,} rows are no document. Import them one by one, without --voice document."
            raise InputError(message)
        if isinstance(record, Broken):
            yield broken_row(record)
        elif (said := message_of(record, plan.surveyed, plan.zone)) is None:
            yield Row(record.line, record.cells, reason=NO_TEXT)
        else:
            _add(drafts, said)
    written_at = datetime.fromtimestamp(plan.surveyed.path.stat().st_mtime, UTC)
    for draft in drafts.values():
        yield _document(draft, plan, min(draft.said_at or written_at, plan.now))


def _add(drafts: dict[str, _Draft], message: Message) -> None:
    draft = drafts.setdefault(fold(message.account or ""), _Draft(message, [], None))
    draft.texts.append(" ".join(message.text.split()))
    draft.said_at = max(filter(None, (draft.said_at, message.said_at)), default=None)


def _document(draft: _Draft, plan: Plan, said_at: datetime) -> Row:
    text = "\n".join(f"- {text}" for text in draft.texts)
    # Without a date of its own it must be known again by its words alone, whenever the file was written.
    whole = replace(draft.first, text=text, said_at=draft.said_at, voice=Voice.DOCUMENT, key=None)
    return Row(draft.first.line, {}, feedback=feedback_in(whole, said_at, plan))

"""Writing everything that is kept of a workspace into a folder: JSON Lines, and a page that explains each column."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import make_archive
from tempfile import TemporaryDirectory

from bot.errors import InputError
from storage.exporting import Exporting, Scope, fields_of
from storage.sheet import Sheet
from storage.sheets import SHEETS

README = "README.md"
Progress = Callable[[int], None]
"""Is told how many more lines were written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Count what was written."""

    lines: Mapping[str, int]
    left_out: int
    """Messages that are not in it because their channel is not public."""


def export(exporting: Exporting, scope: Scope, folder: Path, *, at: datetime, progress: Progress) -> Exported:
    """Write a file a kind of thing, and the page that describes them last: without it an export is not whole.

    The folder is made, or must be empty; its files can be read by their owner alone. Raises InputError.
    """
    _make_empty(folder)
    sheets = [sheet for sheet in SHEETS if scope.with_people or not sheet.is_about_people]
    lines = {sheet.name: _write_sheet(exporting, sheet, scope, folder, progress) for sheet in sheets}
    exported = Exported(lines, exporting.left_out(scope))
    _write(folder / README, [describe(scope, exported, sheets, at=at)])
    return exported


@contextmanager
def packed(exporting: Exporting, scope: Scope, *, at: datetime) -> Iterator[tuple[Path, Exported]]:
    """Write an export into one archive that is gone when the block ends."""
    with TemporaryDirectory(prefix="ballast-") as folder:
        place = Path(folder) / f"ballast-export-{at:%Y-%m-%d}"
        exported = export(exporting, scope, place, at=at, progress=lambda _lines: None)
        yield Path(make_archive(str(place), "zip", root_dir=folder, base_dir=place.name)), exported


def describe(scope: Scope, exported: Exported, sheets: Iterable[Sheet], *, at: datetime) -> str:
    """Say in Markdown what an export holds, what is left out of it, and what each column means."""
    people = "are in it" if scope.with_people else "are left out"
    closed = "is in it" if scope.with_closed else f"is left out ({exported.left_out:,} messages)"
    head = (
        f"# Export of the workspace {scope.team_id}\n\n"
        f"Made by Ballast on {at:%Y-%m-%d at %H:%M} UTC. Each file holds one JSON object a line, in UTF-8; "
        "times are UTC.\n\n"
        f"The ids and names of reporters, authors, reviewers and owners {people}. What was said in channels that are "
        f"not public {closed}. Never in it are deliveries that could not be read, open forms, who opted out, and how "
        "messages travel through Ballast: queues, marks, posts.\n"
    )
    return head + "".join(_section(sheet, scope, exported.lines[sheet.name]) for sheet in sheets)


def sent_words(exported: Exported, *, with_people: bool) -> str:
    """Say in plain sentences what a file holds that is sent in Slack."""
    counted = f"Messages: {exported.lines['feedback']:,}. Problems in them: {exported.lines['problems']:,}."
    lines = [f"Everything that Ballast keeps, as files; {README} explains each column. {counted}"]
    if not with_people:
        lines.append("Who shared, wrote, reviewed and chose is left out; “export with-reporters” puts it in.")
    if exported.left_out:
        lines.append(
            f"Left out, from channels that are not public: {exported.left_out:,}. They come out at the terminal alone, "
            "with “ballast export FOLDER --with-private”."
        )
    lines.append("It holds customers' words, and what is forgotten later stays in it: delete it here once you have it.")
    return " ".join(lines)


def _section(sheet: Sheet, scope: Scope, lines: int) -> str:
    rows = "".join(f"| {field.name} | {field.meaning} |\n" for field in fields_of(sheet, scope))
    return (
        f"\n## {sheet.name}.jsonl\n\nEach line is {sheet.line}; lines: {lines}.\n\n"
        f"| column | meaning |\n| --- | --- |\n{rows}"
    )


def _write_sheet(exporting: Exporting, sheet: Sheet, scope: Scope, folder: Path, progress: Progress) -> int:
    count = 0

    def lines() -> Iterable[str]:
        nonlocal count
        for row in exporting.rows(sheet, scope):
            yield json.dumps(row, ensure_ascii=False) + "\n"
            count += 1
            progress(1)

    _write(folder / f"{sheet.name}.jsonl", lines())
    return count


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        message = f"The folder “{folder}” cannot be made or read ({error.strerror}); name another one."
        raise InputError(message) from error
    if taken:
        message = f"The folder “{folder}” is not empty; name a new one, so that nothing in it is overwritten."
        raise InputError(message)


def _write(path: Path, texts: Iterable[str]) -> None:
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.writelines(texts)
    except OSError as error:
        message = f"“{path}” cannot be written ({error.strerror}); make room or name another folder."
        raise InputError(message) from error

"""Files to import, and importing them as the command does."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

from bot.importing import Imported, run_import
from bot.importing_rejects import rejects_at
from bot.importing_rows import Plan
from bot.keeping import TERMINAL
from bot.mappings import parse_map
from bot.reading import survey, take_sample
from bot.reading_columns import Columns
from bot.reading_form import find_form
from storage.database import Database
from storage.imports import Imports
from tests.factories import NOW

MAP = parse_map("text=Body,date=Created,account=Company,author=From,url=Link,key=ID")
HEAD = ("ID", "Created", "Company", "From", "Body", "Link")


def rows(count: int, begin: int = 1) -> list[tuple[str, ...]]:
    return [
        (str(number), "2026-11-02 10:15", "Acme", "Ann", f"It is slow, says number {number}", "")
        for number in range(begin, begin + count)
    ]


def write(path: Path, lines: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *lines])
    return path


def plan_of(path: Path, columns: Columns = MAP, **changes: Any) -> Plan:
    form = find_form(path)
    sample = take_sample(path, form)
    surveyed = survey(path, columns, now=NOW, form=form)
    return replace(Plan(TERMINAL, surveyed, sample.names, UTC, NOW), **changes)


def do(database: Database, plan: Plan, progress: Callable[[int], None] = lambda _: None) -> Imported:
    place = plan.surveyed.path.with_name("rejects.csv")
    with rejects_at(place, plan.names) as rejects:
        return run_import(plan, Imports(database), rejects, lambda: NOW, progress)


def rejected(path: Path) -> dict[int, str]:
    with path.with_name("rejects.csv").open(newline="", encoding="utf-8") as file:
        return {int(row["ballast line"]): row["ballast reason"] for row in csv.DictReader(file)}

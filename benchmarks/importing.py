"""How fast a file of 100,000 rows comes in: captured alone, and with each message read.

The bare side, in the same run and in turns with Ballast's, parses the same file with the csv module and inserts its
rows into a table of four columns of SQLite (WAL, full synchronisation), as many rows a transaction. Ballast tells the
file's form, cleans and checks each row, and stores the feedback with its indices. Reading is measured on a part of
what was stored, for the classifier that ships; it is what limits an import. Prints rows a second and two ratios.
"""

import csv
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from bot.build import build_store, utc_now
from bot.importing import BATCH, run_import
from bot.importing_rejects import rejects_at
from bot.importing_rows import Plan
from bot.keeping import TERMINAL, build_reader, remember_terminal
from bot.placing import Placer
from bot.reading import survey
from bot.reading_columns import Columns
from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from storage.database import Database, open_database
from storage.imports import Imports
from storage.schema import upgrade

ROWS = 100_000
READ = 1_000
"""Messages that are read; a hundred thousand would take minutes and show the same rate."""
TEXT = "the export of our auditors takes far too many clicks and nobody sees who changed a figure last"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
COLUMNS = Columns(text="Body", date="Created", account="Company", reporter="From", link="Link", key="ID")
NAMES = ("ID", "Created", "Company", "From", "Body", "Link")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.csv")
        write_export(path)
        bare = timed(lambda: insert_bare(path, Path(folder, "bare.db")))
        database = open_database(f"sqlite:///{folder}/ballast.db")
        upgrade(database)
        surveyed, stored = import_export(path, database)
        read = read_some(database)
        database.close()
    report({"bare": (ROWS, bare), "survey": (ROWS, surveyed), "store": (ROWS, stored), "read": (READ, read)})


def report(taken: dict[str, tuple[int, float]]) -> None:
    """Print rows a second, and the two ratios."""
    for name, (rows, seconds) in taken.items():
        print(f"importing: {name:<6} {rows / seconds:10,.0f} rows a second ({rows:,} in {seconds:.1f} s)")
    capture, bare = taken["survey"][1] + taken["store"][1], taken["bare"][1]
    reading = taken["read"][1] / READ * ROWS
    print(f"importing: capture alone {ROWS / capture:,.0f} rows a second, survey included")
    print(f"importing: ratio {capture / bare:.1f} (capture over bare, same run)")
    print(f"importing: ratio {reading / capture:.0f} (reading over capture, same run)")


def write_export(path: Path) -> None:
    """Write messages of a length as people write them."""
    chance = random.Random(7)  # noqa: S311 - no secret
    words = TEXT.split()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        for number in range(ROWS):
            text = " ".join(chance.choice(words) for _ in range(chance.randrange(8, 40)))
            said = (NOW - timedelta(minutes=number)).strftime("%d/%m/%Y %H:%M")
            account, link = f"Account {number % 400}", f"https://desk.example/{number}"
            writer.writerow((number, said, account, f"ann{number % 900}@mail.example", text, link))


def insert_bare(path: Path, place: Path) -> None:
    """Parse the file and insert its rows, as many a transaction as Ballast."""
    connection = sqlite3.connect(place, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE rows (id TEXT PRIMARY KEY, said TEXT, account TEXT, body TEXT)",
    ):
        connection.execute(statement)
    with path.open(newline="", encoding="utf-8") as file:
        rows = ((row["ID"], row["Created"], row["Company"], row["Body"]) for row in csv.DictReader(file))
        while batch := list(islice(rows, BATCH)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", batch)
            connection.execute("COMMIT")
    connection.close()


def import_export(path: Path, database: Database) -> tuple[float, float]:
    """Import the file as the command does; return the seconds of looking through it and of storing it."""
    began = time.perf_counter()
    surveyed = survey(path, COLUMNS, now=NOW)
    looked = time.perf_counter()
    remember_terminal(build_store(database).workspaces, NOW)
    plan = Plan(TERMINAL, surveyed, NAMES, UTC, NOW)
    with rejects_at(path.with_suffix(".rejects.csv"), NAMES) as rejects:
        imported = run_import(plan, Imports(database), rejects, utc_now, lambda _: None)
    assert (imported.new, imported.rejected) == (ROWS, 0), "rows were lost"
    return looked - began, time.perf_counter() - looked


def read_some(database: Database) -> float:
    """Have the shipped classifier read a part of what was stored; return the seconds."""
    store, context = build_store(database), Context(load_taxonomy())
    classifier = LocalClassifier.load()
    place = Placer(store.accounts, store.placing).place
    worker = build_reader(store, classifier, lambda _: context, utc_now, place)
    return timed(lambda: spend(worker.work_off(TERMINAL)))


def spend(batches: Iterator[int]) -> None:
    """Work until enough messages have been read."""
    done = 0
    while done < READ:
        done += next(batches)


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

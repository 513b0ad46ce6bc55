"""A file into the history: each row once, every other told with its reason, however often it is begun."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

import bot.importing
from bot.importing import Imported, try_import
from bot.keeping import TERMINAL, keep, remember_terminal
from bot.parts import Store
from bot.reading import messages
from storage.database import Database
from storage.erasing import Erasing
from storage.imports import Imports
from storage.vocabulary import FeedbackState
from storage.workspaces import Workspaces
from tests.bot.importing.files import MAP, do, plan_of, rejected, rows, write
from tests.factories import NOW


def test_every_row_comes_in_once_however_often_it_is_imported(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [*rows(3), *rows(1)])

    assert do(database, plan_of(path)) == Imported(new=3, known=1, rejected=0)
    assert do(database, plan_of(path)) == Imported(new=0, known=4, rejected=0)
    write(path, [*rows(3), *rows(2, 10)])
    assert do(database, plan_of(path)) == Imported(new=2, known=3, rejected=0)
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 5


def test_without_a_key_a_row_is_known_by_what_it_says_as_try_keeps_it(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", rows(3))
    plan = plan_of(path, replace(MAP, key=None))
    kept = keep(messages(plan.surveyed), terminal.workspaces, terminal.intake, NOW)

    assert kept.new == 3
    assert do(database, plan) == Imported(new=0, known=3, rejected=0)


@pytest.mark.parametrize("stop_after", [1, 2, 5])
def test_an_import_that_was_cut_off_goes_on_and_ends_as_if_it_never_was(
    database: Database, terminal: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    monkeypatch.setattr(bot.importing, "BATCH", 4)
    lines = rows(30)
    lines[2] = (*lines[2][:1], "no day", *lines[2][2:])
    lines[13] = (*lines[0][:4], "Other words", "")
    path = write(tmp_path / "a.csv", lines)
    seen: list[int] = []

    def stop(number: int) -> None:
        seen.append(number)
        if len(seen) == stop_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(database, plan_of(path), stop)
    left = {one.name for one in tmp_path.iterdir()} - {"home", "work", "ballast.db", "ballast.db-wal", "ballast.db-shm"}
    monkeypatch.setattr(bot.importing, "BATCH", 7)

    assert left == {"a.csv"}, "half a file of rejected rows was left"
    assert do(database, plan_of(path)) == Imported(new=28, known=0, rejected=2, resumed_at=4 * stop_after)
    assert list(rejected(path)) == [4, 15]


def test_a_dry_run_counts_and_writes_nothing(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*rows(3), ("4", "no day", "A", "B", "It is slow", "")])
    plan = plan_of(path)

    assert try_import(plan, None, lambda _: None, shown=5)[0] == Imported(new=3, known=0, rejected=1)
    do(database, plan)
    imported, first = try_import(plan_of(write(path, rows(5))), Imports(database), lambda _: None, shown=5)

    assert (imported, first) == (Imported(new=2, known=3, rejected=0), [])
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 3


def test_words_that_were_erased_do_not_come_back(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows(2))
    do(database, plan_of(path))
    Erasing(database).erase_words(TERMINAL, NOW, at=NOW)
    write(path, [*rows(2), *rows(1, 9)])

    assert do(database, plan_of(path)) == Imported(new=1, known=2, rejected=0)


def test_a_long_file_is_imported_in_flat_memory(sqlite_database: Database, tmp_path: Path) -> None:
    remember_terminal(Workspaces(sqlite_database), NOW)
    peaks = []
    for count in (3_000, 9_000):
        plan = plan_of(write(tmp_path / f"{count}.csv", rows(count)), keys_of=str(count))
        tracemalloc.start()
        assert do(sqlite_database, plan).new == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]

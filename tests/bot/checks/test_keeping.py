"""The folder and the database are found well or not, and looking makes and mends nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.checks.diagnosis import Outcome
from bot.checks.keeping import check_folder
from bot.settings import load_settings
from tests.bot.checks.bedside import Bedside, dumped


def test_no_database_yet_is_no_fault_and_none_is_made(bedside: Bedside, tmp_path: Path) -> None:
    bedside.env["BALLAST_DATA_DIR"] = str(tmp_path / "elsewhere")

    assert bedside.found("database").outcome is Outcome.SKIPPED
    assert not (tmp_path / "elsewhere").exists()


def test_a_database_without_its_schema_fails_and_is_not_upgraded(bedside: Bedside, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    bedside.env["DATABASE_URL"] = f"sqlite:///{path}"

    found = bedside.found("database")

    assert (found.outcome, "ballast db upgrade" in found.sentence) == (Outcome.FAIL, True)
    assert "ballast_schema" not in "".join(dumped(path))


def test_a_file_that_is_no_database_fails(bedside: Bedside, tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear all, " * 100, encoding="utf-8")
    bedside.env["DATABASE_URL"] = f"sqlite:///{path}"

    assert "damaged" in bedside.found("database").sentence


def test_a_locked_database_fails(bedside: Bedside) -> None:
    with sqlite3.connect(bedside.folder / "ballast.db") as lock:
        lock.execute("BEGIN IMMEDIATE")
        found = bedside.found("database")
        lock.rollback()
    lock.close()

    assert (found.outcome, "locked" in found.sentence) == (Outcome.FAIL, True)


@pytest.mark.parametrize(
    ("free", "outcome"), [(10_000_000, Outcome.FAIL), (300_000_000, Outcome.WARN), (9_000_000_000, Outcome.OK)]
)
def test_little_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, outcome: Outcome) -> None:
    monkeypatch.setattr("bot.checks.keeping.shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))

    assert check_folder(load_settings({"BALLAST_DATA_DIR": str(tmp_path)})).outcome is outcome


def test_a_folder_that_cannot_be_one_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert check_folder(load_settings({"BALLAST_DATA_DIR": str(tmp_path / "file")})).outcome is Outcome.FAIL


def test_postgres_needs_no_folder_and_one_that_is_out_of_reach_fails(bedside: Bedside) -> None:
    bedside.env["DATABASE_URL"] = "postgresql://canary:canary@127.0.0.1:9/ballast"

    found = {each.name: each for each in bedside.examined()}

    assert found["data folder"].outcome is Outcome.SKIPPED
    assert found["database"].outcome is Outcome.FAIL
    assert "canary" not in str(found)

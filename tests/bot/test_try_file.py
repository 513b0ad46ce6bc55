import csv
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.cli.try_file import sample_file
from bot.reading import messages, survey
from bot.reading_columns import Columns
from bot.views.digest_html import GENERATOR
from classifiers.corpus import read_corpus
from storage.vocabulary import Voice
from tests.bot.test_trying import NOW

ROWS = (
    "date,message\n2026-11-02,Our auditor wants to see who changed each figure and when\n"
    "2026-11-03,Five clicks to save\n"
)


def test_the_digest_is_printed_and_written_next_to_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path)
    assert run_program(["try", str(path)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Columns: text = “message”, date = “date”" in printed
    assert "Ballast digest · 2–3 Nov 2026" in printed
    assert GENERATOR in (tmp_path / "feedback.digest.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "named"),
    [(["--text", "foo", "--date", "bar"], "text = “foo”, date = “bar”"), (["--text", "column 1"], "“column 1”")],
)
def test_a_first_row_that_holds_the_names_asked_for_is_the_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], named: str
) -> None:
    path = tmp_path / "unnamed.csv"
    path.write_text("foo,bar\nIt is slow,2\n")
    assert run_program(["try", str(path), *asked]) == 0
    assert named in " ".join(capsys.readouterr().out.split())
    assert run_program(["try", str(path), "--text", "fooo"]) == 1
    assert "The columns are “column 1”, “column 2”" in capsys.readouterr().err


def test_the_page_is_written_though_nobody_reads_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, (reading, writing) = file_of(tmp_path), os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as unread:
        monkeypatch.setattr(sys, "stdout", unread)
        assert run_program(["try", str(path)]) == 0
    assert GENERATOR in (tmp_path / "feedback.digest.html").read_text(encoding="utf-8")


def test_nothing_is_stored_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    path = file_of(tmp_path)
    assert run_program(["try", str(path)]) == 0
    assert not (tmp_path / "kept").exists()
    assert run_program(["try", str(path), "--keep"]) == 0
    assert list((tmp_path / "kept").iterdir())


def test_what_is_kept_is_read_and_counts_in_the_digest_of_its_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    path = file_of(tmp_path)
    assert run_program(["try", str(path), "--keep"]) == 0
    tried, told = capsys.readouterr()
    assert "feedback.classified" not in told
    assert run_program(["digest", "--team", "terminal", "--week", "2026-W45"]) == 0
    stored = capsys.readouterr().out
    heard = "You heard 1 customer problem and 1 user problem in 2 messages."
    assert (heard in tried, heard in stored) == (True, True)
    assert run_program(["try", str(path), "--keep"]) == 0
    assert "Kept 0 messages" in capsys.readouterr().out


def test_a_page_of_ours_is_overwritten_and_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path)
    page = tmp_path / "feedback.digest.html"
    assert [run_program(["try", str(path)]), run_program(["try", str(path)])] == [0, 0]
    page.write_text("<p>my own notes</p>")
    assert run_program(["try", str(path)]) == 1
    assert "Use --force to overwrite it" in capsys.readouterr().err
    assert page.read_text() == "<p>my own notes</p>"
    assert run_program(["try", str(path), "--force"]) == 0
    assert GENERATOR in page.read_text(encoding="utf-8")


def test_the_page_never_replaces_the_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path)
    assert run_program(["try", str(path), "--out", str(path), "--force"]) == 1
    assert "would overwrite the file of messages" in capsys.readouterr().err
    assert path.read_text() == ROWS


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.csv"], "There is no file"),
        (["empty.csv"], "empty.csv is empty: nothing stands in it"),
        (["."], ". is a folder. Name one file in it"),
        (["/"], "/ is a folder. Name one file in it"),
        ([""], "No file was named. Name one"),
        (["feedback.csv", "--text", "massage"], "Did you mean “message”?"),
        (["feedback.csv", "--out", "nowhere/page.html"], "Name a file in an existing folder"),
    ],
)
def test_what_cannot_be_tried_is_a_sentence_and_status_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    file_of(tmp_path)
    (tmp_path / "empty.csv").touch()
    assert run_program(["try", *arguments]) == 1
    assert sentence in capsys.readouterr().err


def test_without_a_file_the_sample_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_program(["try"]) == 0
    assert "Customer problem · for those who buy, approve or govern" in capsys.readouterr().out
    assert (tmp_path / "feedback.digest.html").exists()


def test_the_sample_is_diverse_and_shares_nothing_with_the_corpus() -> None:
    surveyed = survey(sample_file(), Columns(), now=NOW)
    said = list(messages(surveyed))
    assert (surveyed.rows, surveyed.broken, surveyed.undated) == (len(said), 0, 0)
    assert len({message.text for message in said}) == len(said) >= 190
    assert set(Counter(message.voice for message in said)) == set(Voice)
    assert surveyed.first is not None
    assert surveyed.last is not None
    assert 13 <= (surveyed.last - surveyed.first).days / 7 <= 15
    learned = {entry.text for entry in read_corpus()}
    assert not learned & {message.text for message in said}
    with sample_file().open(encoding="utf-8", newline="") as file:
        assert len({row["message"][:24] for row in csv.DictReader(file)}) >= 190


def file_of(folder: Path) -> Path:
    path = folder / "feedback.csv"
    path.write_text(ROWS)
    return path

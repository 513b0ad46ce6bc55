"""What an import rejects: told with its line and reason, and mended in a file of its own."""

import csv
import io
import os
import stat
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

import bot.importing
from bot.__main__ import run_program
from bot.errors import InputError
from bot.importing import Imported
from bot.importing_rejects import rejects_at
from bot.keeping import TERMINAL
from bot.mappings import parse_map
from bot.parts import Store
from bot.reading_columns import Columns
from storage.database import Database
from storage.vocabulary import FeedbackState
from tests.bot.importing.files import HEAD, do, plan_of, rejected, rows, write
from tests.factories import NOW


def test_what_cannot_come_in_is_told_with_its_line_and_reason(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    bad = ("4", "no day", "A", "B", "It is slow", ""), ("5", "2031-01-01", "A", "B", "It is slow", "")
    path = write(tmp_path / "a.csv", [*rows(2), *bad, ("6", "2026-11-02", "A", "B", " ", ""), *rows(1, 7)])
    with path.open("a", encoding="utf-8") as file:
        file.write('8,2026-11-02,A,B,"never closed,\n1,2026-11-02,A,B,Quite other words,\n9,2026-11-02,A,B,Good,\n')

    assert do(database, plan_of(path)) == Imported(new=4, known=0, rejected=5)

    reasons = rejected(path)
    assert list(reasons) == [4, 5, 6, 8, 9]
    for line, words in {4: "date", 5: "future", 6: "no text", 8: "never closed", 9: "other words"}.items():
        assert words in reasons[line]
    place = path.with_name("rejects.csv")
    assert "never closed" in place.read_text(encoding="utf-8")
    assert os.name == "nt" or stat.S_IMODE(place.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_rejected_rows_can_be_mended_and_imported_from_their_own_file(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [*rows(2), ("4", "no day", "A", "B", "It is slow", "")])
    do(database, plan_of(path))
    place = path.with_name("rejects.csv")
    mended = place.rename(tmp_path / "mended.csv")
    mended.write_text(mended.read_text(encoding="utf-8").replace("no day", "2026-11-03"), encoding="utf-8")

    assert do(database, plan_of(mended)) == Imported(new=1, known=0, rejected=0)


def test_rejected_rows_keep_every_column_whatever_it_is_called(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Line,Reason,row,Date,Message\nBasic,Too slow,7,no day,"It is slow"\nPro,x,8,2026-11-02,"a\n')
    do(database, plan_of(path, Columns()))
    (first, second) = csv.DictReader(path.with_name("rejects.csv").read_text(encoding="utf-8").splitlines())

    assert (first["Line"], first["Reason"], first["row"], first["Message"]) == ("Basic", "Too slow", "7", "It is slow")
    assert (first["ballast line"], second["ballast row"]) == ("2", 'Pro,x,8,2026-11-02,"a')

    again = path.with_name("rejects.csv").rename(tmp_path / "again.csv")
    do(database, plan_of(again, Columns()))
    assert 'Pro,x,8,2026-11-02,""a' in path.with_name("rejects.csv").read_text(encoding="utf-8"), "its words were lost"


def test_our_words_beside_a_rejected_row_are_not_taken_for_its_own(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    reason = "its date cannot be read, and without one it is in no week"
    path.write_text(f'ballast line,ballast reason,ballast row,When,Said\n2,"{reason}",,2026-11-02,It is slow\n')
    assert plan_of(path, Columns()).surveyed.columns == Columns(text="Said", date="When")


@pytest.mark.parametrize("again", ["the whole file", "an import that was cut off", "the rejected rows"])
def test_a_row_whose_date_was_to_come_comes_in_once_it_has_come(
    database: Database, terminal: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    monkeypatch.setattr(bot.importing, "BATCH", 2)
    coming = ("9", "2026-12-24 10:15", "Acme", "Ann", "It will be slow", "")
    path = write(tmp_path / "a.csv", [coming, *rows(3)])

    def stop(_: int) -> None:
        if again == "an import that was cut off":
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        assert do(database, plan_of(path), stop) == Imported(new=3, known=0, rejected=1)
    if again == "the rejected rows":
        path = path.with_name("rejects.csv").rename(tmp_path / "b.csv")
        assert do(database, plan_of(path)) == Imported(new=0, known=0, rejected=1)
    later = plan_of(path, now=NOW + timedelta(days=60))

    assert do(database, later).rejected == 0
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 4
    assert do(database, later).new == 0


def test_what_the_own_team_wrote_is_no_feedback(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    said = [("user", "It is slow"), ("admin", "We look into it"), ("Bot", "Was this helpful?"), ("lead", "Still slow")]
    path.write_text("\n".join(["who,body,at", *(f"{who},{words},2026-11-02" for who, words in said)]))

    assert do(database, plan_of(path, parse_map("text=body,date=at,by=who"))) == Imported(new=2, known=0, rejected=2)
    assert rejected(path) == {3: "your own team wrote it", 4: "your own team wrote it"}


def test_what_was_rejected_of_one_pipe_is_not_lost_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    statuses = []
    for piped in (b"Body,Created\nSlow,2026-11-02\nSlower,no day\n", b"Body,Created\nQuick,2026-11-02\n"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped)))
        statuses.append(run_program(["import", "-", "--map", "date=Created", "--no-read"]))

    assert statuses == [0, 1]
    assert "import.rejects.csv is here already" in capsys.readouterr().err
    assert "Slower" in (tmp_path / "import.rejects.csv").read_text(encoding="utf-8")


def test_no_file_of_others_is_overwritten_by_rejected_rows(tmp_path: Path) -> None:
    (tmp_path / "rejects.csv").write_text("my own\n")
    with pytest.raises(InputError, match="Ballast did not write it"), rejects_at(tmp_path / "rejects.csv", HEAD):
        pass
    assert (tmp_path / "rejects.csv").read_text() == "my own\n"

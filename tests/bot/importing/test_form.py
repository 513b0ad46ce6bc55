"""How a file is read, told before anything is stored."""

import io
import os
import stat
from datetime import UTC
from pathlib import Path

import pytest

from bot.cli.standard_input import as_file
from bot.errors import InputError
from bot.importing_rows import check_dated
from bot.importing_words import found_words
from bot.reading import survey, take_sample
from bot.reading_columns import Columns
from bot.reading_form import find_form
from tests.bot.importing.files import plan_of
from tests.factories import NOW


def test_the_form_is_told_before_anything_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Datum;Text\n13.04.2026;Ärger\n03/05/2026 08:00;Noch mehr Ärger\n", encoding="cp1252")
    form = find_form(path)
    sample = take_sample(path, form)

    told = " ".join(found_words(survey(path, Columns(), now=NOW, form=form), sample, UTC))

    assert "semicolon, cp1252" in told
    assert "“03/05/2026 08:00” is read as 03 May 2026, 08:00 UTC" in told


def test_a_file_without_dates_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Body,Who\nIt is slow,Ann\n")
    plan = plan_of(path, Columns(text="Body"))
    with pytest.raises(InputError, match=r"--map date=NAME\. The columns are “Body”, “Who”"):
        check_dated(plan)
    plan = plan_of(path, Columns(text="Body", date="Who"))
    with pytest.raises(InputError, match="No date of the column “Who” can be read"):
        check_dated(plan)


@pytest.mark.parametrize(
    ("piped", "kind"), [(b"Body,Created\nSlow,2026-11-02\n", "csv"), (b'\xef\xbb\xbf {"Body": "Slow"}\n', "jsonl")]
)
def test_what_is_piped_in_is_a_file_that_goes_at_the_end(
    monkeypatch: pytest.MonkeyPatch, piped: bytes, kind: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped)))
    with as_file(Path("-")) as path:
        assert (find_form(path).kind, path.read_bytes()) == (kind, piped)
        assert os.name == "nt" or stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IRWXU
    assert not path.parent.exists()


def test_another_encoding_or_delimiter_than_the_guess_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Body!Created\nÄrger, viel!2026-11-02\n".encode("cp850"))
    form = find_form(path, encoding_name="cp850", delimiter="!")
    assert take_sample(path, form).cells == [{"Body": "Ärger, viel", "Created": "2026-11-02"}]
    assert find_form(path, encoding_name="utf-8").encoding.lossy
    with pytest.raises(InputError, match="no encoding “utf-9”"):
        find_form(path, encoding_name="utf-9")

"""The project's files are known in any copy of it: a checkout, one that git refuses, an export without a history."""

import re
from pathlib import Path

import pytest

from tests.project_files import project_files

ROOT = Path(__file__).parents[1]
IGNORED = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_an_export_holds_what_git_would_not_ignore(tmp_path: Path) -> None:
    written = [f"{folder}{line.replace('*', 'some')}" for line in IGNORED for folder in ("", "bot/")]
    for name in [*written, ".env.example", "bot/building.py"]:
        path = tmp_path / name / "one" if name.endswith("/") else tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / ".gitignore").write_text("\n".join(IGNORED), encoding="utf-8")

    found = [path.relative_to(tmp_path).as_posix() for path in project_files(tmp_path)]

    assert found == [".env.example", ".gitignore", "bot/building.py"]


def test_no_file_that_git_tracks_is_missed_where_there_is_no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    tracked = project_files(ROOT)
    monkeypatch.setenv("PATH", "")

    assert set(tracked) - set(project_files(ROOT)) == set()


def test_what_is_ignored_is_written_in_the_one_form_that_is_read() -> None:
    assert [line for line in IGNORED if not re.fullmatch(r"[\w.*-]+/?", line)] == []

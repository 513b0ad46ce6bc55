"""How the tests of reading write a file as somebody sent it, and read what it says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.reading import Survey, messages, survey
from bot.reading_columns import Columns

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PROSE = "We copy each reading by hand from one screen into the other"
Write = Callable[..., Path]


def read(path: Path, asked: Columns | None = None) -> Survey:
    return survey(path, asked or Columns(), now=NOW)


def texts(surveyed: Survey) -> list[str]:
    return [message.text for message in messages(surveyed)]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding=encoding, newline="")
        return path

    return write_file

"""Reading ``.env``: its lines, and in sentences what is wrong with them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream


def read_dotenv(path: Path | None) -> tuple[dict[str, str], list[str]]:
    """Read a file of NAME=value lines: the values, and a sentence for each thing that cannot be read.

    No path, or no such file, is no problem. A value is never quoted in a sentence: it may be a token.
    """
    if path is None or not path.is_file():
        return {}, []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return {}, [f"{path} is not text in UTF-8; write it anew from .env.example."]
    except OSError as error:
        return {}, [f"{path} cannot be read ({error.strerror or type(error).__name__}); check its permissions."]
    if "\0" in text:
        return {}, [f"{path} holds NUL characters and is damaged; write it anew from .env.example."]
    return _read_lines(path, text)


def _read_lines(path: Path, text: str) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    problems: list[str] = []
    for line in parse_stream(StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            problems.append(f"{path}, line {line.original.line}, cannot be read; write it as NAME=value.")
        elif line.key is not None and line.value is not None:
            values[line.key] = line.value
    return values, problems

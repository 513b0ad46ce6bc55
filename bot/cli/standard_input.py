"""Standard input as a file, for what is read twice."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.feedback_lines import STANDARD_INPUT

_HEAD = 4096
_MARKS = b"\xef\xbb\xbf\xff\xfe\xfe\xff\x00 \t\r\n"
"""What may stand before a file's first sign: marks of its encoding, the zero bytes of UTF-16, blanks."""


@contextmanager
def as_file(given: Path) -> Iterator[Path]:
    """Give a file as it is, and standard input (``-``) as a file that only this user may read and that goes at the end.

    What begins with a bracket is taken as JSON lines, all else as CSV.
    """
    if str(given) != STANDARD_INPUT:
        yield given
        return
    head = sys.stdin.buffer.read(_HEAD)
    suffix = ".jsonl" if head.lstrip(_MARKS).startswith((b"{", b"[")) else ".csv"
    with TemporaryDirectory(prefix="ballast-") as folder:
        path = Path(folder, f"standard-input{suffix}")
        with path.open("wb") as file:
            file.write(head)
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield path

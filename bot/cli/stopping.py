"""What a command says when somebody stops it with Ctrl+C."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_when_stopped(sentence: str) -> Iterator[None]:
    """Say, when the block is stopped, what came of it; the exit status stays that of a stop."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{sentence}\n")
        raise

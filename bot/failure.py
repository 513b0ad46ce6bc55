"""Telling what failed without telling what was in it: vendors' exceptions carry customers' words and tokens."""

from __future__ import annotations

import traceback
from pathlib import Path

from bot.errors import BallastError, SlackError
from classifiers.errors import ClassifierError
from storage.errors import StorageError

OURS = (BallastError, StorageError, ClassifierError)
"""Errors whose messages are sentences of ours, made without a customer's words."""

_ROOT = Path(__file__).parent.parent
_PACKAGES = ("bot", "classifiers", "storage")


def describe(error: BaseException) -> str:
    """Describe an error in one line: ours by its sentence, any other by its class and place alone."""
    if isinstance(error, OURS):
        code = f" [{error.code}]" if isinstance(error, SlackError) and error.code else ""
        return f"{error}{code}"
    return f"{type(error).__name__}{_place(error)}"


def trace(error: BaseException) -> str:
    """Give the frames of an error and of its causes, with our source lines and no value of theirs."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines += [*traceback.format_tb(current.__traceback__), f"{type(current).__name__}: {describe(current)}\n"]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "".join(lines).rstrip()


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(Path(frame.filename).is_relative_to(_ROOT / name) for name in _PACKAGES)]
    if not ours:
        return ""
    return f" at {Path(ours[-1].filename).relative_to(_ROOT)}:{ours[-1].lineno}"

"""Lots: many rows are written some at a time, each lot committed by itself, so that capture never waits long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

AT_ONCE = 100
"""Rows of one lot."""

_Key = TypeVar("_Key")


def lots(found: Iterable[_Key]) -> Iterator[list[_Key]]:
    """Give what was found in lots; none where nothing was."""
    rest = iter(found)
    while lot := list(islice(rest, AT_ONCE)):
        yield lot

"""The copies that upgrades leave beside SQLite's file: how they are called, and which there are."""

from __future__ import annotations

import glob
from pathlib import Path


def copy_before(path: Path, newest: str) -> Path:
    """Name the copy of a file that is made before it is brought to a revision."""
    return path.with_name(f"{path.stem}-before-{newest}{path.suffix}")


def copies_beside(path: Path) -> tuple[Path, ...]:
    """List what upgrades left beside a file, unfinished copies too, the oldest revision first."""
    return tuple(sorted(path.parent.glob(f"{glob.escape(path.stem)}-before-*{glob.escape(path.suffix)}*")))


def newest_copy(path: Path) -> Path | None:
    """Give the copy made before the last upgrade; None where none lies there whole."""
    return next((copy for copy in reversed(copies_beside(path)) if copy.suffix == path.suffix), None)

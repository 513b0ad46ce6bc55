"""Which files are the project's: what git tracks, and where git cannot say, what ``.gitignore`` leaves."""

import os
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path


def project_files(root: Path) -> list[Path]:
    """List the files of a checkout, or of an export without a history; in a checkout that git refuses, as in an export.

    An export that lies in somebody else's repository counts as an export: git tracks nothing of it there.
    """
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        listed = ""
    tracked = [root / name for name in listed.split("\0") if name and (root / name).is_file()]
    return tracked or sorted(_left_by_ignoring(root))


def _left_by_ignoring(root: Path) -> Iterator[Path]:
    """Walk the tree by the one form that ``.gitignore`` has here: a name or a pattern a line, at any depth."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git", *(line.rstrip("/") for line in lines)]
    for folder, folders, names in os.walk(root):
        folders[:] = _not_ignored(folders, ignored)
        yield from (Path(folder) / name for name in _not_ignored(names, ignored))


def _not_ignored(names: list[str], patterns: list[str]) -> list[str]:
    return [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)]

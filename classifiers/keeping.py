"""Keep what takes long to make under a name that says what it was made of, so that a run that broke off goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

_NAME = 20
"""Characters of the checksum that names a file."""


def keep(folder: Path, made_of: Iterable[bytes], make: Callable[[Path], None], *, ending: str) -> Path:
    """Return the file that was made of these parts, in this order; make it where it is not there yet.

    What breaks off while it is made leaves nothing under the file's name.
    """
    digest = sha256()
    for part in made_of:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    path = folder / f"{digest.hexdigest()[:_NAME]}{ending}"
    if not path.exists():
        unfinished = path.with_name(f"unfinished-{path.name}")
        make(unfinished)
        unfinished.replace(path)
    return path

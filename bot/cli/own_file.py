"""Writing customers' words to a file: whoever runs the command may read it, and nobody else on the machine."""

from __future__ import annotations

import os
from pathlib import Path


def write_own(path: Path, text: str) -> None:
    """Write a file that only its owner may read; one that is there keeps whatever rights it has. Raises OSError."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)

"""Sum files up, so that one that was altered or half written is told from the one that was meant."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

_PART = 1 << 20


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits. Raises OSError."""
    digest = sha256()
    with path.open("rb") as opened:
        while part := opened.read(_PART):
            digest.update(part)
    return digest.hexdigest()

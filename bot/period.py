"""Periods: half-open intervals of aware datetimes, in a zone; weeks begin on Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Hold ``start <= t < end``, both aware UTC, and the name that people read ("16–22 Nov 2026")."""

    start: datetime
    end: datetime
    name: str
    zone: str

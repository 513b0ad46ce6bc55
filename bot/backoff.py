"""How long to wait before another try: doubling, with jitter, up to a ceiling. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

TOKEN_REFUSED = timedelta(minutes=1)
"""Somebody is mending it: a new token should be seen at work soon, and asking once a minute harms nobody."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Say when to try again, and when to stop trying."""

    first_seconds: float
    ceiling_seconds: float
    tries: int
    """How many tries there are; after the last failure comes no wait but giving up."""

    @classmethod
    def lasting(cls, at_least: timedelta, *, first_seconds: float, ceiling_seconds: float) -> Backoff:
        """Make one that goes on for as long as that, were every wait as short as it can be drawn."""
        waits, tries, waited = cls(first_seconds, ceiling_seconds, tries=1), 1, timedelta()
        while waited < at_least:
            waited += waits.wait(tries, chance=0.0)
            tries += 1
        return cls(first_seconds, ceiling_seconds, tries)

    def is_spent(self, attempts: int) -> bool:
        """Tell whether ``attempts`` (of this try, from 1) was the last."""
        return attempts >= self.tries

    def wait(self, attempts: int, *, chance: float, at_least_seconds: float = 0.0) -> timedelta:
        """Tell how long to wait after try number ``attempts``, from 1.

        ``chance`` (0 to 1) draws from the upper half of the doubled wait, so that many who failed together do
        not come back together. ``at_least_seconds`` is what the other side asked for.
        """
        doubled = min(self.ceiling_seconds, self.first_seconds * 2.0 ** min(attempts - 1, 60))
        return timedelta(seconds=max(at_least_seconds, doubled * (0.5 + chance / 2)))

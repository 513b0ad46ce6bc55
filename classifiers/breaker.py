"""The circuit breaker: whether a service that failed repeatedly may be asked again. Pure; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, replace

FAILURES = 3
"""So many failures in a row open it."""
FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """Hold how often a service failed in a row, and until when it is left alone.

    Times are seconds of one clock that never goes back. Closed: everybody may ask. Open: nobody. Half-open, once
    its rest is over: one may ask; if that fails, or is never heard of again, the next rest begins.
    """

    failures: int = 0
    rests_until: float | None = None

    def admit(self, now: float) -> tuple[Breaker, bool]:
        """Tell whether one may ask now, and return what holds after this one asked."""
        if self.rests_until is None:
            return self, True
        if now < self.rests_until:
            return self, False
        if self.failures < FAILURES:
            return Breaker(self.failures), True
        return replace(self, rests_until=now + _rest(self.failures)), True

    def failed(self, now: float, *, asked_seconds: float = 0.0) -> Breaker:
        """Return what holds after a failure; it rests at least as long as the service asked for, at the first too."""
        failures = self.failures + 1
        if failures < FAILURES:
            return Breaker(failures, now + asked_seconds if asked_seconds else None)
        return Breaker(failures, now + max(_rest(failures), asked_seconds))

    def answered(self) -> Breaker:
        """Return what holds after an answer: closed, and nothing held against it."""
        return Breaker()


def _rest(failures: int) -> float:
    doublings = min(failures - FAILURES, 10)
    return float(min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2**doublings))

"""Faults to order: what the stand-in should do wrong, for how many calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """Spoil the next ``times`` calls of a method (``*`` for any); None means until cleared."""

    method: str
    times: int | None = 1
    error: str = ""
    """A Slack code: the call is not done and answered with it."""
    status: int = 200
    retry_after_seconds: int | None = None
    delay_seconds: float = 0.0
    """How long the answer is kept back."""
    loses_answer: bool = False
    """The call is done, and the answer never comes."""

    def matches(self, method: str) -> bool:
        """Tell whether this fault is for the method and not used up."""
        return self.method in {method, "*"} and self.times != 0


class Faults:
    """Keep the faults that were ordered; the oldest that fits a call spoils it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []
        self._acks_to_lose = 0

    def order(self, fault: Fault) -> None:
        """Spoil calls to come."""
        with self._lock:
            self._ordered.append(fault)

    def lose_acks(self, times: int) -> None:
        """Let the next acknowledgements of the app get lost on their way."""
        with self._lock:
            self._acks_to_lose += times

    def clear(self) -> None:
        """Do everything right again."""
        with self._lock:
            self._ordered.clear()
            self._acks_to_lose = 0

    def take(self, method: str) -> Fault | None:
        """Use up one turn of the oldest fault for this method."""
        with self._lock:
            fault = next((one for one in self._ordered if one.matches(method)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
            return fault

    def loses_ack(self) -> bool:
        """Use up one lost acknowledgement, if any was ordered."""
        with self._lock:
            if not self._acks_to_lose:
                return False
            self._acks_to_lose -= 1
            return True

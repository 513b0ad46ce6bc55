"""One payload on its way to the app: sent, perhaps sent again, acknowledged or lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.errors import RefusedCallError


class Outcome(StrEnum):
    """Say what became of a delivery."""

    WAITING = "waiting"
    ACKED = "acked"
    LOST = "lost"
    """Every attempt ran out of time without an acknowledgement."""


@dataclass(slots=True)
class Delivery:
    """Follow one payload; its fields change under the world's lock."""

    kind: str
    """``events_api``, ``slash_commands`` or ``interactive``."""
    envelope_id: str
    payload: Mapping[str, Any]
    is_retried: bool
    attempts: int = 0
    connections: list[int] = field(default_factory=list)
    """Which connection each attempt went to."""
    outcome: Outcome = Outcome.WAITING
    answer: Mapping[str, Any] | None = None
    """What the acknowledgement carried: a command's text, a modal's ``response_action``."""
    refusal: str = ""
    """The code with which what the acknowledgement carried was refused; the person sees an error instead."""
    when_acked: Callable[[Mapping[str, Any]], None] | None = None
    """Does what the acknowledgement says before anything else of the app is heard."""

    def acknowledge(self, answer: Mapping[str, Any] | None) -> None:
        """Take the acknowledgement."""
        self.outcome = Outcome.ACKED
        self.answer = answer
        if self.when_acked is None:
            return
        try:
            self.when_acked(answer or {})
        except RefusedCallError as refusal:
            self.refusal = refusal.code

    def envelope(self, *, reason: str) -> dict[str, Any]:
        """Render the frame of the next attempt; ``reason`` says why the last one failed."""
        frame: dict[str, Any] = {
            "envelope_id": self.envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api":
            frame |= {"retry_attempt": self.attempts, "retry_reason": reason}
        return frame

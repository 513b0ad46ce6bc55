"""What can go wrong in the stand-in: a person asks for what Slack could not do, or an app's call is refused."""

from __future__ import annotations

from typing import Any

from bot.errors import BallastError


class SandboxError(BallastError):
    """Something in the stand-in was refused."""


class ImpossibleError(SandboxError):
    """A person was made to do what Slack would not let them do; the message says what is there instead."""


class RefusedCallError(SandboxError):
    """The Web API answers ``ok: false`` with this code."""

    def __init__(self, code: str, **details: Any) -> None:  # noqa: ANN401 - whatever JSON Slack adds to this code
        """Keep Slack's code and the fields that come with it."""
        super().__init__(code)
        self.code = code
        self.details = details

"""The errors of this package: one tree. Each message is a sentence to act on, without a customer's words."""

from __future__ import annotations

from collections.abc import Iterable


class BallastError(Exception):
    """Something went wrong that the reader can do something about; the message says what."""


class SettingsError(BallastError):
    """The configuration is wrong; the message lists every problem at once. ``names`` are the variables at fault."""

    def __init__(self, message: str, *, names: Iterable[str] = ()) -> None:
        """Keep the names, which the message alone does not tell from those that it advises."""
        super().__init__(message)
        self.names = frozenset(names)


class InputError(BallastError):
    """What a person typed or handed over cannot be used; the message shows a form that can."""


class SharedChannelError(InputError):
    """What quotes all public channels would be posted in a channel of two organisations; the message says where to."""


class NotAllowedError(BallastError):
    """The person may not do this; the message says who may."""


class SlackError(BallastError):
    """Slack did not do what it was asked. ``code`` is Slack's error code where it gave one."""

    def __init__(self, message: str, *, code: str = "") -> None:
        """Keep Slack's own code for the log and for decisions."""
        super().__init__(message)
        self.code = code


class SlackUnavailableError(SlackError):
    """Slack could not be reached, was too slow, throttled us or failed: asking again later may help."""

    def __init__(self, message: str, *, code: str = "", retry_after_seconds: float | None = None) -> None:
        """Keep how long Slack asked us to wait, where it said so."""
        super().__init__(message, code=code)
        self.retry_after_seconds = retry_after_seconds


class ChannelGoneError(SlackError):
    """The channel or message is deleted, archived, or the bot is not in it."""


class TokenRefusedError(SlackError):
    """A token is wrong, revoked or lacks a scope."""


class ScopeMissingError(TokenRefusedError):
    """A token is good, but nobody granted it what this takes; the message names the scope and who adds it."""


class BlocksRefusedError(SlackError):
    """Slack refused the blocks; the plain text can still be posted."""

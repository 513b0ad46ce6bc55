"""Slack's message times as numbers: which is earlier, and by how much servers may disagree. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.port import Message
from bot.shapes.times import read_ts
from storage.ids import Ts


def ts_of(message: Message) -> Ts | None:
    """Return when a message was said; None when it does not tell."""
    ts = message.get("ts")
    return Ts(ts) if isinstance(ts, str) and number(ts) is not None else None


def number(ts: str) -> Decimal | None:
    """Read a time as the number that it is; None when it is none."""
    try:
        read = Decimal(ts)
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def order(ts: str) -> Decimal:
    """Give what times are sorted by; whatever is no time comes first."""
    return number(ts) or Decimal(0)


def is_before(ts: str, bound: str) -> bool:
    """Tell whether a time is surely earlier, by whole seconds: some servers count messages in the fraction."""
    return int(order(ts)) < int(order(bound))


def moment(ts: Ts) -> datetime | None:
    """Read a time as a moment; None for one that no calendar has."""
    try:
        return read_ts(ts)
    except (ValueError, OverflowError):
        return None

"""Slack's message time, which is also a message's name in its channel, and the link made of it."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.ids import ChannelId, Ts
from storage.records import Workspace


def read_ts(ts: Ts) -> datetime:
    """Read Slack's message time as an aware datetime, exact to the microsecond."""
    seconds, fraction = ts.split(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction[:6].ljust(6, "0")))


def write_ts(at: datetime) -> Ts:
    """Write an aware datetime as Slack's message time."""
    return Ts(f"{int(at.replace(microsecond=0).timestamp())}.{at.microsecond:06d}")


def permalink(workspace: Workspace, channel_id: ChannelId, ts: Ts) -> str | None:
    """Make a message's link from the workspace's address, so that none needs a call; None without one."""
    return f"{workspace.url.rstrip('/')}/archives/{channel_id}/p{ts.replace('.', '')}" if workspace.url else None

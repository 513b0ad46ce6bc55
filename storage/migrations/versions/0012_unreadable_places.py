"""Where and when it was said what nobody could read: by these it goes, with its message or when its time is over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"

_AT_ONCE = 500
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TS = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")
_KEPT = sa.table(
    "unreadable", sa.column("unreadable_id"), sa.column("payload"), sa.column("channel_id"), sa.column("ts")
)


def upgrade() -> None:
    """Add the columns, and fill them as far as what was kept tells."""
    op.add_column("unreadable", sa.Column("channel_id", sa.Text()))
    op.add_column("unreadable", sa.Column("ts", sa.Text()))
    op.create_index("ix_unreadable_team_ts", "unreadable", ["team_id", "ts", "channel_id"])
    connection = op.get_bind()
    for unreadable_id, payload in _each(connection):
        channel_id, ts = _told(payload)
        told = sa.update(_KEPT).where(_KEPT.c.unreadable_id == unreadable_id)
        connection.execute(told.values(channel_id=channel_id, ts=ts))


def _each(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    wanted = sa.select(_KEPT.c.unreadable_id, _KEPT.c.payload).order_by(_KEPT.c.unreadable_id).limit(_AT_ONCE)
    after = 0
    while lot := connection.execute(wanted.where(_KEPT.c.unreadable_id > after)).all():
        after = lot[-1].unreadable_id
        yield from ((row.unreadable_id, row.payload) for row in lot)


def _told(payload: str) -> tuple[str | None, str | None]:
    """Read channel and time of the message: a delivery tells both, a message of a page its time alone."""
    try:
        kept = json.loads(payload)
    except (ValueError, RecursionError):
        return None, None
    body = kept if isinstance(kept, Mapping) else {}
    event = body.get("event", body)
    if not isinstance(event, Mapping):
        return None, None
    changed = [one for one in (event.get("message"), event.get("previous_message")) if isinstance(one, Mapping)]
    times = [_read(_TS, one.get("ts")) for one in changed or [event]]
    return _read(_ID, event.get("channel")), next(filter(None, times), None)


def _read(form: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and form.fullmatch(value) else None

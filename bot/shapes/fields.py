"""Reading single fields of a payload, of which no shape is trusted: a value of the right type, or one typed error."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.errors import BallastError
from storage.ids import Ts

_TS = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class UnreadablePayloadError(BallastError):
    """A delivery lacks what its kind must have; the message names the field and never its content."""


def read_id(values: Mapping[str, object], field: str) -> str:
    """Return an id that must be there. Raises UnreadablePayloadError."""
    value = values.get(field)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise unreadable(field=field)
    return value


def id_or_none(values: Mapping[str, object], field: str) -> str | None:
    """Return an id that may be missing; whatever else stands there counts as missing."""
    value = values.get(field)
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def read_message_ts(values: Mapping[str, object], field: str) -> Ts:
    """Return a message's time that must be there. Raises UnreadablePayloadError."""
    ts = message_ts_or_none(values, field)
    if ts is None:
        raise unreadable(field=field)
    return ts


def message_ts_or_none(values: Mapping[str, object], field: str) -> Ts | None:
    """Return a message's time that may be missing; whatever else stands there counts as missing."""
    value = values.get(field)
    return Ts(value) if isinstance(value, str) and _TS.fullmatch(value) else None


def text_or_none(values: Mapping[str, object], field: str) -> str | None:
    """Return a text that may be missing, None also for a blank one; whatever else stands there counts as missing."""
    value = values.get(field)
    return value if isinstance(value, str) and value.strip() else None


def mapping_at(values: Mapping[str, object], field: str) -> Mapping[str, object]:
    """Return what stands at a field by its names; nothing when it is missing or no mapping."""
    value = values.get(field)
    return value if isinstance(value, Mapping) else {}


def mappings_at(values: Mapping[str, object], field: str) -> list[Mapping[str, object]]:
    """Return the mappings listed at a field; whatever else is listed there is left out."""
    value = values.get(field)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def unreadable(*, field: str) -> UnreadablePayloadError:
    """Make the error that names the field."""
    return UnreadablePayloadError(f"the delivery has no readable “{field}”; it is kept until a newer version reads it")

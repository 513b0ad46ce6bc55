"""Pages of a list: Slack's opaque cursors, here the position of the next item."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.web_api.call import Call

_PREFIX = "next:"


def page_of(items: Sequence[Any], call: Call, *, default: int, most: int = 1000) -> tuple[list[Any], str]:
    """Cut the page that a call asks for; return it and the next cursor, empty at the end."""
    limit = min(call.number("limit", default=default), most)
    if limit < 1:
        code = "invalid_limit"
        raise RefusedCallError(code)
    start = _position(call.text("cursor", default=""))
    end = start + limit
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _cursor(position: int) -> str:
    return base64.b64encode(f"{_PREFIX}{position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix(_PREFIX))
    except (ValueError, binascii.Error):
        code = "invalid_cursor"
        raise RefusedCallError(code) from None

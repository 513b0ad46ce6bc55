"""One call of a Web API method: its arguments, read from any of Slack's encodings, and what the method may touch."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.happenings import Happenings
from bot.sandbox.interactions import Loans
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.views import Views
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Workspace:
    """Hold what methods act on."""

    world: World
    happenings: Happenings
    loans: Loans
    views: Views
    socket_mode: SocketMode
    host: str
    """Where this stand-in listens, such as ``127.0.0.1:50123``."""


@dataclass(frozen=True, slots=True)
class Call:
    """Keep a call as it came; its token is left out."""

    method: str
    arguments: Mapping[str, Any]
    at: datetime

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a string argument; ``invalid_arguments`` when it is needed and missing."""
        value = self.arguments.get(name, default)
        if value is None or (value == "" and default is None):
            code = "invalid_arguments"
            raise RefusedCallError(code, response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
        return str(value)

    def number(self, name: str, *, default: int) -> int:
        """Return a whole number."""
        value = self.arguments.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            code = "invalid_arguments"
            messages = [f"[ERROR] must be a whole number: {name}"]
            raise RefusedCallError(code, response_metadata={"messages": messages}) from None

    def flag(self, name: str) -> bool:
        """Return a truth value, in JSON or as a form writes it."""
        return str(self.arguments.get(name, "")).casefold() in {"1", "true"}

    def json(self, name: str, *, or_refuse: str) -> Any:  # noqa: ANN401 - any JSON
        """Return a structure, which a form carries as JSON text; None when it is absent."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise RefusedCallError(or_refuse) from None


Answer = dict[str, Any]
Act = Callable[[Workspace, Call], Answer]


@dataclass(frozen=True, slots=True)
class Method:
    """Say what a method does and what it asks of the token."""

    name: str
    act: Act
    scopes: frozenset[str] = frozenset()
    """Any one of them is enough; none means that every token will do."""
    token: str = "bot"  # noqa: S105 - the kind of token: bot, app or none


def read_arguments(content_type: str, body: bytes, query: Mapping[str, str]) -> dict[str, Any]:
    """Read a request's arguments from JSON, a form or the query."""
    kind = content_type.partition(";")[0].strip().casefold()
    arguments: dict[str, Any] = dict(query)
    if kind == "application/json" and body:
        try:
            given = json.loads(body)
        except ValueError:
            code = "invalid_json"
            raise RefusedCallError(code) from None
        if not isinstance(given, dict):
            code = "json_not_object"
            raise RefusedCallError(code)
        return arguments | given
    return arguments | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))

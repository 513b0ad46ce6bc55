"""The control API over HTTP, for a page in a browser: ``POST /control/ACTION`` with the arguments as a JSON object.

The actions and their arguments are the methods of ``People``, ``Presses`` and ``SlackStandIn`` that are named below.
``GET /control/state`` tells everything that can be seen. Only JSON is taken, so that no page of another site can act
here, as a browser would have to ask first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.acting import People
from bot.sandbox.deliveries import Delivery
from bot.sandbox.errors import ImpossibleError, RefusedCallError
from bot.sandbox.pressing import Exchange, Presses
from bot.sandbox.web_api.call import Call

PEOPLE = (
    "say",
    "put",
    "edit",
    "delete",
    "react",
    "unreact",
    "invite_bot",
    "invite",
    "remove_bot",
    "archive",
    "open_home",
)
PRESSES = ("command", "click", "click_in_view", "submit_view", "close_view", "shortcut")
ORDERS = (
    "fail",
    "throttle",
    "slow",
    "lose_answer",
    "lose_acks",
    "refresh_connections",
    "drop_connections",
    "revoke_token",
    "uninstall",
    "deliver_again",
)
LOOKS = ("messages", "thread", "ephemerals", "modals", "home", "calls")


class Controlled(Protocol):
    """Say what this API needs of the stand-in beside the named methods."""

    people: People
    presses: Presses

    def snapshot(self) -> dict[str, Any]:
        """Return everything that can be seen."""


class Control:
    """Serve the control API of one stand-in."""

    def __init__(self, stand_in: Controlled) -> None:
        self._stand_in = stand_in
        self._actions: Mapping[str, Callable[..., Any]] = {
            **{name: getattr(stand_in.people, name) for name in PEOPLE},
            **{name: getattr(stand_in.presses, name) for name in PRESSES},
            **{name: getattr(stand_in, name) for name in (*ORDERS, *LOOKS)},
        }

    def routes(self) -> list[BaseRoute]:
        """List the routes under ``/control``."""
        return [
            Route("/control/state", self.state, methods=["GET"]),
            Route("/control/{action}", self.act, methods=["POST"]),
        ]

    async def state(self, _request: Request) -> Response:
        """Tell what can be seen."""
        return JSONResponse(self._stand_in.snapshot())

    async def act(self, request: Request) -> Response:
        """Do one action; a person's impossible wish is 400 with a sentence, an unknown action 404."""
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return _refusal(f"there is no such action; there are: {', '.join(self._actions)}", status=404)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refusal("send the arguments as application/json", status=415)
        try:
            arguments = await request.json()
            # Actions wait for the app's acknowledgement, which comes in over this very event loop.
            result = await asyncio.to_thread(action, **arguments)
        except (ImpossibleError, RefusedCallError, TypeError, ValueError) as error:
            return _refusal(str(error), status=400)
        return JSONResponse({"ok": True, "result": _shown(result)})


def _refusal(sentence: str, *, status: int) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, status_code=status)


def _shown(result: object) -> object:
    """Render what an action returned as JSON."""
    if isinstance(result, Exchange):
        exchange = {"responses": result.responses, "errors": dict(result.errors), "refusal": result.delivery.refusal}
        return _delivery(result.delivery) | exchange
    if isinstance(result, Delivery):
        return _delivery(result)
    if isinstance(result, list):
        return [_shown(one) for one in result]
    if isinstance(result, Mapping | str | None):
        return result
    if isinstance(result, Call):
        return {"method": result.method, "arguments": dict(result.arguments)}
    return str(result)


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {"envelope_id": delivery.envelope_id, "outcome": delivery.outcome.value, "attempts": delivery.attempts}

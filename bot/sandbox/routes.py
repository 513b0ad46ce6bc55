"""The addresses of the stand-in: ``/api/METHOD``, ``/link/``, ``/respond/KEY``, ``/upload/ID``, ``/control/ACTION``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.sandbox.errors import ImpossibleError, RefusedCallError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.web_api.answering import WebApi
from bot.sandbox.web_api.call import read_arguments
from bot.sandbox.web_api.files import take_content
from bot.sandbox.web_api.response_urls import respond

JSON = "application/json; charset=utf-8"


class Routes:
    """Turn requests into calls, and answers, faults included, into responses."""

    def __init__(self, api: WebApi, faults: Faults, closing: asyncio.Event) -> None:
        self._api = api
        self._faults = faults
        self._closing = closing

    def all(self) -> list[BaseRoute]:
        """List the routes of Slack itself."""
        return [
            Route("/api/{method}", self.web_api, methods=["GET", "POST"]),
            Route("/upload/{file_id}", self.upload, methods=["POST"]),
            Route("/respond/{key}", self.response_url, methods=["POST"]),
            WebSocketRoute("/link/", self._api.workspace.socket_mode.serve),
        ]

    async def web_api(self, request: Request) -> Response:
        """Answer a Web API call, unless a fault was ordered for it."""
        name = request.path_params["method"]
        content_type = request.headers.get("content-type", "")
        try:
            arguments = read_arguments(content_type, await request.body(), request.query_params)
        except RefusedCallError as refusal:
            return JSONResponse({"ok": False, "error": refusal.code})
        except ClientDisconnect:
            return Response(status_code=400)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer").strip()
        fault = self._faults.take(name)
        if fault is not None and fault.delay_seconds:
            await self._pause(fault.delay_seconds)
        if fault is not None and fault.error:
            self._api.keep(name, arguments)
            return _failure(fault)
        answer, headers = self._api.answer(name, arguments, bearer=bearer)
        if fault is not None and fault.loses_answer:
            await self._until_gone(request)
        return Response(answer, media_type=JSON, headers=headers)

    async def upload(self, request: Request) -> Response:
        """Take the content of a file at the address that was given for it."""
        taken = take_content(self._api.workspace, request.path_params["file_id"], await request.body())
        return PlainTextResponse("OK" if taken else "not found", status_code=200 if taken else 404)

    async def response_url(self, request: Request) -> Response:
        """Take a message for a response URL."""
        body = await request.body()
        try:
            respond(self._api.workspace, request.path_params["key"], _object(body))
        except (RefusedCallError, ImpossibleError) as refusal:
            code = refusal.code if isinstance(refusal, RefusedCallError) else "message_not_found"
            return PlainTextResponse(code, status_code=404)
        return PlainTextResponse("ok")

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _until_gone(self, request: Request) -> None:
        """Say nothing until the client gives up or the stand-in closes."""
        waits = [asyncio.ensure_future(request.receive()), asyncio.ensure_future(self._closing.wait())]
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()


def _failure(fault: Fault) -> Response:
    headers = {} if fault.retry_after_seconds is None else {"Retry-After": str(fault.retry_after_seconds)}
    return JSONResponse({"ok": False, "error": fault.error}, status_code=fault.status, headers=headers)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        code = "invalid_payload"
        raise RefusedCallError(code)
    return given

"""The Socket Mode connection: opened once with our errors, kept open by slack_sdk, watched so that people are told."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.errors import SlackUnavailableError
from bot.logs import said
from bot.slack_client import is_loopback
from bot.slack_errors import FAILURES, wrapped

log = logging.getLogger(__name__)

_OPEN = "apps.connections.open"
_TOLD_AGAIN_SECONDS = 0.02
MESSAGE_WORKERS = 10
"""Envelopes handled at once; each may wait three seconds for its acknowledgement."""
READ_AT_ONCE_BYTES = 256 * 1024
"""At most; TLS hands over 16 KiB. slack_sdk calls itself again for each read and, by its own default of 1 KiB, gives up
every envelope beyond a megabyte: never acknowledged, it would break the connection at each of Slack's tries."""


class _Handler(SocketModeHandler):
    """Bolt's, but that an envelope at which Bolt stumbles is kept and acknowledged, not delivered again for ever."""

    def __init__(self, app: App, app_token: str, client: WebClient, keep: Callable[[Mapping[str, Any]], None]) -> None:
        super().__init__(
            app, app_token, web_client=client, concurrency=MESSAGE_WORKERS, receive_buffer_size=READ_AT_ONCE_BYTES
        )
        self._keep = keep

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        if _trips_bolt(req.payload):
            self._keep(req.payload)
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        try:
            super().handle(client, req)
        except SlackClientNotConnectedError:
            if not client.closed:
                raise
            # Closed while the envelope was in hand: it was not acknowledged, so Slack delivers it again.
            log.info("An envelope was in hand at the end.", extra=said("connection.unanswered"))


class Connection:
    """Receive what Slack delivers. Reconnecting, at Slack's request or after a failure, is the SDK's doing."""

    def __init__(
        self,
        app: App,
        client: WebClient,
        app_token: str,
        *,
        keep_unreadable: Callable[[Mapping[str, Any]], None],
        on_hello: Callable[[], None],
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._on_hello = on_hello
        self._was_connected = False
        self._handler = _Handler(app, app_token, client, keep_unreadable)
        if is_loopback(client.base_url):
            self._handler.client.proxy = None  # the SDK's own client heeds no no_proxy
        self._handler.client.message_listeners.append(self._read_hello)

    def connect(self) -> None:
        """Open the connection. Raises TokenRefusedError, or SlackUnavailableError when trying again may help."""
        session = self._handler.client
        try:
            # Asked for here and not by the SDK, which sleeps as long as Slack says when it is throttled.
            session.wss_uri = str(self._client.apps_connections_open(app_token=self._app_token)["url"])
            session.connect()
        except (*FAILURES, KeyError) as error:
            raise wrapped(_OPEN, error) from error
        if not session.is_connected():
            message = "Slack's Socket Mode address did not answer; check the network and its proxies."
            raise SlackUnavailableError(message, code="no_socket")

    def watch(self) -> None:
        """Let go of a connection that Slack has hung up, and say when one is lost; called every few seconds."""
        if _has_hung_up(self._handler.client):
            self._handler.client.disconnect()  # the SDK then opens another at its next look
        connected = self._handler.client.is_connected()
        if self._was_connected and not connected:
            log.warning("The connection to Slack is lost; it is being opened anew.", extra=said("connection.lost"))
        self._was_connected = connected

    def close(self) -> None:
        """Close the connection and wait for the envelopes in hand, but for nothing new."""
        session = self._handler.client
        # The SDK's threads would end at the time-outs of their reads, three seconds and one; this wakes them.
        session.closed = True
        session.message_queue.put(None)
        _end_reading(session)
        session.close()

    def _read_hello(self, _session: object, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") != "hello":
            return
        self._was_connected = True
        connections = message.get("num_connections")
        log.info("Slack says hello.", extra=said("connection.hello", connections=connections))
        if isinstance(connections, int) and connections > 1:
            log.warning(
                "Another connection of the same app is open: Slack divides the events between them, so this "
                "process sees only a part. End the other one, or use a second app for development.",
                extra=said("connection.shared", connections=connections),
            )
        self._on_hello()


def _has_hung_up(session: SocketModeClient) -> bool:
    """Tell whether the other end has closed without a word.

    The SDK does not notice: it reads nothing, as fast as it can, until its fifth ping has failed a minute later.
    """
    reader = session.current_session
    connected = reader.sock if reader is not None else None
    if connected is None:
        return False
    try:
        with DefaultSelector() as selector:
            selector.register(connected, EVENT_READ)
            # Of what the system holds, below TLS; looked at and left there.
            return bool(selector.select(0)) and not socket.socket.recv(connected, 1, socket.MSG_PEEK)
    except (OSError, ValueError):  # it is being closed
        return False


def _end_reading(session: SocketModeClient) -> None:
    """End the thread that reads; TLS is left as it is, so that nothing goes out unsealed."""
    reader = session.current_session
    connected = reader.sock if reader is not None else None
    if connected is not None:
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
    runner = session.current_session_runner
    runner.event.set()
    # Told once, a reader that is only just beginning forgets it: the SDK then waits for that thread for ever.
    while runner.is_alive():
        session.current_session_state.terminated = True
        runner.thread.join(_TOLD_AGAIN_SECONDS)


def _trips_bolt(payload: Mapping[str, Any]) -> bool:
    """Tell whether Bolt would raise before any middleware: while it makes the request, or looks into ``event``."""
    if not isinstance(payload.get("event", {}), dict):
        return True
    try:
        BoltRequest(mode="socket_mode", body=dict(payload))
    except Exception:  # noqa: BLE001 - Bolt names no error for a shape that it does not expect
        return True
    return False

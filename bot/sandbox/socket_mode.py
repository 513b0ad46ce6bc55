"""Socket Mode: the app's WebSocket connections, one of which gets each payload and must acknowledge it.

Lives on the server's event loop; ``deliver`` and the control methods may be called from any thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.faults import Faults
from bot.sandbox.world import World

MOST_CONNECTIONS = 10
_HELD_OPEN_SECONDS = 18_060
"""What ``hello`` says: Slack refreshes a connection every few hours."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how patient Slack is, in seconds; Slack's own figures are 3 and about 1, 60 and 300."""

    ack_seconds: float = 3.0
    retry_seconds: tuple[float, ...] = (0.05, 0.1, 0.2)
    grace_seconds: float = 10.0
    """How long a connection stays open after it was told to be renewed."""


@dataclass(slots=True, eq=False)
class Connection:
    """Hold one WebSocket of the app."""

    number: int
    ticket: str
    websocket: WebSocket

    async def send(self, frame: Mapping[str, Any]) -> bool:
        """Send a frame; tell whether the connection took it."""
        if self.websocket.application_state is not WebSocketState.CONNECTED:
            return False
        try:
            await self.websocket.send_json(frame)
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True


class SocketMode:
    """Serve connections and deliver payloads over them."""

    def __init__(self, world: World, faults: Faults, pace: Pace) -> None:
        self._world = world
        self._faults = faults
        self._pace = pace
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[Delivery, asyncio.Event]] = {}
        self._arrival = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = 0
        self._opened = 0
        self.connections: list[Connection] = []
        self.deliveries: list[Delivery] = []

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin on the server's loop."""
        self._loop = loop

    def stop(self) -> None:
        """Give up what is on its way; may be called from any thread."""

        def cancel_all() -> None:
            for task in self._tasks:
                task.cancel()

        self._on_loop(cancel_all)

    def issue_ticket(self) -> str:
        """Make the one-time ticket of ``apps.connections.open``."""
        with self._world.changed:
            if len(self.connections) >= MOST_CONNECTIONS:
                code = "too_many_websockets"
                raise RefusedCallError(code)
            ticket = self._world.next_id("ticket-")
            self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Hold one connection: greet, then read acknowledgements until it closes."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=4001)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        connection = self._welcome(ticket, websocket)
        try:
            await connection.send(self._hello())
            while True:
                self._acknowledge(await websocket.receive_json())
        except (WebSocketDisconnect, ValueError, KeyError):
            pass
        finally:
            self._forget(connection)

    def deliver(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        is_retried: bool,
        when_acked: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> Delivery:
        """Send a payload to one connection, again and again while it is not acknowledged if it ``is_retried``."""
        with self._world.changed:
            envelope_id = self._world.next_id("envelope-")
            delivery = Delivery(kind, envelope_id, deepcopy(dict(payload)), is_retried, when_acked=when_acked)
            self.deliveries.append(delivery)
            self._world.changed.notify_all()
            self._on_loop(lambda: self._start(self._carry(delivery)))
        return delivery

    def announce_disconnect(self, reason: str) -> None:
        """Tell every connection that it will be closed, and close it when the grace is over."""
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}

        async def renew(connection: Connection) -> None:
            await connection.send(frame)
            await asyncio.sleep(self._pace.grace_seconds)
            await connection.websocket.close(code=1000)

        self._on_each(renew)

    def drop(self, address: str | None = None) -> None:
        """Close the connection of this address, or every one, without a warning."""

        async def close(connection: Connection) -> None:
            if address is None or f"ticket={connection.ticket}&" in address:
                await connection.websocket.close(code=1011)

        self._on_each(close)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._world.identity.app_id},
            "debug_info": {
                "host": "stand-in",
                "build_number": 1,
                "approximate_connection_time": _HELD_OPEN_SECONDS,
            },
        }

    def _welcome(self, ticket: str, websocket: WebSocket) -> Connection:
        with self._world.changed:
            self._opened += 1
            connection = Connection(self._opened, ticket, websocket)
            self.connections.append(connection)
            self._arrival.set()
            self._world.changed.notify_all()
        return connection

    def _forget(self, connection: Connection) -> None:
        with self._world.changed:
            self.connections.remove(connection)
            if not self.connections:
                self._arrival.clear()
            self._world.changed.notify_all()

    def _acknowledge(self, frame: Mapping[str, Any]) -> None:
        with self._world.changed:
            if frame["envelope_id"] not in self._waiting or self._faults.loses_ack():
                return
            delivery, acked = self._waiting.pop(frame["envelope_id"])
            delivery.acknowledge(frame.get("payload") or None)
            acked.set()
            self._world.changed.notify_all()

    async def _carry(self, delivery: Delivery) -> None:
        acked = asyncio.Event()
        self._waiting[delivery.envelope_id] = (delivery, acked)
        reason = ""
        for pause in (0.0, *self._pace.retry_seconds) if delivery.is_retried else (0.0,):
            if pause:
                await asyncio.sleep(pause)
            reason = await self._attempt(delivery, acked, reason)
            if acked.is_set():
                return
        with self._world.changed:
            del self._waiting[delivery.envelope_id]
            delivery.outcome = Outcome.LOST
            self._world.changed.notify_all()

    async def _attempt(self, delivery: Delivery, acked: asyncio.Event, reason: str) -> str:
        """Try once, and return why it failed, in Slack's words."""
        connection = None
        frame = delivery.envelope(reason=reason)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.ack_seconds):
                connection = await self._next_connection()
                was_taken = await connection.send(frame)
                self._count(delivery, connection if was_taken else None)
                if was_taken:
                    await acked.wait()
                return "connection_failed"
        if connection is None:
            self._count(delivery, None)
        return "timeout"

    def _count(self, delivery: Delivery, connection: Connection | None) -> None:
        with self._world.changed:
            delivery.attempts += 1
            if connection is not None:
                delivery.connections.append(connection.number)
            self._world.changed.notify_all()

    async def _next_connection(self) -> Connection:
        """Take connections in turn; wait for one while the app has none."""
        await self._arrival.wait()
        self._turn += 1
        return self.connections[self._turn % len(self.connections)]

    def _on_each(self, act: Callable[[Connection], Awaitable[Any]]) -> None:
        async def on_one(connection: Connection) -> None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await act(connection)

        def begin() -> None:
            for connection in self.connections:
                self._start(on_one(connection))

        self._on_loop(begin)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _on_loop(self, act: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

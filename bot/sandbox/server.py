"""The stand-in's HTTP and WebSocket server: Starlette on uvicorn, in a thread of its own, on a loopback port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute

LOOPBACK = "127.0.0.1"
_OWN_NAMES = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
"""A page whose name was bound to this address in a browser asks under that name, and gets nothing."""
_LONGEST_STOP_SECONDS = 5


class LoopbackServer(uvicorn.Server):
    """Serve until told to stop, at once and from any thread, instead of looking at a flag ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.is_up = threading.Event()
        self._stopping = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait for ``stop``."""
        self.loop = asyncio.get_running_loop()
        self.is_up.set()
        await self._stopping.wait()

    def stop(self) -> None:
        """Let the loop finish."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._stopping.set)


class ServerThread:
    """Run the server from ``start`` to ``stop``; afterwards no thread and no socket is left."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind((LOOPBACK, 0))
        self.host = f"{LOOPBACK}:{self._socket.getsockname()[1]}"
        self._server: LoopbackServer | None = None
        self._thread: threading.Thread | None = None

    def start(self, routes: Sequence[BaseRoute], *, before_close: asyncio.Event) -> asyncio.AbstractEventLoop:
        """Serve the routes; ``before_close`` is set on the loop when the server stops. Returns the server's loop."""
        config = uvicorn.Config(
            Starlette(routes=routes, middleware=[_OWN_NAMES]),
            ws="wsproto",
            http="h11",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_LONGEST_STOP_SECONDS,
        )
        server = self._server = LoopbackServer(config)
        self._closing = before_close
        self._thread = threading.Thread(target=server.run, args=([self._socket],), name="slack-stand-in", daemon=True)
        self._thread.start()
        server.is_up.wait()
        if server.loop is None:
            message = "the server of the stand-in did not start"
            raise RuntimeError(message)
        return server.loop

    def stop(self) -> None:
        """Stop serving and wait for the thread."""
        if self._server is not None and self._server.loop is not None and self._thread is not None:
            self._server.loop.call_soon_threadsafe(self._closing.set)
            self._server.stop()
            self._thread.join()
        self._socket.close()

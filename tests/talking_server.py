"""A loopback server that answers every request the same, for replies that no Slack would give."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


class TalkingServer:
    """Answer with a status and a body, or hang up."""

    def __init__(self) -> None:
        self.requests = 0
        self._answer: tuple[int, bytes] | None = (200, b"{}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.requests += 1
                self.rfile.read(int(self.headers.get("content-length") or 0))
                if outer._answer is None:
                    self.close_connection = True
                    return
                status, body = outer._answer
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815 - the vendor's name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the vendor's name
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def answer(self, status: int, body: bytes) -> None:
        """Answer every request from now on with this."""
        self._answer = (status, body)

    def hang_up(self) -> None:
        """Close every connection from now on without an answer."""
        self._answer = None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def talking_server() -> Iterator[TalkingServer]:
    server = TalkingServer()
    yield server
    server.close()

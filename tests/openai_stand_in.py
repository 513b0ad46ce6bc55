"""A scripted OpenAI-compatible server on the loopback; the vendor's real client talks to it over HTTP.

It answers as a tidy model would, or as a test scripts: ``model`` is what the model says of each message, ``faults`` are
what goes wrong. A fault that is queued by ``once`` happens to one request, one set by ``always`` to every request.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import pytest

from classifiers.endpoint import Endpoint
from classifiers.llm import LlmClassifier
from tests.scripted_classifier import QUIET

_BOUNDARY = re.compile(r"\AThe boundary of this request is (\w+)\.")
_KEY = "sk-stand-in-0123456789abcdef"


@dataclass(frozen=True)
class Sent:
    """What goes back over the wire."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    cut: bool = False
    """Whether the connection breaks in the middle of the body."""
    after: Event | None = None
    """What the server waits for before it answers."""


Fault = Callable[[dict[str, Any]], Sent | None]
"""Given a request's body, what is answered instead; None to let the request through."""
Model = Callable[[str], list[dict[str, Any]]]
"""Given a message as it was sent, the insights that the model gives for it."""


def insight(quote: str, **changes: Any) -> dict[str, Any]:
    """Make one insight of a reply, valid by default."""
    tidy = {
        "quote": quote,
        "rationale": "An auditor asks for proof.",
        "side": "customer",
        "theme": "compliance",
        "persona": "technical_gatekeeper",
        "persona_stated": True,
        "account": None,
        "stake": "none",
        "stake_quote": None,
        "certainty": "certain",
    }
    return {**tidy, **changes}


def tidy_model(message: str) -> list[dict[str, Any]]:
    """Find the whole of a message to be one problem about compliance, unless it is quiet."""
    return [] if QUIET in message else [insight(message)]


def completion(said: str | None, **message: Any) -> dict[str, Any]:
    """Make the body of a completion."""
    finish = message.pop("finish_reason", "stop")
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "stand-in",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": said, **message}}
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }


def answers(body: Any) -> Fault:
    """Answer with this JSON."""
    return lambda _request: Sent(body=json.dumps(body).encode())


def says(words: str | None, **message: Any) -> Fault:
    """Let the model say these words, whatever it was asked."""
    return answers(completion(words, **message))


def fails(
    status: int, *, code: str | None = None, param: str | None = None, words: str = "no", **headers: str
) -> Fault:
    """Answer with a status and an error object."""
    body = json.dumps({"error": {"message": words, "type": "error", "param": param, "code": code}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: Sent(status, body, named)


def page(status: int = 200) -> Fault:
    """Answer with a web page."""
    return lambda _request: Sent(status, b"<!doctype html><title>Welcome</title>", kind="text/html; charset=utf-8")


def damaged(_request: dict[str, Any]) -> Sent:
    """Answer with half an object that is called whole."""
    return Sent(body=b'{"choices": [{"mess')


def cut_off(_request: dict[str, Any]) -> Sent:
    """Break the connection in the middle of an answer."""
    return Sent(body=json.dumps(completion("{}")).encode(), cut=True)


def refuses_parameter(name: str) -> Fault:
    """Refuse every request that carries a parameter."""
    refusal = fails(400, code="unsupported_parameter", param=name, words=f"Unsupported parameter: '{name}'")
    return lambda request: refusal(request) if name in request else None


def refuses_format(*kinds: str) -> Fault:
    """Refuse every request for one of these forms of reply, with words alone, as many servers do."""
    refusal = fails(400, words="'response_format.type' must be one that this server knows")
    return lambda request: refusal(request) if request.get("response_format", {}).get("type") in kinds else None


def messages_in(request: dict[str, Any]) -> dict[str, str]:
    """Return the fenced messages of a request by their ids."""
    text = next(turn["content"] for turn in request["messages"] if _BOUNDARY.match(turn["content"]))
    mark = _BOUNDARY.match(text)[1]
    fenced = re.findall(rf"<<{mark} begin (m\d+)>>\n(.*?)\n<<{mark} end \1>>", text, re.DOTALL)
    return dict(fenced)


class OpenAIStandIn:
    """Serve Chat Completions and remember what was asked."""

    def __init__(self) -> None:
        self.model: Model = tidy_model
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.keys: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = Lock()
        self._once: deque[Fault] = deque()
        self._always: list[Fault] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/v1"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self._opened = ExitStack()

    def once(self, *faults: Fault) -> None:
        """Let each of these happen to one request, in order."""
        self._once.extend(faults)

    def always(self, *faults: Fault) -> None:
        """Let these happen to every request from now on."""
        self._always.extend(faults)

    def classifier(self, **changes: Any) -> LlmClassifier:
        """Build the real classifier on this server; closed with it."""
        terms: dict[str, Any] = {"model": "stand-in", "api_key": _KEY, "base_url": self.url, "max_retries": 0}
        return self._opened.enter_context(closing(LlmClassifier(Endpoint(**{**terms, **changes}))))

    def close(self) -> None:
        self._opened.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str, request: dict[str, Any]) -> Sent:
        """Decide what goes back for one request."""
        if path != "/v1/chat/completions":
            return Sent(404, b"<h1>Not found</h1>", kind="text/html")
        with self._lock:
            faults = [self._once.popleft()] if self._once else []
        for fault in [*faults, *self._always]:
            if (sent := fault(request)) is not None:
                return sent
        reply = {
            "messages": [{"id": name, "insights": self.model(text)} for name, text in messages_in(request).items()]
        }
        return Sent(body=json.dumps(completion(json.dumps(reply))).encode())

    def enter(self, request: dict[str, Any], key: str) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.requests.append(request)
            self.times.append(monotonic())
            self.keys.append(key)

    def leave(self) -> None:
        with self._lock:
            self._at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.enter(request, self.headers.get("authorization", ""))
                try:
                    sent = outer.answer(self.path, request)
                    if sent.after is not None:
                        sent.after.wait(30)
                finally:
                    outer.leave()
                self._send(sent)

            def _send(self, sent: Sent) -> None:
                self.send_response_only(sent.status)
                headers = {"content-type": sent.kind, "content-length": str(len(sent.body)), **sent.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                try:
                    self.end_headers()
                    self.wfile.write(sent.body[: len(sent.body) // 2] if sent.cut else sent.body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # whoever asked did not wait

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the vendor's name
                """Stay silent."""

        return Handler


@pytest.fixture
def openai() -> Iterator[OpenAIStandIn]:
    stand_in = OpenAIStandIn()
    yield stand_in
    stand_in.close()

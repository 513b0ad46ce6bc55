"""slack_sdk's client, built with our time-out, our retries and no proxy on the way to a loopback address."""

from __future__ import annotations

import os
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.slack_errors import retry_after

TIMEOUT_SECONDS = 10
SHORT_WAIT_SECONDS = 2.0
"""A longer ``Retry-After`` is left to the caller, whose queue waits without holding a thread."""

_REPEATABLE = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.open",
        "conversations.replies",
        "reactions.add",
        "users.info",
    }
)
"""Methods that do no more when they are done twice; ``chat.postMessage`` is not among them."""


def build_client(token: str, api_url: str) -> WebClient:
    """Build a Web API client; nothing is asked of Slack yet."""
    client = WebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[_RepeatableRetry(max_retry_count=1), _ShortWaitRetry(max_retry_count=1)],
    )
    if is_loopback(api_url):
        client.proxy = None
        _spare_loopback_proxies()
    return client


def is_loopback(url: str) -> bool:
    """Tell whether an address leads to this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _spare_loopback_proxies() -> None:
    """Name the loopback addresses in ``no_proxy``.

    With no proxy of its own the SDK's client falls back on urllib's, and every copy that Bolt makes of it
    reads the environment anew; urllib heeds ``no_proxy`` in both cases.
    """
    spared = [part for part in (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(",") if part]
    os.environ["no_proxy"] = ",".join(dict.fromkeys([*spared, "127.0.0.1", "localhost", "::1"]))


class _RepeatableRetry(ConnectionErrorRetryHandler):
    """Try once more after a broken connection, only where a second call does no harm."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        method = urlsplit(request.url).path.rpartition("/")[2]
        return method in _REPEATABLE and super()._can_retry(
            state=state, request=request, response=response, error=error
        )


class _ShortWaitRetry(RateLimitErrorRetryHandler):
    """Wait out a short ``Retry-After``; a throttled call did nothing, so any method may be called again."""

    def _can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the vendor's signature
        request: HttpRequest,  # noqa: ARG002 - the vendor's signature
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002 - the vendor's signature
    ) -> bool:
        if response is None or response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return False
        seconds = retry_after(dict(response.headers))
        return seconds is not None and seconds.is_integer() and seconds <= SHORT_WAIT_SECONDS

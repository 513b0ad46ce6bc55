"""What went wrong at Slack, in our words: every failure of the SDK, the network and the reply as one branch."""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import Final

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import (
    BlocksRefusedError,
    ChannelGoneError,
    ScopeMissingError,
    SlackError,
    SlackUnavailableError,
    TokenRefusedError,
)

FAILURES: Final = (SlackClientError, OSError, HTTPException, ValueError, AttributeError)
"""What a call can raise; the last two when a reply is no JSON object or not in its own encoding."""

_CODE = re.compile(r"[a-z][a-z0-9_.:]{1,60}")
_SCOPES = re.compile(r"[a-z:._, -]{1,200}")
_SERVER_ERROR = 500
_THROTTLED = 429
_NEEDED = {
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "conversations.history": "channels:history,groups:history,im:history",
    "conversations.info": "channels:read,groups:read,im:read",
    "conversations.replies": "channels:history,groups:history,im:history",
    "users.info": "users:read",
}
"""What Slack wants for a method, where a server does not say so with its refusal."""

_GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "not_in_channel",
        "restricted_action",
        "thread_not_found",
        "cant_update_message",
    }
)
_REFUSED = frozenset(
    {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_LATER = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)


def wrapped(method: str, error: Exception) -> SlackError:
    """Make one of our errors of what the SDK raised; its own text may hold words and is left behind."""
    if not isinstance(error, SlackApiError):
        message = (
            f"Slack could not be reached for {method} ({type(error).__name__}); check the network and SLACK_API_URL."
        )
        return SlackUnavailableError(message, code="unreachable")
    status, reply = error.response.status_code, error.response.data
    given = str(reply.get("error") or "") if isinstance(reply, dict) else ""
    code = given if _CODE.fullmatch(given) else ""
    if status == _THROTTLED or code in {"ratelimited", "rate_limited"}:
        seconds = retry_after(error.response.headers)
        message = f"Slack asks us to wait before another {method}."
        return SlackUnavailableError(message, code="ratelimited", retry_after_seconds=seconds)
    if code == "missing_scope":
        return ScopeMissingError(_lacking(method, reply), code=code)
    if not code or code in _LATER or (status >= _SERVER_ERROR and code not in _REFUSED | _GONE | _BLOCKS):
        message = f"Slack failed at {method} (HTTP {status}{', ' + code if code else ', no readable reply'})."
        return SlackUnavailableError(message, code=code or "unreadable_reply")
    return _by_code(method, code)


def retry_after(headers: object) -> float | None:
    """Read ``Retry-After`` in seconds, however the header is cased; None when it is absent or no number."""
    if not isinstance(headers, dict):
        return None
    for name, value in headers.items():
        if str(name).lower() == "retry-after":
            text = str(value[0] if isinstance(value, list) and value else value)
            return float(text) if text.strip().replace(".", "", 1).isdigit() else None
    return None


def _by_code(method: str, code: str) -> SlackError:
    if code in _GONE:
        return ChannelGoneError(f"Slack refused {method}: {code}. The channel or message is out of reach.", code=code)
    if code in _REFUSED:
        message = f"Slack refused the token at {method}: {code}. Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN."
        return TokenRefusedError(message, code=code)
    if code in _BLOCKS:
        return BlocksRefusedError(f"Slack refused the blocks of {method}: {code}.", code=code)
    return SlackError(f"Slack refused {method}: {code}.", code=code)


def _lacking(method: str, reply: object) -> str:
    """Say which scope is missing and who adds it; of several that Slack names, one is enough."""
    told = str(reply.get("needed") or "") if isinstance(reply, dict) else ""
    needed = told if _SCOPES.fullmatch(told) else _NEEDED.get(method, "")
    named = " or ".join(scope.strip() for scope in needed.split(",") if scope.strip())
    scope = f"the scope {named}, which Slack wants" if named else "a scope that Slack wants"
    return (
        f"Ballast lacks {scope} for {method}. Whoever runs Ballast adds it to the app in Slack, as the manifest names "
        "it, and installs the app anew."
    )

"""What the vendor's client raises, in the words of this package.

The vendor's messages are never repeated: a server may quote in them what it was sent, or a part of the key.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
)

from classifiers.endpoint import Endpoint
from classifiers.errors import ClassifierError, RefusedError, ReplyError, UnavailableError

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,60}")
_OF_THIS_TEXT = {"context_length_exceeded", "content_filter", "content_policy_violation", "string_above_max_length"}
_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}


def translated(error: OpenAIError, endpoint: Endpoint, retry_after_seconds: float | None = None) -> ClassifierError:
    """Say what a failure of the vendor's client means and what to do about it."""
    host = endpoint.host
    if isinstance(error, APITimeoutError):
        return UnavailableError(f"{host} did not answer in {endpoint.timeout_seconds:g} s; it is asked again later")
    if isinstance(error, APIConnectionError):
        message = f"{host} cannot be reached or broke off; check the network and OPENAI_BASE_URL"
        return UnavailableError(message)
    if isinstance(error, APIStatusError):
        return _of_status(error, endpoint, retry_after_seconds)
    return RefusedError(no_api(endpoint))


def no_api(endpoint: Endpoint) -> str:
    """Say that what answers is no API of the kind that is expected."""
    return (
        f"{endpoint.host} answers, but not as an OpenAI-compatible API; "
        "check OPENAI_BASE_URL, which for most servers ends in /v1"
    )


def _of_status(error: APIStatusError, endpoint: Endpoint, retry_after_seconds: float | None) -> ClassifierError:
    code = _code(error)
    if code in _OF_THIS_TEXT or error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return ReplyError(f"{endpoint.host} does not read this text ({code or error.status_code})")
    lasting = error.status_code < 500 and error.status_code not in _PASSING  # noqa: PLR2004  HTTP's own border
    if lasting or code in _NO_CREDIT:
        return RefusedError(_refusal(error, endpoint, code))
    message = f"{endpoint.host} is busy or broken ({error.status_code}); it is asked again later"
    return UnavailableError(message, retry_after_seconds=retry_after_seconds)


def _refusal(error: APIStatusError, endpoint: Endpoint, code: str) -> str:
    host = endpoint.host
    if code in _NO_CREDIT or error.status_code == HTTPStatus.PAYMENT_REQUIRED:
        return f"{host} says that the account has no credit ({code or error.status_code}); top it up or use another key"
    if isinstance(error, AuthenticationError):
        return f"{host} does not accept the key; check OPENAI_API_KEY"
    if isinstance(error, PermissionDeniedError):
        return f"{host} does not let this key use {endpoint.model}; check the key's rights and BALLAST_LLM_MODEL"
    if isinstance(error, NotFoundError) and _is_about_model(error, endpoint):
        return f"{host} knows no model {endpoint.model}; check BALLAST_LLM_MODEL"
    if error.status_code < HTTPStatus.BAD_REQUEST or error.status_code in _NO_SUCH_PLACE:
        return no_api(endpoint)
    return f"{host} refuses the request ({error.status_code} {code}); check BALLAST_LLM_MODEL".replace(" )", ")")


_NO_SUCH_PLACE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
_PASSING = frozenset({408, 409, 425, 429})
"""Client errors that pass by themselves."""


def _is_about_model(error: NotFoundError, endpoint: Endpoint) -> bool:
    """Tell an unknown model from an address where there is no API: only the former speaks of a model."""
    told = str(error.body).lower()
    return isinstance(error.body, dict) and ("model" in told or "deployment" in told or endpoint.model.lower() in told)


def _code(error: APIStatusError) -> str:
    code = str(error.code or "")
    return code if _CODE.fullmatch(code) else ""

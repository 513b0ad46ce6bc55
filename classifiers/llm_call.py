"""Ask a language model over Chat Completions, the one form that every compatible server has.

What a server cannot do is learnt from its refusals and remembered as long as the process lives: first the strict
schema, then the JSON mode are given up, and any optional parameter that is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, replace
from email.utils import parsedate_to_datetime
from enum import IntEnum
from threading import BoundedSemaphore, Lock
from typing import Any, Protocol

from openai import APIStatusError, DefaultHttpxClient, OpenAI, OpenAIError

from classifiers.completion import Answer, parse_completion
from classifiers.endpoint import NO_KEY, Endpoint
from classifiers.errors import RefusedError, UnavailableError
from classifiers.llm_errors import no_api, translated
from classifiers.prompt import Turn
from classifiers.schema import NAME, Schema

LONGEST_WAIT_SECONDS = 20.0
"""How long a server may ask us to wait within a call; longer is left to whoever asks again later."""
MOST_TOKENS_OUT = 16_000
"""Bounds a reply that runs away; ample for models that think before they answer."""

_OPTIONAL: Mapping[str, object] = {"temperature": 0, "max_completion_tokens": MOST_TOKENS_OUT}
_NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})


class Form(IntEnum):
    """How firmly the form of a reply can be demanded, from most to least."""

    SCHEMA = 0
    JSON = 1
    PLAIN = 2


@dataclass(frozen=True, slots=True)
class Dialect:
    """Hold what a server and its model are known to understand."""

    form: Form = Form.SCHEMA
    without: frozenset[str] = frozenset()

    def parameters(self, schema: Schema) -> dict[str, Any]:
        """Give the parameters that vary from server to server."""
        spoken = {name: value for name, value in _OPTIONAL.items() if name not in self.without}
        if self.form is Form.SCHEMA:
            strict = {"name": NAME, "strict": True, "schema": schema}
            return {**spoken, "response_format": {"type": "json_schema", "json_schema": strict}}
        return {**spoken, "response_format": {"type": "json_object"}} if self.form is Form.JSON else spoken

    def simpler(self, about: str) -> Dialect | None:
        """Leave out what a refusal is about; None when it is about nothing that can be left out."""
        for name in sorted(_OPTIONAL.keys() - self.without):
            if name in about:
                return replace(self, without=self.without | {name})
        if self.form is not Form.PLAIN and ("response_format" in about or "json" in about or "schema" in about):
            return replace(self, form=Form(self.form + 1))
        return None

    def joined(self, other: Dialect) -> Dialect:
        """Leave out what either leaves out: two threads may learn different things at once."""
        return Dialect(max(self.form, other.form), self.without | other.without)


class _Response(Protocol):
    @property
    def headers(self) -> MutableMapping[str, str]: ...


class ModelCall:
    """Ask one model at one endpoint; safe in several threads, of which ``concurrency`` ask at once."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Connect to nothing yet. Redirects are not followed: words go to the host that is named, and no other."""
        self.endpoint = endpoint
        self._dialect = Dialect()
        self._learning = Lock()
        self._places = BoundedSemaphore(endpoint.concurrency)
        web = DefaultHttpxClient(follow_redirects=False, event_hooks={"response": [_leave_long_waits]})
        self._client = OpenAI(
            api_key=endpoint.api_key or NO_KEY,
            base_url=endpoint.url,
            timeout=endpoint.timeout_seconds,
            max_retries=endpoint.max_retries,
            http_client=web,
        )

    def ask(self, turns: Sequence[Turn], schema: Schema) -> Answer:
        """Return what the model says. Raises UnavailableError, RefusedError, or ReplyError for a declined text."""
        with self._places:
            spoken = self._dialect
            while True:
                try:
                    answer = self._send(turns, spoken.parameters(schema))
                except OpenAIError as error:
                    simpler = _simpler(spoken, error)
                    if simpler is None:
                        # The vendor's error may quote what was sent; it must not reach a log through the chain.
                        raise translated(error, self.endpoint, _wait_of(error)) from None
                    spoken = simpler
                else:
                    self._learn(spoken)
                    return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, turns: Sequence[Turn], parameters: Mapping[str, Any]) -> Answer:
        spoken: list[Any] = [asdict(turn) for turn in turns]
        raw = self._client.chat.completions.with_raw_response.create(
            model=self.endpoint.model, messages=spoken, **parameters
        )
        try:
            body = raw.http_response.json()
        except ValueError:
            raise self._unreadable(raw.http_response) from None
        answer = parse_completion(body, sum(len(turn.content) for turn in turns))
        if answer is None:
            raise RefusedError(no_api(self.endpoint))
        return answer

    def _unreadable(self, response: _Response) -> RefusedError | UnavailableError:
        """Tell a page from an answer that claims to be JSON and is damaged."""
        if "json" in response.headers.get("content-type", ""):
            return UnavailableError(f"{self.endpoint.host} sent a damaged answer; it is asked again later")
        return RefusedError(no_api(self.endpoint))

    def _learn(self, understood: Dialect) -> None:
        """Remember what was understood; what failed to the end teaches nothing."""
        with self._learning:
            self._dialect = self._dialect.joined(understood)


def _simpler(spoken: Dialect, error: OpenAIError) -> Dialect | None:
    """Say how to ask without what a server refused; the parameter it names counts before its words."""
    if not isinstance(error, APIStatusError) or error.status_code not in _NOT_UNDERSTOOD:
        return None
    named = spoken.simpler(str(error.param or "").lower())
    return named or (None if error.param else spoken.simpler(str(error.message).lower()))


def _leave_long_waits(response: _Response) -> None:
    """Keep the vendor's client from sleeping through a long Retry-After: the worker has other things to do."""
    wait = _retry_after(response)
    if wait is not None and wait > LONGEST_WAIT_SECONDS:
        response.headers["x-should-retry"] = "false"


def _wait_of(error: OpenAIError) -> float | None:
    return _retry_after(error.response) if isinstance(error, APIStatusError) else None


def _retry_after(response: _Response) -> float | None:
    """Read how many seconds a server asks us to wait; a date is reckoned from the server's own clock."""
    given = response.headers.get("retry-after")
    if given is None:
        return None
    try:
        return max(float(given), 0.0)
    except ValueError:
        pass
    try:
        asked, told = parsedate_to_datetime(given), parsedate_to_datetime(response.headers.get("date", ""))
        return max((asked - told).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None

"""Triggers and response URLs: what an interaction lends the app for a short time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.world import World

TRIGGER_LIFETIME = timedelta(seconds=3)
RESPONSE_LIFETIME = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """Allow one modal to be opened for one person, within three seconds."""

    user_id: str
    issued_at: datetime
    view_id: str | None
    """The view that was clicked in, onto which another may be pushed."""
    is_used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Allow five messages in answer to an interaction, within half an hour."""

    user_id: str
    channel_id: str
    message_ts: str | None
    issued_at: datetime
    thread_ts: str | None = None
    uses: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What the app sent here or with its acknowledgement, in order."""


class Loans:
    """Keep what was lent and take it back in time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def issue_trigger(self, user_id: str, *, view_id: str | None = None) -> str:
        """Lend a trigger id."""
        with self._world.changed:
            trigger_id = self._world.next_id("1000000.2000000.")
            self._triggers[trigger_id] = Trigger(user_id, self._world.clock(), view_id)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger:
        """Take a trigger back for a modal; refuse an unknown, late or used one."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            code = "invalid_trigger_id"
            raise RefusedCallError(code)
        if self._world.clock() - trigger.issued_at > TRIGGER_LIFETIME:
            code = "expired_trigger_id"
            raise RefusedCallError(code)
        if trigger.is_used:
            code = "exchanged_trigger_id"
            raise RefusedCallError(code)
        trigger.is_used = True
        return trigger

    def issue_url(
        self, user_id: str, channel_id: str, *, message_ts: str | None = None, thread_ts: str | None = None
    ) -> tuple[str, ResponseUrl]:
        """Lend a response URL; return its key, the last part of its path, and what is kept about it."""
        with self._world.changed:
            key = self._world.next_id("response-")
            url = self._urls[key] = ResponseUrl(user_id, channel_id, message_ts, self._world.clock(), thread_ts)
        return key, url

    def use_url(self, key: str) -> ResponseUrl:
        """Count a use; refuse an unknown, late or worn-out URL."""
        url = self._urls.get(key)
        if url is None or self._world.clock() - url.issued_at > RESPONSE_LIFETIME:
            code = "expired_url"
            raise RefusedCallError(code)
        if url.uses >= RESPONSE_USES:
            code = "used_url"
            raise RefusedCallError(code)
        url.uses += 1
        return url

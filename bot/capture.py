"""Capture before acknowledgement: what Slack delivers is committed here, ahead of authorization and listeners.

Bolt's authorization asks Slack and answers 200 when Slack is throttled, which would lose the event; hence this
runs before it. Between delivery and acknowledgement there is one local transaction and no network call. An
exception that leaves here makes Bolt answer 500, in Socket Mode no acknowledgement at all, so Slack delivers again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from slack_bolt import BoltResponse

from bot.handing import Handing
from bot.logs import said
from bot.moving import follow
from bot.parts import Clock, Store
from bot.payloads import parse_channel, parse_event, parse_team
from bot.setting_aside import Odd, set_aside
from bot.shapes.fields import UnreadablePayloadError
from bot.shapes.meanings import Arrival, BotInvited, Deleted, Edited, HandedOver, Ignored, Meaning
from bot.shapes.places import Converted, Gone, Left, Renamed
from bot.views.ids import greeting_key
from bot.watched import Watched
from storage.records import NewPost
from storage.scenes import Scene
from storage.vocabulary import PostKind

log = logging.getLogger(__name__)

GREETING_EXPIRES = timedelta(hours=1)


class Capture:
    """Commit what an event brings, and acknowledge it; ``handle_delivery`` is Bolt's ``before_authorize``."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        wake: Callable[[], None],
        *,
        command: str,
        wake_fetcher: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep the history to write to, whom to tell that there is work, and the slash command to name to people.

        ``wake_fetcher`` is told when a message was handed over.
        """
        self._store = store
        self._clock = clock
        self._wake = wake
        self._watched = Watched(store, clock, wake, command)
        self._handing = Handing(store, clock, wake_fetcher)

    def handle_delivery(self, body: dict[str, Any], next_: Callable[[], BoltResponse]) -> BoltResponse:
        """Take in an event and acknowledge it, for nothing else waits for one; let all else go on."""
        match body.get("type"):
            case "event_callback":
                self._take_in(body)
            case "app_rate_limited":
                held_back = "Slack holds back events for a minute; they are read when catching up."
                log.warning(held_back, extra=said("capture.held_back"))
            case _:
                return next_()
        return BoltResponse(status=200)

    def keep_unreadable(self, body: Mapping[str, object]) -> None:
        """Keep an event at which Bolt itself stumbles before any middleware runs, as one that nobody can read."""
        scene: Scene | None = None
        with suppress(UnreadablePayloadError):
            scene = self._store.scenes.of(parse_team(body), parse_channel(body))
        self._keep_unreadable(scene, body, "Bolt cannot read the delivery; it is kept until a newer version can")

    def _take_in(self, body: Mapping[str, object]) -> None:
        scene: Scene | None = None
        try:
            scene = self._store.scenes.of(parse_team(body), parse_channel(body))
            if scene is not None:
                self._keep(parse_event(body, scene.workspace), scene)
        except UnreadablePayloadError as error:
            self._keep_unreadable(scene, body, str(error))

    def _keep(self, meaning: Meaning, scene: Scene) -> None:
        match meaning:
            case Arrival():
                self._watched.arrive(meaning, scene)
            case HandedOver():
                self._handing.hand_over(meaning)
            case Edited():
                self._watched.edit(meaning, scene)
                self._handing.edited(meaning)
            case Deleted():
                self._watched.delete(meaning, scene)
                self._handing.deleted(meaning)
            case BotInvited():
                self._owe_greeting(meaning)
            case Ignored():
                log.debug("ignored: %s", meaning.why, extra=said("capture.ignored"))
            case Left() | Renamed() | Converted() | Gone():
                follow(self._store, meaning, self._clock())

    def _owe_greeting(self, invited: BotInvited) -> None:
        now = self._clock()
        team_id, channel_id = invited.team_id, invited.channel_id
        self._store.workspaces.meet_channel(team_id, channel_id, None, invited.channel_kind)
        key = greeting_key(channel_id, invited.ts)
        post = NewPost(key=key, kind=PostKind.GREETING, channel_id=channel_id, expires_at=now + GREETING_EXPIRES)
        if self._store.posts.owe(team_id, post, now):
            self._wake()
        log.info("invited to %s", channel_id, extra=said("capture.invited", team=team_id))

    def _keep_unreadable(self, scene: Scene | None, body: Mapping[str, object], reason: str) -> None:
        named = body.get("event_id")
        event_id = named if isinstance(named, str) else None
        team_id = scene.workspace.team_id if scene else None
        log.error("unreadable delivery: %s", reason, extra=said("capture.unreadable", team=team_id, event=event_id))
        if scene is not None:
            is_shared = body.get("is_ext_shared_channel") is True
            odd = Odd(scene.workspace.team_id, body, reason, event_id, is_shared=is_shared)
            set_aside(self._store, self._clock, odd, scene.channel, scene.rules)

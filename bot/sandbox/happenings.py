"""What happens in channels: each changes the world and tells the app of it, as far as its scopes and membership go."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Protocol

from bot.sandbox.channels import Channel, Kind, Message
from bot.sandbox.deliveries import Delivery
from bot.sandbox.messages import as_event, changed_event, deleted_event, join_message
from bot.sandbox.people import Person
from bot.sandbox.world import World

_HISTORY_SCOPES = {
    Kind.PUBLIC: "channels:history",
    Kind.SHARED: "channels:history",
    Kind.PRIVATE: "groups:history",
    Kind.DIRECT: "im:history",
}


class Deliver(Protocol):
    """Hand a payload to the app over one of its connections."""

    def __call__(self, kind: str, payload: Mapping[str, Any], *, is_retried: bool) -> Delivery:
        """Send it, again and again while it is not acknowledged if it ``is_retried``."""


class Happenings:
    """Let things happen; every method holds the world while it does."""

    def __init__(self, world: World, deliver: Deliver) -> None:
        self._world = world
        self._deliver = deliver

    def post(self, channel: Channel, message: Message) -> Message:
        """Put a message into a channel or thread and tell of it."""
        with self._world.changed:
            self._join_thread(channel, message)
            channel.messages[message["ts"]] = message
            self._world.changed.notify_all()
            self._tell_of_message(channel, as_event(message, channel))
            if self._mentions_bot(channel, message):
                self.tell(
                    as_event(message, channel) | {"type": "app_mention"}, scope="app_mentions:read", channel=channel
                )
        return message

    def change(self, channel: Channel, ts: str, fields: Mapping[str, Any]) -> Message:
        """Replace fields of a message; a field that is None goes away."""
        with self._world.changed:
            message = self._world.message(channel, ts)
            previous = deepcopy(message)
            for name, value in fields.items():
                message[name] = value
            for name in [name for name, value in message.items() if value is None]:
                del message[name]
            self._world.changed.notify_all()
            event = changed_event(deepcopy(message), previous, channel, ts=self._world.next_ts())
            self._tell_of_message(channel, event)
        return message

    def delete(self, channel: Channel, ts: str) -> None:
        """Take a message away; a root with replies leaves a tombstone, as in Slack."""
        with self._world.changed:
            previous = deepcopy(self._world.message(channel, ts))
            if previous.get("reply_count"):
                tomb = {
                    "subtype": "tombstone",
                    "text": "This message was deleted.",
                    "user": "USLACKBOT",
                    "hidden": True,
                }
                self.change(channel, ts, tomb | {"blocks": None, "attachments": None, "files": None})
                return
            del channel.messages[ts]
            self._leave_thread(channel, previous)
            self._world.changed.notify_all()
            self._tell_of_message(channel, deleted_event(previous, channel, ts=self._world.next_ts()))

    def react(self, channel: Channel, ts: str, person: Person, emoji: str) -> bool:
        """Add a reaction; tell whether it is new."""
        with self._world.changed:
            message = self._world.message(channel, ts)
            reactions: list[dict[str, Any]] = message.setdefault("reactions", [])
            entry = next((reaction for reaction in reactions if reaction["name"] == emoji), None)
            if entry is None:
                entry = {"name": emoji, "users": [], "count": 0}
                reactions.append(entry)
            if person.user_id in entry["users"]:
                return False
            entry["users"].append(person.user_id)
            entry["count"] += 1
            self._world.changed.notify_all()
            self._tell_of_reaction("reaction_added", channel, message, person, emoji)
        return True

    def unreact(self, channel: Channel, ts: str, person: Person, emoji: str) -> bool:
        """Take a reaction away; tell whether it was there."""
        with self._world.changed:
            message = self._world.message(channel, ts)
            entries = message.get("reactions", [])
            entry = next((one for one in entries if one["name"] == emoji and person.user_id in one["users"]), None)
            if entry is None:
                return False
            entry["users"].remove(person.user_id)
            entry["count"] -= 1
            if not entry["count"]:
                entries.remove(entry)
            self._world.changed.notify_all()
            self._tell_of_reaction("reaction_removed", channel, message, person, emoji)
        return True

    def join(self, channel: Channel, person: Person, *, inviter: Person | None) -> Delivery | None:
        """Let somebody into a channel; return the delivery of ``member_joined_channel`` when the app is told."""
        with self._world.changed:
            if person.user_id in channel.members:
                return None
            channel.members.append(person.user_id)
            self._world.changed.notify_all()
            by = None if inviter is None else inviter.user_id
            event = {
                "type": "member_joined_channel",
                "user": person.user_id,
                "channel": channel.channel_id,
                "channel_type": "G" if channel.kind is Kind.PRIVATE else "C",
                "team": self._world.identity.team_id,
                "event_ts": self._world.next_ts(),
            }
            scope = "groups:read" if channel.kind is Kind.PRIVATE else "channels:read"
            told = self.tell(event if by is None else event | {"inviter": by}, scope=scope, channel=channel)
            self.post(channel, join_message(person, ts=self._world.next_ts(), inviter=by))
        return told

    def leave(self, channel: Channel, person: Person) -> None:
        """Take somebody out of a channel; the app hears of it even when it is the app that was removed."""
        with self._world.changed:
            channel.members.remove(person.user_id)
            self._world.changed.notify_all()
            event = {
                "type": "member_left_channel",
                "user": person.user_id,
                "channel": channel.channel_id,
                "channel_type": "G" if channel.kind is Kind.PRIVATE else "C",
                "team": self._world.identity.team_id,
                "event_ts": self._world.next_ts(),
            }
            self.tell(event, scope="channels:read", channel=channel, is_about_app=True)

    def tell(
        self, event: object, *, scope: str | None, channel: Channel | None = None, is_about_app: bool = False
    ) -> Delivery | None:
        """Deliver an event unless the app lacks the scope or is not in the channel."""
        identity = self._world.identity
        is_blind = channel is not None and identity.bot_user_id not in channel.members and not is_about_app
        if (scope is not None and scope not in identity.scopes) or is_blind:
            return None
        return self._deliver("events_api", self._envelope(event, channel), is_retried=True)

    def _envelope(self, event: object, channel: Channel | None) -> dict[str, Any]:
        identity = self._world.identity
        team = event.get("team") if isinstance(event, Mapping) else None
        with self._world.changed:
            event_id = self._world.next_id("Ev")
        return {
            "token": "verification-token-of-the-stand-in",
            # A stranger's message carries the stranger's team here: the workspace is told by the authorizations.
            "team_id": team or identity.team_id,
            "context_team_id": identity.team_id,
            "context_enterprise_id": None,
            "api_app_id": identity.app_id,
            "event": deepcopy(event),
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(self._world.clock().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": identity.team_id,
                    "user_id": identity.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": channel is not None and channel.kind is Kind.SHARED,
            "event_context": f"4-{event_id}",
        }

    def _tell_of_message(self, channel: Channel, event: Mapping[str, Any]) -> None:
        self.tell(event, scope=_HISTORY_SCOPES[channel.kind], channel=channel)

    def _tell_of_reaction(self, kind: str, channel: Channel, message: Message, person: Person, emoji: str) -> None:
        event = {
            "type": kind,
            "user": person.user_id,
            "reaction": emoji,
            "item_user": message.get("user"),
            "item": {"type": "message", "channel": channel.channel_id, "ts": message["ts"]},
            "event_ts": self._world.next_ts(),
        }
        self.tell(event, scope="reactions:read", channel=channel)

    def _mentions_bot(self, channel: Channel, message: Message) -> bool:
        bot = self._world.identity.bot_user_id
        return channel.kind is not Kind.DIRECT and message.get("user") != bot and f"<@{bot}>" in message.get("text", "")

    def _join_thread(self, channel: Channel, message: Message) -> None:
        root = channel.messages.get(message.get("thread_ts", ""))
        if root is None:
            return
        message.setdefault("parent_user_id", root.get("user"))
        root["thread_ts"] = root["ts"]
        root["reply_count"] = root.get("reply_count", 0) + 1
        root["latest_reply"] = message["ts"]
        root["reply_users"] = sorted({*root.get("reply_users", []), message.get("user", "")})
        root["reply_users_count"] = len(root["reply_users"])

    def _leave_thread(self, channel: Channel, message: Message) -> None:
        root = channel.messages.get(message.get("thread_ts", ""))
        if root is not None:
            root["reply_count"] -= 1

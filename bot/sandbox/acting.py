"""What people do in channels: say, edit, delete, react, invite. Named by id, handle or ``#name``, as convenient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.channels import Channel, Kind, Message
from bot.sandbox.deliveries import Delivery
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.messages import person_message, rich_text
from bot.sandbox.people import Person
from bot.sandbox.web_api.call import Workspace


class People:
    """Let people act; what they may not do in Slack is an ``ImpossibleError`` here."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._world = workspace.world
        self._happenings = workspace.happenings

    def say(
        self,
        channel: str | Channel,
        user: str | Person,
        text: str,
        *,
        thread: str | None = None,
        is_broadcast: bool = False,
        extra: Mapping[str, Any] | None = None,
    ) -> str:
        """Post a message and return its ts.

        ``text`` is as Slack sends it, with ``&``, ``<`` and ``>`` escaped; ``extra`` adds or replaces fields, such as
        ``subtype``, ``files`` or ``attachments``.
        """
        with self._world.changed:
            person, where = self._present(user, channel)
            number = self._world.next_id("m").removeprefix("m")
            message = person_message(person, ts=self._world.next_ts(), text=text, number=number)
            if thread is not None:
                message["thread_ts"] = self._world.message(where, thread).get("thread_ts", thread)
            if is_broadcast:
                message["subtype"] = "thread_broadcast"
            return str(self._happenings.post(where, message | dict(extra or {}))["ts"])

    def put(self, channel: str | Channel, fields: Mapping[str, Any]) -> str:
        """Post what no person typed, such as another app's message or an e-mail; ``fields`` are all but the ts."""
        with self._world.changed:
            message: Message = {"type": "message", "ts": self._world.next_ts(), **fields}
            return str(self._happenings.post(self._world.channel(channel), message)["ts"])

    def edit(self, channel: str | Channel, user: str | Person, ts: str, text: str) -> None:
        """Change one's own message."""
        with self._world.changed:
            person, where = self._present(user, channel)
            self._own(person, where, ts)
            edited = {"user": person.user_id, "ts": self._world.next_ts()}
            fields = {"text": text, "blocks": [rich_text(text, block_id=f"e{edited['ts']}")], "edited": edited}
            self._happenings.change(where, ts, fields)

    def unfurl(self, channel: str | Channel, ts: str, attachment: Mapping[str, Any]) -> None:
        """Let Slack add a preview to a message, which arrives as a change that nobody made."""
        with self._world.changed:
            self._happenings.change(self._world.channel(channel), ts, {"attachments": [dict(attachment)]})

    def delete(self, channel: str | Channel, user: str | Person, ts: str) -> None:
        """Delete one's own message."""
        with self._world.changed:
            person, where = self._present(user, channel)
            self._own(person, where, ts)
            self._happenings.delete(where, ts)

    def react(self, channel: str | Channel, user: str | Person, ts: str, emoji: str) -> None:
        """Add an emoji, named without colons."""
        with self._world.changed:
            person, where = self._present(user, channel)
            self._happenings.react(where, ts, person, emoji)

    def unreact(self, channel: str | Channel, user: str | Person, ts: str, emoji: str) -> None:
        """Take an emoji away again."""
        with self._world.changed:
            person, where = self._present(user, channel)
            self._happenings.unreact(where, ts, person, emoji)

    def invite_bot(self, channel: str | Channel, by: str | Person) -> Delivery | None:
        """Invite the app into a channel."""
        return self.invite(channel, self._world.identity.bot_user_id, by=by)

    def invite(self, channel: str | Channel, who: str | Person, *, by: str | Person) -> Delivery | None:
        """Invite somebody into a channel; return what the app is told, if it is told."""
        with self._world.changed:
            inviter, where = self._present(by, channel)
            return self._happenings.join(where, self._world.person(who), inviter=inviter)

    def remove_bot(self, channel: str | Channel) -> None:
        """Remove the app from a channel."""
        with self._world.changed:
            where = self._world.channel(channel)
            bot = self._world.person(self._world.identity.bot_user_id)
            if bot.user_id not in where.members:
                message = f"the app is not in #{where.name}"
                raise ImpossibleError(message)
            self._happenings.leave(where, bot)

    def archive(self, channel: str | Channel) -> None:
        """Archive a channel."""
        with self._world.changed:
            where = self._world.channel(channel)
            where.is_archived = True
            event = {"type": "channel_archive", "channel": where.channel_id, "event_ts": self._world.next_ts()}
            self._happenings.tell(event, scope="channels:read", channel=where)

    def rename(self, channel: str | Channel, name: str) -> None:
        """Give a channel another name."""
        with self._world.changed:
            where = self._world.channel(channel)
            where.name = name.removeprefix("#")
            renamed = {"id": where.channel_id, "name": where.name, "created": where.created_at}
            event = {"type": "channel_rename", "channel": renamed, "event_ts": self._world.next_ts()}
            self._happenings.tell(event, scope="channels:read", channel=where)

    def open_home(self, user: str | Person, *, tab: str = "home") -> Delivery | None:
        """Open the app's Home tab."""
        with self._world.changed:
            person = self._world.person(user)
            event: dict[str, Any] = {
                "type": "app_home_opened",
                "user": person.user_id,
                "channel": self._world.direct_channel(person.user_id).channel_id,
                "tab": tab,
                "event_ts": self._world.next_ts(),
            }
            home = self._workspace.views.homes.get(person.user_id)
            return self._happenings.tell(event if home is None else event | {"view": home.body}, scope=None)

    def send_event(self, event: object) -> Delivery | None:
        """Deliver any event, whatever its shape."""
        return self._happenings.tell(event, scope=None)

    def _present(self, user: str | Person, channel: str | Channel) -> tuple[Person, Channel]:
        person = self._world.person(user)
        where = self._world.direct_channel(person.user_id) if channel == "direct" else self._world.channel(channel)
        if person.user_id not in where.members and where.kind is not Kind.PUBLIC:
            message = f"{person.real_name} is not in #{where.name}"
            raise ImpossibleError(message)
        if where.is_archived:
            message = f"#{where.name} is archived"
            raise ImpossibleError(message)
        return person, where

    def _own(self, person: Person, channel: Channel, ts: str) -> None:
        if self._world.message(channel, ts).get("user") != person.user_id:
            message = f"the message {ts} is not one of {person.real_name}"
            raise ImpossibleError(message)

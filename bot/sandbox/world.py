"""The workspace as it stands: people, channels, what only one person sees, and the counters that name things.

Everything is in memory. Whoever reads or changes it holds ``changed``; whoever changes it notifies, so that a test or
the played day waits for a condition and never for a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox.channels import Channel, Kind, Message
from bot.sandbox.clock import Clock
from bot.sandbox.errors import ImpossibleError, RefusedCallError
from bot.sandbox.identity import Identity
from bot.sandbox.people import Person, Role, bot_person

T = TypeVar("T")
_MICROSECONDS = 1_000_000
_LOOK_AGAIN_SECONDS = 0.05
"""A condition may rest on something outside the world, such as the bot's history, that notifies nobody here."""


@dataclass(slots=True)
class Ephemeral:
    """Hold what only one person was shown in a channel."""

    channel_id: str
    user_id: str
    message: Message


class World:
    """Keep the state of one workspace."""

    def __init__(self, *, identity: Identity, clock: Clock) -> None:
        self.identity = identity
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        bot = bot_person(identity)
        self.people: dict[str, Person] = {bot.user_id: bot}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, bytes] = {}
        """What the app sent, by the id of the file."""
        self._last_ts = 0
        self._counts: dict[str, int] = {}

    def next_ts(self) -> str:
        """Name a moment as Slack does: the clock's seconds and microseconds, never twice the same."""
        with self.changed:
            now = self.clock()
            wanted = int(now.timestamp()) * _MICROSECONDS + now.microsecond
            self._last_ts = max(self._last_ts + 1, wanted)
            return f"{self._last_ts // _MICROSECONDS}.{self._last_ts % _MICROSECONDS:06d}"

    def next_id(self, prefix: str) -> str:
        """Name a thing: the prefix and a number that is counted for each prefix."""
        with self.changed:
            self._counts[prefix] = self._counts.get(prefix, 0) + 1
            return f"{prefix}{self._counts[prefix]:08d}"

    def add_person(self, name: str, role: Role, *, zone: str = "Europe/Berlin") -> Person:
        """Let a person join the workspace; a stranger comes from the other organisation."""
        handle = name.split(maxsplit=1)[0].lower()
        team = self.identity.other_team_id if role is Role.STRANGER else self.identity.team_id
        user_id = f"U0{handle.upper():0<7}"
        person = Person(user_id=user_id, handle=handle, real_name=name, role=role, team_id=team, zone=zone)
        with self.changed:
            self.people[person.user_id] = person
        return person

    def add_channel(self, name: str, kind: Kind, members: list[Person]) -> Channel:
        """Make a channel whose first member created it."""
        plain = name.removeprefix("#")
        channel_id = f"C0{plain.upper().replace('-', ''):0<8}"
        created_at = int(self.clock().timestamp())
        ids = [person.user_id for person in members]
        channel = Channel(channel_id, plain, kind, ids[0] if ids else "", created_at, members=ids)
        with self.changed:
            self.channels[channel.channel_id] = channel
        return channel

    def direct_channel(self, user_id: str) -> Channel:
        """Find or open the direct message between the bot and a person."""
        with self.changed:
            members = [user_id, self.identity.bot_user_id]
            channel_id = f"D0{user_id.removeprefix('U0')}"
            fresh = Channel(channel_id, "", Kind.DIRECT, user_id, int(self.clock().timestamp()), members=members)
            return self.channels.setdefault(channel_id, fresh)

    def person(self, who: str | Person) -> Person:
        """Find a person by object, id, handle or name."""
        if isinstance(who, Person):
            return who
        wanted = who.removeprefix("@").casefold()
        with self.changed:
            for person in self.people.values():
                if wanted in {person.user_id.casefold(), person.handle, person.real_name.casefold()}:
                    return person
            handles = ", ".join(person.handle for person in self.people.values())
        message = f"nobody here is called {who}; there are {handles}"
        raise ImpossibleError(message)

    def channel(self, which: str | Channel) -> Channel:
        """Find a channel by object, id or name, with or without ``#``."""
        if isinstance(which, Channel):
            return which
        with self.changed:
            for channel in self.channels.values():
                if which == channel.channel_id or which.removeprefix("#") == channel.name != "":
                    return channel
            names = ", ".join(f"#{channel.name}" for channel in self.channels.values() if channel.name)
        message = f"there is no channel {which}; there are {names}"
        raise ImpossibleError(message)

    def is_met(self, person: Person) -> bool:
        """Tell whether the bot shares a channel with a person."""
        both = {person.user_id, self.identity.bot_user_id}
        with self.changed:
            return any(both <= {*channel.members} for channel in self.channels.values() if channel.kind is Kind.SHARED)

    def message(self, channel: str | Channel, ts: str) -> Message:
        """Find a message that stands in a channel or in one of its threads."""
        found = self.channel(channel)
        with self.changed:
            if ts in found.messages:
                return found.messages[ts]
        message = f"no message {ts} stands in #{found.name}"
        raise ImpossibleError(message)

    def known_channel(self, channel_id: str) -> Channel:
        """Find a channel for the app, which cannot know of hidden ones that its bot is not in."""
        try:
            channel = self.channel(channel_id)
        except ImpossibleError as unknown:
            code = "channel_not_found"
            raise RefusedCallError(code) from unknown
        if channel.is_hidden and self.identity.bot_user_id not in channel.members:
            code = "channel_not_found"
            raise RefusedCallError(code)
        return channel

    def joined_channel(self, channel_id: str) -> Channel:
        """Find a channel that the bot is in."""
        channel = self.known_channel(channel_id)
        if self.identity.bot_user_id not in channel.members:
            code = "not_in_channel"
            raise RefusedCallError(code)
        return channel

    def until(self, condition: Callable[[], T], *, within_seconds: float = 5.0) -> T:
        """Wait until ``condition`` gives something true and return that; say so when it does not in time."""
        deadline = time.monotonic() + within_seconds
        with self.changed:
            while not (found := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    message = f"what was waited for did not happen within {within_seconds:g} s"
                    raise ImpossibleError(message)
                self.changed.wait(min(left, _LOOK_AGAIN_SECONDS))
            return found

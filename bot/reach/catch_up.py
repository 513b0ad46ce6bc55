"""Catching up: reads what each watched channel said while the bot was away, and moves the mark over it.

The mark moves only when everything up to it was read. A reading that is cut off, by Slack, a stop or a kill, is noted
with its end and how far down it came; it goes on from there, and what was said above its end is read afterwards.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from bot.errors import ChannelGoneError, SlackError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.reach.doubts import NOT_SHOWN_YET, Doubts
from bot.reach.pages import Walk, walk_channel
from bot.reach.patience import Asked, a_page
from bot.reach.taking import Brought, Taking
from bot.reach.times import order, ts_of
from bot.shapes.times import read_ts, write_ts
from bot.watching import tell_shared
from storage.ids import ChannelId, TeamId, Ts
from storage.marks import ReadMarks
from storage.records import Channel, Workspace
from storage.vocabulary import ChannelKind, more_closed

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Underway:
    """Hold a channel that is being read."""

    workspace: Workspace
    channel: Channel
    marks: ReadMarks
    """As they were when the reading began."""
    to: Ts
    walk: Walk


@dataclass(slots=True)
class CatchUp:
    """Read every channel watched with ``all`` from its mark to now, a page a step, the channels in turn."""

    parts: Parts
    taking: Taking
    doubts: Doubts
    asked: Asked = Asked.CHANNEL
    _called: Event = field(default_factory=Event)
    _next_round_at: datetime | None = None
    _began: Ts | None = None
    _waiting: deque[ChannelId] = field(default_factory=deque)
    _underway: dict[ChannelId, _Underway] = field(default_factory=dict)

    def call(self) -> None:
        """Have every channel be read now; may be called from any thread."""
        self._called.set()

    def step(self, team_id: TeamId) -> bool:
        """Read one page; False when everything is read. Raises SlackError when Slack is out of reach.

        A channel that cannot be read keeps its mark and is read in the next round, ten minutes later.
        """
        self._begin_round_if_due(team_id)
        if not self._waiting:
            return False
        channel_id, is_whole = self._waiting[0], True
        self._waiting.rotate(-1)  # also where this page cannot be had: a channel that fails keeps no other waiting
        with a_page(
            leave=lambda error: log_unread(team_id, channel_id, error),
            drop=lambda: self._drop(channel_id),
        ):
            is_whole = self._read_on(team_id, channel_id)
        if is_whole:
            self._drop(channel_id)
            self._waiting.remove(channel_id)
        return True

    def seconds_until_due(self, _team_id: TeamId) -> float | None:
        """Tell when there is something to read."""
        if self._waiting or self._called.is_set() or self._next_round_at is None:
            return 0.0
        return max(0.0, (self._next_round_at - self.parts.clock()).total_seconds())

    def _begin_round_if_due(self, team_id: TeamId) -> None:
        now = self.parts.clock()
        if not self._called.is_set() and self._next_round_at is not None and now < self._next_round_at:
            return
        self._called.clear()
        self._next_round_at, self._began = now + EVERY, write_ts(now)
        watched = [marks.channel_id for marks in self.parts.store.marks.watched(team_id)]
        self._waiting.extend(channel_id for channel_id in watched if channel_id not in self._waiting)

    def _read_on(self, team_id: TeamId, channel_id: ChannelId) -> bool:
        """Read the next page of a channel; True when nothing is left to read in it."""
        underway = self._underway.get(channel_id) or self._open(team_id, channel_id)
        if underway is None:
            return True
        self._underway[channel_id] = underway
        read, marks, walk = underway.walk.read(), underway.marks, underway.walk
        if not is_as_chosen(self.parts, underway.channel):
            del self._underway[channel_id]
            return False
        brought = self.taking.take_in(underway.workspace, underway.channel, read.messages, since=marks.chosen_since)
        self._tell(underway.channel, brought)
        self.doubts.compare(underway.channel, read.shown_whole, {ts for ts in map(ts_of, read.messages) if ts})
        if not read.is_last:
            self.parts.store.marks.come_down(marks, walk.come_to)
            return False
        # The newest minute is read again: Slack may not show all of it yet, and taking in twice changes nothing.
        self.parts.store.marks.finish(marks, write_ts(read_ts(underway.to) - NOT_SHOWN_YET))
        del self._underway[channel_id]
        return self._began is None or order(underway.to) >= order(self._began)

    def _open(self, team_id: TeamId, channel_id: ChannelId) -> _Underway | None:
        workspace = self.parts.store.workspaces.find(team_id)
        channel = self.parts.store.workspaces.channel(team_id, channel_id)
        if workspace is None or channel is None or needs_a_new_choice(self.parts, channel):
            return None
        known = next((one for one in self.parts.store.marks.watched(team_id) if one.channel_id == channel_id), None)
        marks = known and self.parts.store.marks.begin(known, write_ts(self.parts.clock()))
        if marks is None or marks.reading_to is None:
            return None
        latest = marks.down_to or marks.reading_to
        walk = walk_channel(self.parts.slack, channel_id, oldest=marks.read_through, latest=latest)
        return _Underway(workspace, channel, marks, marks.reading_to, walk)

    def _drop(self, channel_id: ChannelId) -> None:
        self._underway.pop(channel_id, None)

    def _tell(self, channel: Channel, brought: Brought) -> None:
        if not brought.new and not brought.changed:
            return
        ids = said(
            "catch_up.read", team=channel.team_id, channel=channel.channel_id, new=brought.new, changed=brought.changed
        )
        log.info("Caught up on messages that were missed.", extra=ids)
        self.parts.wake()


def is_as_chosen(parts: Parts, channel: Channel) -> bool:
    """Tell whether a channel is watched and closed as it was when a reading of it began: else nothing is kept of it."""
    now = parts.store.workspaces.channel(channel.team_id, channel.channel_id)
    began = (channel.watch, channel.chosen_since, channel.kind)
    return now is not None and (now.watch, now.chosen_since, now.kind) == began


def needs_a_new_choice(parts: Parts, channel: Channel) -> bool:
    """Tell whether the channel was shared with another organisation after an owner chose to watch it."""
    if not was_shared_since(parts, channel):
        return False
    ids = said("catch_up.shared", team=channel.team_id, channel=channel.channel_id)
    log.warning("A watched channel is shared now; it is not read until an owner chooses anew.", extra=ids)
    if tell_shared(parts.store, channel, command=parts.command, at=parts.clock()):
        parts.wake()
    return True


def was_shared_since(parts: Parts, channel: Channel) -> bool:
    """Ask Slack whether a channel that we know as our own is shared with another organisation now.

    One that was made private while nobody listened is known as private from here on.
    """
    if channel.kind is ChannelKind.SHARED:
        return False
    facts = parts.slack.channel(channel.channel_id)
    if more_closed(facts.kind, channel.kind) is not channel.kind:
        parts.store.workspaces.meet_channel(channel.team_id, channel.channel_id, facts.name, facts.kind)
    return facts.kind is ChannelKind.SHARED


def log_unread(team_id: TeamId, channel_id: ChannelId, error: SlackError) -> None:
    """Note that a channel could not be read; it is tried again."""
    ids = said("catch_up.unread", team=team_id, channel=channel_id)
    if isinstance(error, ChannelGoneError):
        log.warning("A watched channel is out of reach: %s", describe(error), extra=ids)
    else:
        log.warning("A channel will be caught up on later: %s", describe(error), extra=ids)

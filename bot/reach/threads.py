"""Following threads: replies are not in a channel's history, so each active thread is read by itself.

Active is a thread with a reply in the last fourteen days. It is read whole, when a reply is seen that nobody has
read, after a start or a long silence, and once a day. Where Slack refuses a whole channel, all its threads wait an
hour; where it refuses one thread, that one does: the others are read meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import ChannelGoneError, SlackError, TokenRefusedError
from bot.parts import Parts
from bot.reach.catch_up import is_as_chosen, log_unread, needs_a_new_choice
from bot.reach.doubts import GONE, Doubts
from bot.reach.pages import Walk, walk_thread
from bot.reach.patience import Asked, a_page
from bot.reach.taking import Taking
from bot.reach.times import moment, ts_of
from storage.ids import ChannelId, TeamId, Ts
from storage.records import Channel, Workspace
from storage.threads import ThreadMark

ACTIVE = timedelta(days=14)
_NOTED_EVERY = timedelta(minutes=10)
_TRIED_AGAIN = timedelta(hours=1)
_CHECKED_EVERY = timedelta(hours=1)
"""Whether a channel is shared by now is not asked for each of its threads."""

_Key = tuple[ChannelId, Ts]


@dataclass(frozen=True, slots=True)
class _Underway:
    workspace: Workspace
    channel: Channel
    thread: ThreadMark
    since: Ts
    walk: Walk


@dataclass(slots=True)
class Following:
    """Read active threads, a page a step, one thread after the other."""

    parts: Parts
    taking: Taking
    doubts: Doubts
    due_before: Callable[[], datetime]
    """What was last read before then is due."""
    asked: Asked = Asked.THREAD
    _underway: _Underway | None = None
    _noted_at: datetime | None = None
    _threads_off: dict[_Key, datetime] = field(default_factory=dict)
    """Until when a thread is left that could not be read."""
    _channels_off: dict[ChannelId, datetime] = field(default_factory=dict)
    """Until when a channel is left whose threads cannot be read."""
    _checked_at: dict[ChannelId, datetime] = field(default_factory=dict)

    def step(self, team_id: TeamId) -> bool:
        """Read one page; False when no thread is due. Raises SlackError when Slack is out of reach."""
        thread = self._underway.thread if self._underway else self._next(team_id)
        if thread is None:
            return False
        with a_page(leave=lambda error: self._leave(thread, error), drop=self._drop):
            self._read_on(thread)
        return True

    def seconds_until_due(self, team_id: TeamId) -> float | None:
        """Tell that there is work; None when nothing is due."""
        return 0.0 if self._underway or self._next(team_id) else None

    def _next(self, team_id: TeamId) -> ThreadMark | None:
        now = self.parts.clock()
        if self._noted_at is None or now - self._noted_at >= _NOTED_EVERY:
            self.parts.store.threads.note_kept(team_id, now - ACTIVE)
            self._noted_at = now
        self._threads_off = {key: until for key, until in self._threads_off.items() if until > now}
        self._channels_off = {channel_id: until for channel_id, until in self._channels_off.items() if until > now}
        due = self.parts.store.threads.due(
            team_id,
            active_since=now - ACTIVE,
            read_before=self.due_before(),
            except_in=self._channels_off,
            limit=len(self._threads_off) + 1,  # one of so many is none of those
        )
        return next((one for one in due if _key(one) not in self._threads_off), None)

    def _read_on(self, thread: ThreadMark) -> None:
        underway = self._underway = self._underway or self._open(thread)
        if underway is None:
            self._channels_off[thread.channel_id] = self.parts.clock() + _TRIED_AGAIN
            return
        read, store = underway.walk.read(), self.parts.store
        if not is_as_chosen(self.parts, underway.channel):
            self._underway = None
            return
        shown = {ts for ts in map(ts_of, read.messages) if ts}
        self.taking.take_in(underway.workspace, underway.channel, read.messages, since=underway.since)
        if shown or underway.walk.come_to != thread.thread_ts:
            self.doubts.compare(underway.channel, read.shown_whole, shown, thread=thread.thread_ts)
        else:
            self.doubts.doubt_thread(underway.channel, thread.thread_ts)
        if read.is_last:
            store.threads.finish(thread, moment(underway.walk.come_to) or thread.latest_at, self.parts.clock())
            self._underway = None
        else:
            store.threads.come_up(thread, underway.walk.come_to)

    def _open(self, thread: ThreadMark) -> _Underway | None:
        workspaces = self.parts.store.workspaces
        workspace, channel = workspaces.find(thread.team_id), workspaces.channel(thread.team_id, thread.channel_id)
        watched = {one.channel_id: one for one in self.parts.store.marks.watched(thread.team_id)}
        marks = watched.get(thread.channel_id)
        if workspace is None or channel is None or marks is None or not self._may_be_read(channel):
            return None
        begin = thread.read_through or thread.thread_ts
        walk = walk_thread(self.parts.slack, thread.channel_id, thread.thread_ts, begin=begin)
        return _Underway(workspace, channel, thread, marks.chosen_since, walk)

    def _may_be_read(self, channel: Channel) -> bool:
        now, checked_at = self.parts.clock(), self._checked_at.get(channel.channel_id)
        if checked_at is None or now - checked_at >= _CHECKED_EVERY:
            if needs_a_new_choice(self.parts, channel):
                return False
            self._checked_at[channel.channel_id] = now
        return True

    def _leave(self, thread: ThreadMark, error: SlackError) -> None:
        underway = self._underway
        self._drop()
        if underway is not None and error.code in GONE:
            self.doubts.doubt_thread(underway.channel, thread.thread_ts)
            self.parts.store.threads.finish(thread, thread.latest_at, self.parts.clock())
            return
        log_unread(thread.team_id, thread.channel_id, error)
        until = self.parts.clock() + _TRIED_AGAIN
        if isinstance(error, ChannelGoneError | TokenRefusedError):
            self._channels_off[thread.channel_id] = until
        else:
            self._threads_off[_key(thread)] = until

    def _drop(self) -> None:
        self._underway = None


def _key(thread: ThreadMark) -> _Key:
    return thread.channel_id, thread.thread_ts

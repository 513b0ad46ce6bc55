"""Reading the last seven days again: edits and deletions that nobody told us of are found, at the latest in a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import SlackError
from bot.parts import Parts
from bot.reach.catch_up import is_as_chosen, log_unread, needs_a_new_choice
from bot.reach.doubts import Doubts
from bot.reach.pages import Walk, walk_channel
from bot.reach.patience import Asked, a_page
from bot.reach.taking import Taking
from bot.reach.times import order, ts_of
from bot.shapes.times import write_ts
from storage.ids import ChannelId, TeamId
from storage.marks import ReadMarks
from storage.records import Channel, Workspace

DAYS = timedelta(days=7)
_TRIED_AGAIN = timedelta(hours=1)
"""After a channel could not be read."""


@dataclass(frozen=True, slots=True)
class _Underway:
    workspace: Workspace
    channel: Channel
    marks: ReadMarks
    walk: Walk


@dataclass(slots=True)
class ReadingAgain:
    """Read the last seven days of every watched channel again, a page a step, one channel after the other."""

    parts: Parts
    taking: Taking
    doubts: Doubts
    due_before: Callable[[], datetime]
    """What was last read again before then is due."""
    asked: Asked = Asked.CHANNEL
    _underway: _Underway | None = None
    _not_before: dict[ChannelId, datetime] = field(default_factory=dict)

    def step(self, team_id: TeamId) -> bool:
        """Read one page; False when no channel is due. Raises SlackError when Slack is out of reach."""
        marks = self._underway.marks if self._underway else self._next(team_id)
        if marks is None:
            return False
        with a_page(leave=lambda error: self._leave(marks, error), drop=self._drop):
            self._read_on(marks)
        return True

    def seconds_until_due(self, team_id: TeamId) -> float | None:
        """Tell that there is work; None when nothing is due."""
        return 0.0 if self._underway or self._next(team_id) else None

    def _next(self, team_id: TeamId) -> ReadMarks | None:
        now, due_before = self.parts.clock(), self.due_before()
        due = [
            marks
            for marks in self.parts.store.marks.watched(team_id)
            if (marks.reread_at is None or marks.reread_at < due_before)
            and self._not_before.get(marks.channel_id, now) <= now
        ]
        return min(due, key=lambda marks: (marks.reread_at is not None, marks.reread_at or now), default=None)

    def _read_on(self, marks: ReadMarks) -> None:
        underway = self._underway = self._underway or self._open(marks)
        if underway is None:
            return
        read, channel = underway.walk.read(), underway.channel
        if not is_as_chosen(self.parts, channel):
            self._underway = None
            return
        self.taking.take_in(underway.workspace, channel, read.messages, since=marks.chosen_since)
        self.doubts.compare(channel, read.shown_whole, {ts for ts in map(ts_of, read.messages) if ts})
        if read.is_last:
            self.parts.store.marks.finish_again(marks, self.parts.clock())
            self._underway = None
        else:
            self.parts.store.marks.come_down_again(marks, underway.walk.come_to)

    def _open(self, marks: ReadMarks) -> _Underway | None:
        workspace = self.parts.store.workspaces.find(marks.team_id)
        channel = self.parts.store.workspaces.channel(marks.team_id, marks.channel_id)
        if workspace is None or channel is None or needs_a_new_choice(self.parts, channel):
            self._put_off(marks)
            return None
        oldest = max(marks.chosen_since, write_ts(self.parts.clock() - DAYS), key=order)
        latest = marks.again_down_to or marks.read_through
        walk = walk_channel(self.parts.slack, marks.channel_id, oldest=oldest, latest=max(latest, oldest, key=order))
        return _Underway(workspace, channel, marks, walk)

    def _leave(self, marks: ReadMarks, error: SlackError) -> None:
        log_unread(marks.team_id, marks.channel_id, error)
        self._put_off(marks)

    def _drop(self) -> None:
        self._underway = None

    def _put_off(self, marks: ReadMarks) -> None:
        self._underway = None
        self._not_before[marks.channel_id] = self.parts.clock() + _TRIED_AGAIN

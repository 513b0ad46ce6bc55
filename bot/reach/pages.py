"""Walking down a channel or up a thread, page by page, and telling what has been read whole.

Slack gives a channel's messages newest first and a thread's oldest first. Each page is asked for by the time that was
reached, so that no cursor can run out and a walk can begin anywhere. Servers differ: one ignores the bounds, one
repeats a page, one gives messages in no order. There a walk follows the server's cursors instead, reads more than it
must, and never tells that it has read what it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.errors import SlackError
from bot.port import Message, Page, Slack
from bot.reach.times import is_before, order, ts_of
from storage.ids import ChannelId, Ts

MOST_STALLS = 10
"""Pages in a row without news, after which a server is believed to give the same ones for ever."""
_CURSOR_RAN_OUT = "invalid_cursor"
_DOWN, _UP = -1, 1
_END_OF_TIME = Ts("9999999999.999999")

Ask = Callable[[Ts, str | None], Page]
"""Asks for the page at a time, or at a cursor that an earlier page of the same time gave."""


@dataclass(frozen=True, slots=True)
class Between:
    """Name the time between two messages of which a page shows all that stands there, neither included."""

    after: Ts
    before: Ts


@dataclass(frozen=True, slots=True)
class Read:
    """Hold a page that was read."""

    messages: Sequence[Message]
    """The oldest first, before them those that do not tell when they were said."""
    is_last: bool
    shown_whole: Between | None
    """Where what the page does not show stands no more; None when the server gives messages in no order."""


class Walk:
    """Read page after page. A page that cannot be read raises, changes nothing and is asked for again."""

    def __init__(self, ask: Ask, *, begin: Ts, end: Ts, direction: int) -> None:
        """Begin at a time; nothing is asked yet."""
        self._ask = ask
        self._end = end
        self._direction = direction
        self._asked_at = begin
        self._cursor: str | None = None
        self._followed: set[Ts] = set()
        self._stalls = 0
        self._is_orderly = True
        self.come_to = begin
        """Everything from where the walk began to here has been read."""

    def read(self) -> Read:
        """Read the next page. Raises SlackError, also when a server brings nothing new again and again."""
        page = self._page()
        times = [ts for ts in map(ts_of, page.messages) if ts is not None]
        is_in_order = all(self._distance(near) < self._distance(far) for near, far in pairwise(times))
        farthest = max(times, key=self._distance, default=self.come_to)
        self._is_orderly = self._is_orderly and is_in_order
        came_from = self.come_to
        has_moved = self._is_orderly and self._distance(farthest) > self._distance(self.come_to)
        if has_moved:
            self.come_to = farthest
        is_last = page.cursor is None or (self._is_orderly and self._is_past(farthest))
        if not is_last:
            self._go_on(page.cursor, times, has_moved=has_moved)
        messages = sorted(page.messages, key=lambda one: order(str(one.get("ts"))))
        reached = self._end if is_last else self.come_to
        whole = Between(*sorted((came_from, reached), key=order)) if self._is_orderly else None
        return Read(messages, is_last, whole)

    def _page(self) -> Page:
        if self._cursor is None:
            self._asked_at = self.come_to
            return self._ask(self._asked_at, None)
        try:
            return self._ask(self._asked_at, self._cursor)
        except SlackError as error:
            if error.code != _CURSOR_RAN_OUT:
                raise
            self._cursor = None
            return self._page()

    def _go_on(self, cursor: str | None, times: Sequence[Ts], *, has_moved: bool) -> None:
        """Go on by the time that was reached; by the cursor where a page did not get any farther."""
        is_followed = self._cursor is not None
        has_news = has_moved or not self._followed.issuperset(times)
        self._stalls = 0 if has_news else self._stalls + 1
        if self._stalls > MOST_STALLS:
            message = "the server gives the same messages again and again; the rest is read at a later turn"
            raise SlackError(message, code="no_progress")
        self._cursor = cursor if is_followed or not has_moved else None
        if self._cursor is not None:
            self._followed.update(times)

    def _distance(self, ts: Ts) -> Decimal:
        return order(ts) * self._direction

    def _is_past(self, ts: Ts) -> bool:
        """Tell whether the end was left behind; a server that ignores it would go on to the channel's beginning."""
        return self._direction == _DOWN and is_before(ts, self._end)


def walk_channel(slack: Slack, channel_id: ChannelId, *, oldest: Ts, latest: Ts) -> Walk:
    """Walk down a channel, both bounds included."""

    def ask(latest: Ts, cursor: str | None) -> Page:
        return slack.history(channel_id, oldest=oldest, latest=latest, cursor=cursor)

    return Walk(ask, begin=latest, end=oldest, direction=_DOWN)


def walk_thread(slack: Slack, channel_id: ChannelId, root: Ts, *, begin: Ts) -> Walk:
    """Walk up a thread from ``begin``, which is the root or a reply up to which it was read before."""

    def ask(oldest: Ts, cursor: str | None) -> Page:
        return slack.replies(channel_id, root, oldest=oldest, cursor=cursor)

    return Walk(ask, begin=begin, end=_END_OF_TIME, direction=_UP)

"""Messages that are kept and that Slack does not show any more: deleted unheard, or gone for another reason.

Absence alone proves nothing: a free plan hides what is older than 90 days, a workspace may keep messages for a day,
a page may be wrong. A message counts as deleted only when all of this holds: a reading without any error went past
the place where it stood, Slack, asked for it alone, does not have it, and Slack still shows an older message of that
channel (what goes with time goes the oldest first) or the message is younger than the least time that Slack keeps.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import ChannelGoneError, SlackError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.reach.pages import Between
from bot.reach.patience import Asked, is_for_all
from bot.reach.times import order
from bot.shapes.times import read_ts, write_ts
from storage.ids import ChannelId, TeamId, Ts
from storage.records import Channel, Place

log = logging.getLogger(__name__)

NOT_SHOWN_YET = timedelta(minutes=1)
"""Slack may show a message in the history a moment after it was sent: so long its absence is not looked into."""
KEPT_AT_LEAST = timedelta(days=1)
"""No plan and no setting of Slack makes messages vanish sooner."""
VANISHES_AFTER = timedelta(days=89)
"""Just under the 90 days after which a free plan shows nothing to anybody: that is no deletion."""
_BEGINNING = Ts("1.000000")
GONE = frozenset({"message_not_found", "thread_not_found"})
"""What is said of a message or a thread that is not there, in a channel that is."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    channel: Channel
    ts: Ts
    thread: Ts | None


@dataclass(slots=True)
class Doubts:
    """Settle one doubt a step. They are forgotten when the program ends: the next reading doubts anew."""

    parts: Parts
    asked: Asked = Asked.CHANNEL
    _waiting: list[_Doubt] = field(default_factory=list)

    def compare(
        self, channel: Channel, between: Between | None, shown: Collection[Ts], *, thread: Ts | None = None
    ) -> None:
        """Doubt what is kept of the channel, or of a thread, in a time that was shown whole, and is not among it."""
        now = self.parts.clock()
        if between is None:
            return
        after = max(between.after, write_ts(now - VANISHES_AFTER), key=order)
        if order(after) >= order(between.before):
            return
        missing = set(self._kept(channel, thread, after, between.before)) - set(shown)
        known = {doubt.ts for doubt in self._waiting if doubt.channel.channel_id == channel.channel_id}
        self._waiting.extend(_Doubt(channel, ts, thread) for ts in sorted(missing - known))

    def step(self, team_id: TeamId) -> bool:
        """Settle the oldest doubt; False when none is due. Raises SlackError when Slack is out of reach."""
        if self.seconds_until_due(team_id) != 0.0:
            return False
        doubt = self._oldest()
        try:
            gone = self._is_gone(doubt)
        except SlackError as error:
            if is_for_all(error):
                raise
            ids = said("reach.doubted", team=doubt.channel.team_id, channel=doubt.channel.channel_id)
            log.info("A message could not be looked for and stays: %s", describe(error), extra=ids)
            gone = False
        if gone:
            erase_deleted(self.parts, doubt.channel, doubt.ts)
        self._waiting.remove(doubt)
        return True

    def seconds_until_due(self, _team_id: TeamId) -> float | None:
        """Tell when the next doubt can be settled; None when there is none."""
        if not self._waiting:
            return None
        due = read_ts(self._oldest().ts) + NOT_SHOWN_YET
        return max(0.0, (due - self.parts.clock()).total_seconds())

    def _oldest(self) -> _Doubt:
        return min(self._waiting, key=lambda doubt: order(doubt.ts))

    def _kept(self, channel: Channel, thread: Ts | None, after: Ts, before: Ts) -> Sequence[Ts]:
        shown = self.parts.store.shown
        if thread is None:
            return shown.kept_roots(channel.team_id, channel.channel_id, after=after, before=before)
        return shown.kept_replies(channel.team_id, channel.channel_id, thread, after=after, before=before)

    def _is_gone(self, doubt: _Doubt) -> bool:
        try:
            if self.parts.slack.message(doubt.channel.channel_id, doubt.ts, thread=doubt.thread) is not None:
                return False
        except ChannelGoneError as error:
            if error.code not in GONE:
                raise
        is_young = read_ts(doubt.ts) > self.parts.clock() - KEPT_AT_LEAST
        return is_young or self._shows_older(doubt.channel.channel_id, doubt.ts)

    def _shows_older(self, channel_id: ChannelId, ts: Ts) -> bool:
        page = self.parts.slack.history(channel_id, oldest=_BEGINNING, latest=ts, limit=1)
        return any(order(str(message.get("ts"))) < order(ts) for message in page.messages)


def erase_deleted(parts: Parts, channel: Channel, ts: Ts) -> bool:
    """Do what capture does when Slack tells of a deletion; True when something was kept of the message."""
    place = Place(channel.team_id, channel.channel_id, ts, read_ts(ts), channel.kind)
    if not parts.store.changes.delete(place, parts.clock(), remember=False):
        return False
    log.info(
        "A message was deleted unheard and is erased.",
        extra=said("reach.deleted", team=channel.team_id, channel=channel.channel_id),
    )
    parts.wake()
    return True

"""Messages that are kept and that Slack does not show any more: deleted unheard, or gone for another reason.

Absence alone proves nothing: a free plan hides what is older than 90 days, a workspace may keep messages for a day,
a page may be wrong. A message counts as deleted only when all of this holds: a reading without any error went past
the place where it stood, Slack, asked for it alone, does not have it, and Slack still shows an older message of that
channel (what goes with time goes the oldest first) or the message is younger than the least time that Slack keeps.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.errors import ChannelGoneError, SlackError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.payloads import is_tombstone
from bot.port import Page
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
_ROOT_AND_REPLY = 2
"""Slack gives a thread's root beside what is asked for of its replies."""
GONE = frozenset({"message_not_found", "thread_not_found"})
"""What is said of a message or a thread that is not there, in a channel that is."""


class _Question(StrEnum):
    """Name what Slack is asked of a message, one call each: where a page a minute is allowed, two would never do."""

    IN_CHANNEL = "does it, or the root of its thread, stand in the channel"
    IN_THREAD = "does it stand in its thread"
    OLDER = "does the channel still show an older message"


@dataclass(frozen=True, slots=True)
class _Doubt:
    channel: Channel
    ts: Ts
    thread: Ts | None
    left: deque[_Question] = field(compare=False)
    """What is still to be asked; a message is gone when every answer was that it is not shown."""


@dataclass(slots=True)
class Doubts:
    """Ask one question a step. Doubts are forgotten when the program ends: the next reading doubts anew."""

    parts: Parts
    _waiting: list[_Doubt] = field(default_factory=list)

    def compare(
        self, channel: Channel, between: Between | None, shown: Collection[Ts], *, thread: Ts | None = None
    ) -> None:
        """Doubt what is kept of the channel, or of a thread, in a time that was shown whole, and is not among it."""
        if between is not None:
            missing = self._kept(channel, thread, between) - set(shown)
            self._doubt(channel, missing, thread, in_channel=thread is None)

    def doubt_thread(self, channel: Channel, root: Ts) -> None:
        """Doubt what is kept of a thread of which Slack shows nothing, the root among it."""
        replies = self._kept(channel, root, Between(root, write_ts(self.parts.clock())))
        self._doubt(channel, replies, root, in_channel=True)
        known = self.parts.store.shown.kept(channel.team_id, channel.channel_id, [root])
        if any(not one.is_erased for one in known.values()) and order(root) > order(self._hidden_until()):
            self._doubt(channel, {root}, None, in_channel=True)

    @property
    def asked(self) -> Asked:
        """Name what the next step asks Slack for."""
        return Asked.THREAD if self._waiting and self._oldest().left[0] is _Question.IN_THREAD else Asked.CHANNEL

    def step(self, team_id: TeamId) -> bool:
        """Ask the next question of the oldest doubt; False when none is due.

        Raises SlackError when Slack is out of reach.
        """
        if self.seconds_until_due(team_id) != 0.0:
            return False
        doubt = self._oldest()
        try:
            stays = self._speaks_for(doubt)
        except SlackError as error:
            if is_for_all(error):
                raise
            ids = said("reach.doubted", team=doubt.channel.team_id, channel=doubt.channel.channel_id)
            log.info("A message could not be looked for and stays: %s", describe(error), extra=ids)
            stays = True
        if stays:
            self._waiting.remove(doubt)
        elif len(doubt.left) > 1:
            doubt.left.popleft()
        else:
            erase_deleted(self.parts, doubt.channel, doubt.ts)
            self._waiting.remove(doubt)
        return True

    def seconds_until_due(self, _team_id: TeamId) -> float | None:
        """Tell when the next question can be asked; None when there is none."""
        if not self._waiting:
            return None
        due = read_ts(self._oldest().ts) + NOT_SHOWN_YET
        return max(0.0, (due - self.parts.clock()).total_seconds())

    def _oldest(self) -> _Doubt:
        return min(self._waiting, key=lambda doubt: order(doubt.ts))

    def _kept(self, channel: Channel, thread: Ts | None, between: Between) -> set[Ts]:
        shown, after, before = (
            self.parts.store.shown,
            max(between.after, self._hidden_until(), key=order),
            between.before,
        )
        if order(after) >= order(before):
            return set()
        if thread is None:
            return set(shown.kept_roots(channel.team_id, channel.channel_id, after=after, before=before))
        return set(shown.kept_replies(channel.team_id, channel.channel_id, thread, after=after, before=before))

    def _hidden_until(self) -> Ts:
        return write_ts(self.parts.clock() - VANISHES_AFTER)

    def _doubt(self, channel: Channel, missing: set[Ts], thread: Ts | None, *, in_channel: bool) -> None:
        young = self.parts.clock() - KEPT_AT_LEAST
        known = {doubt.ts for doubt in self._waiting if doubt.channel.channel_id == channel.channel_id}
        for ts in sorted(missing - known):
            asked = {_Question.IN_CHANNEL: in_channel, _Question.IN_THREAD: True, _Question.OLDER: read_ts(ts) <= young}
            left = deque(question for question, is_asked in asked.items() if is_asked)
            self._waiting.append(_Doubt(channel, ts, thread, left))

    def _speaks_for(self, doubt: _Doubt) -> bool:
        """Ask the next question; True when the answer leaves the message where it is."""
        slack, channel_id, ts = self.parts.slack, doubt.channel.channel_id, doubt.ts
        match doubt.left[0]:
            case _Question.IN_CHANNEL:
                root = doubt.thread or ts
                return _shows(slack.history(channel_id, oldest=root, latest=root, limit=1), root)
            case _Question.IN_THREAD:
                return self._stands_in_thread(channel_id, ts, doubt.thread or ts)
            case _Question.OLDER:
                older = slack.history(channel_id, oldest=_BEGINNING, latest=ts, limit=1)
                return not any(order(str(message.get("ts"))) < order(ts) for message in older.messages)

    def _stands_in_thread(self, channel_id: ChannelId, ts: Ts, thread: Ts) -> bool:
        try:
            page = self.parts.slack.replies(channel_id, thread, oldest=ts, latest=ts, limit=_ROOT_AND_REPLY)
        except ChannelGoneError as error:
            if error.code not in GONE:
                raise
            return False
        return _shows(page, ts)


def _shows(page: Page, ts: Ts) -> bool:
    """Tell whether a message stands in a page, and not only what it left behind."""
    return any(message.get("ts") == ts and not is_tombstone(message) for message in page.messages)


def erase_deleted(parts: Parts, channel: Channel, ts: Ts) -> bool:
    """Do what capture does when Slack tells of a deletion; True when something was kept of the message."""
    place = Place(channel.team_id, channel.channel_id, ts, read_ts(ts), channel.kind)
    if not parts.store.amending.delete(place, parts.clock(), remember=False):
        return False
    log.info(
        "A message was deleted unheard and is erased.",
        extra=said("reach.deleted", team=channel.team_id, channel=channel.channel_id),
    )
    parts.wake()
    return True

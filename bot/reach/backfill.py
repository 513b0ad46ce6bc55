"""Reading a channel's past that an owner asked for: newest first, its threads with it, by the rules of capture.

A page is noted when it and the threads that begin in it were read; whoever takes over after a kill goes on below it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import ChannelGoneError, SlackError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.port import Message
from bot.reach.catch_up import was_shared_since
from bot.reach.doubts import GONE
from bot.reach.pages import Walk, walk_channel, walk_thread
from bot.reach.patience import Asked, a_page
from bot.reach.taking import Brought, Taking, begins_thread
from bot.reach.telling import Telling
from bot.reach.times import order, ts_of
from storage.ids import ChannelId, TeamId
from storage.past import Backfill
from storage.records import Channel, Workspace
from storage.vocabulary import ChannelKind

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long the back-fill of a killed program stays stuck. Who works holds it again at each step, and over each wait."""


@dataclass(slots=True)
class _Underway:
    """Hold the back-fill that is being read."""

    claim: Backfill
    workspace: Workspace
    channel: Channel
    walk: Walk
    keeps_threads: bool
    held_until: datetime
    is_checked: bool = False
    """Whether Slack told, since the page in hand was read, that nobody else shares the channel."""
    page: Brought = field(default_factory=Brought)
    """What the page in hand brought so far, its threads included; of it only what is new is noted before its end."""
    is_last_page: bool = False
    threads: deque[Walk] = field(default_factory=deque)
    """Those that begin in the page in hand and are still to be read."""


@dataclass(slots=True)
class Backfilling:
    """Read the past of one channel at a time, a page a step."""

    parts: Parts
    taking: Taking
    telling: Telling
    only: ChannelId | None = None
    """The one channel to read, for a program that was asked for no other."""
    _underway: _Underway | None = None

    @property
    def asked(self) -> Asked:
        """Name what the next step asks Slack for."""
        return Asked.THREAD if self._underway and self._underway.threads else Asked.CHANNEL

    def step(self, team_id: TeamId) -> bool:
        """Read one page, of the channel or of a thread; False when nothing is to be read.

        Raises SlackError when Slack is out of reach; what cannot be read at all is given up with the reason.
        """
        underway = self._underway = self._underway or self._take_up(team_id)
        if underway is None:
            return False
        if self._is_held(underway, self.parts.clock() + LEASE):
            with a_page(leave=lambda error: self._give_up(underway, error), drop=self._drop):
                self._read_on(underway)
                self._note_found(underway)
        return True

    def seconds_until_due(self, team_id: TeamId) -> float | None:
        """Tell when one can be taken up; None when none runs."""
        return 0.0 if self._underway else self.parts.store.backfills.seconds_until_next(team_id, self.parts.clock())

    def hold(self, wait: timedelta = timedelta()) -> None:
        """Keep the claim over a wait, for Slack or for what goes first; let go of what was cancelled meanwhile."""
        next_step = self.parts.clock() + wait
        if self._underway and self._underway.held_until < next_step + LEASE / 2:
            self._is_held(self._underway, next_step + LEASE)

    def give_back(self) -> None:
        """Let go of what is in hand, so that another need not wait for the lease."""
        underway = self._underway
        if underway and self._is_held(underway, self.parts.clock()):
            self._drop()
            self.parts.store.backfills.release(underway.claim, at=self.parts.clock())

    def _is_held(self, underway: _Underway, until: datetime) -> bool:
        """Hold the claim at least until then; what was cancelled, or taken over after all, is let go of."""
        underway.held_until = max(until, underway.held_until)
        if self.parts.store.backfills.hold(underway.claim, until=underway.held_until, new=underway.page.new):
            return True
        self._drop()
        self.telling.end(underway.claim)
        return False

    def _note_found(self, underway: _Underway) -> None:
        """Note at once what came in, so that whoever takes over amid a page counts it once."""
        if underway is self._underway and underway.page.new:
            self._is_held(underway, underway.held_until)

    def _drop(self) -> None:
        self._underway = None

    def _take_up(self, team_id: TeamId) -> _Underway | None:
        store, now = self.parts.store, self.parts.clock()
        if store.backfills.seconds_until_next(team_id, now) != 0.0:
            return None
        claim = store.backfills.claim(team_id, lease=LEASE, at=now, channel_id=self.only)
        if claim is None:
            return None
        workspace, channel = store.workspaces.find(team_id), store.workspaces.channel(team_id, claim.channel_id)
        if workspace is None or channel is None:
            store.backfills.give_up(claim, reason="the bot never met that channel", at=now)
            return None
        walk = walk_channel(
            self.parts.slack, claim.channel_id, oldest=claim.oldest, latest=claim.down_to or claim.latest
        )
        keeps_threads = store.choices.of(team_id, claim.channel_id).keep_threads
        return _Underway(self.telling.begin(claim), workspace, channel, walk, keeps_threads, held_until=now + LEASE)

    def _read_on(self, underway: _Underway) -> None:
        if not underway.threads or not underway.is_checked:
            self._check_unshared(underway)
        if underway.threads:
            self._read_thread(underway)
        else:
            self._read_page(underway)
        if self._underway is underway and not underway.threads:
            self._note(underway)

    def _check_unshared(self, underway: _Underway) -> None:
        """Ask Slack before each page and before its threads: nobody else notes it of a watched channel."""
        if was_shared_since(self.parts, underway.channel):
            raise _shared_since()
        underway.is_checked = True

    def _read_page(self, underway: _Underway) -> None:
        came_to = underway.walk.come_to
        read = underway.walk.read()
        underway.is_last_page, underway.is_checked = read.is_last, False
        # A page begins with the message that the one before it ended with: it was read there, with its thread.
        is_first = came_to == underway.claim.latest
        messages = [one for one in read.messages if is_first or ts_of(one) != came_to]
        underway.page = self._take(underway, messages)
        if underway.keeps_threads:
            underway.threads.extend(self._threads(underway.claim, messages))

    def _read_thread(self, underway: _Underway) -> None:
        came_to = underway.threads[0].come_to
        try:
            read = underway.threads[0].read()
        except ChannelGoneError as error:
            if error.code not in GONE:
                raise
            underway.threads.popleft()
            return
        replies = [one for one in read.messages if ts_of(one) not in (one.get("thread_ts"), came_to)]
        brought = self._take(underway, [one for one in replies if _is_past(one, underway.claim)])
        before = underway.page
        underway.page = Brought(before.seen + brought.seen, before.new + brought.new, before.changed + brought.changed)
        if read.is_last:
            underway.threads.popleft()

    def _take(self, underway: _Underway, messages: Sequence[Message]) -> Brought:
        if not self._is_held(underway, underway.held_until):  # cancelled while Slack was asked
            return Brought()
        claim, before = underway.claim, underway.channel
        now = self.parts.store.workspaces.channel(claim.team_id, claim.channel_id)
        if now is None or (now.kind is ChannelKind.SHARED and before.kind is not ChannelKind.SHARED):
            raise _shared_since()
        underway.channel = now  # its words are kept as closed as it is now
        brought = self.taking.take_in(underway.workspace, now, messages, since=claim.oldest)
        if brought.new:
            self.parts.wake()
        return brought

    def _threads(self, claim: Backfill, messages: Sequence[Message]) -> list[Walk]:
        roots = [ts for one in messages if begins_thread(one) and (ts := ts_of(one)) is not None]
        return [walk_thread(self.parts.slack, claim.channel_id, root, begin=root) for root in roots]

    def _note(self, underway: _Underway) -> None:
        store, now, page = self.parts.store.backfills, self.parts.clock(), underway.page
        claim = store.come_down(
            underway.claim, down_to=underway.walk.come_to, seen=page.seen, new=page.new, lease=LEASE, at=now
        )
        if claim is None:
            self._drop()  # cancelled, or taken over after all
            self.telling.end(underway.claim)
        elif underway.is_last_page:
            self._drop()
            store.finish(claim, at=now)
            log.info("A back-fill is done.", extra=_ids(claim))
            self.telling.end(claim)
        else:
            underway.held_until, underway.page = now + LEASE, Brought()
            underway.claim = self.telling.progress(claim)

    def _give_up(self, underway: _Underway, error: SlackError) -> None:
        self._drop()
        self.parts.store.backfills.give_up(underway.claim, reason=describe(error), at=self.parts.clock())
        log.warning("A back-fill was given up: %s", describe(error), extra=_ids(underway.claim))
        self.telling.end(underway.claim)


def _is_past(reply: Message, claim: Backfill) -> bool:
    """Tell a reply of before the back-fill was asked for; later ones are the watch's to keep, where there is one."""
    return order(ts_of(reply) or "") <= order(claim.latest)


def _shared_since() -> SlackError:
    message = "the channel is shared with another organisation now; ask again there, and confirm that"
    return SlackError(message, code="shared_since")


def _ids(claim: Backfill) -> Mapping[str, object]:
    return said("backfill", team=claim.team_id, channel=claim.channel_id, seen=claim.seen, new=claim.new)

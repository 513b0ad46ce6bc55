"""Publish the digests that are due: each period of a schedule once, however many processes try, fail or are killed.

The claim of (team, schedule, period) is a unique row with a lease. Who retakes a claim that ran out first looks in
the channel for our own message, by the id of its first block, and posts only when it is not there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.due import LOOK_BACK_WEEKS, Due, due
from bot.errors import InputError, SharedChannelError, SlackError, SlackUnavailableError, TokenRefusedError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.post_digest import LEASE, digest_block_id, find_digest, post_digest
from bot.views.digest_offer import say_not_posted
from storage.ids import ChannelId, ScheduleId, TeamId, Ts
from storage.records import NewPost
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import DigestState, PostKind

log = logging.getLogger(__name__)

POSTING_TAKES = timedelta(minutes=2)
"""The longest that posting may take with all its falling back: the lease must still hold then."""
TO_THE_OWNER_FIRST = 2
"""So many first digests of a schedule go to its owner, with the button that posts them."""
TRY_AGAIN_AFTER = timedelta(minutes=5)
_PAGE = 100
_NOTICE_LIVES = timedelta(days=7)


@dataclass(slots=True)
class Publisher:
    """Post what is due in one workspace."""

    parts: Parts
    is_stopping: Callable[[], bool]
    _opens_again_at: datetime | None = field(default=None, init=False)
    """Before then no owner's direct channel is asked for: Slack did not open the last one."""

    def tick(self, team_id: TeamId) -> None:
        """Post or skip everything that is due now. Call it as seldom or as often as you like."""
        after: ScheduleId | None = None
        while page := self.parts.store.schedules.of_team(team_id, after=after, limit=_PAGE):
            for schedule in page:
                for one in self._due(schedule):
                    if self.is_stopping():
                        return
                    self._try(one)
            after = page[-1].schedule_id

    def _due(self, schedule: Schedule) -> list[Due]:
        """Tell what is due; one that is put off or held by another process is passed over without asking Slack."""
        known = self.parts.store.schedules.digests(schedule.team_id, schedule.schedule_id, limit=LOOK_BACK_WEEKS + 8)
        now = self.parts.clock()
        held = {(one.period_start, one.period_end) for one in known if one.is_held(now)}
        try:
            found = due(now, [schedule], known)
            return [one for one in found if (one.period.start, one.period.end) not in held]
        except InputError as error:  # a zone that this machine's calendar no longer has
            log.warning("A schedule cannot be kept: %s", error, extra=said("digest.no_zone", **_ids(schedule)))
            return []

    def _try(self, one: Due) -> None:
        """Settle one due digest; what Slack cannot do now must not keep the other schedules waiting."""
        try:
            self._settle(one)
        except SlackError as error:
            log.warning("A digest waits: %s", describe(error), extra=said("digest.waits", **_ids(one.schedule)))

    def _settle(self, one: Due) -> None:
        """Claim one due digest and post it, skip it, or put it off; nothing where another process holds it."""
        destination, now = self._destination(one.schedule), self.parts.clock()
        claim = self.parts.store.schedules.claim(
            one.schedule,
            period=(one.period.start, one.period.end),
            due_at=one.due_at,
            channel_id=destination or one.schedule.channel_id,
            lease=LEASE,
            at=now,
        )
        if claim is None:
            return
        try:
            if destination is None and not claim.is_asked_for:
                self._skip(one, claim, "the first digests go to the person who set it, whom Slack no longer reaches")
            else:
                self._make(one, claim, begin_before=now + LEASE - POSTING_TAKES)
        except (SlackUnavailableError, TokenRefusedError) as error:
            self._put_off(one, claim, error)
        except (SharedChannelError, SlackError) as error:
            self._skip(one, claim, describe(error))

    def _put_off(self, one: Due, claim: DigestClaim, error: SlackError) -> None:
        self.parts.store.schedules.put_off(claim, until=_again_at(error, self.parts.clock()))
        log.warning("A digest waits: %s", describe(error), extra=said("digest.put_off", **_ids(one.schedule)))

    def _make(self, one: Due, claim: DigestClaim, *, begin_before: datetime) -> None:
        found = find_digest(self.parts, claim) if claim.retaken else None
        if found is not None:
            self._posted(one, claim, found)
        elif one.too_late:
            self._skip(one, claim, "it was missed by more than a day: Ballast did not run or could not reach Slack")
        else:
            offered = None if claim.channel_id == one.schedule.channel_id else one.schedule
            ts = post_digest(self.parts, claim, one.period, offered=offered, begin_before=begin_before)
            self._posted(one, claim, ts)

    def _destination(self, schedule: Schedule) -> ChannelId | None:
        """Return the owner's direct channel for the first digests of a schedule, then its own channel.

        None when the owner cannot be reached: what nobody looked at first is not posted.
        """
        if not left_for_the_owner(self.parts, schedule):
            return schedule.channel_id
        return self._owners_channel(schedule)

    def _owners_channel(self, schedule: Schedule) -> ChannelId | None:
        now = self.parts.clock()
        if self._opens_again_at is not None and now < self._opens_again_at:
            wait = (self._opens_again_at - now).total_seconds()
            message = "Slack opened no direct channel a moment ago, and is not asked again yet."
            raise SlackUnavailableError(message, retry_after_seconds=wait)
        try:
            return self.parts.slack.direct_channel(schedule.owner)
        except (SlackUnavailableError, TokenRefusedError) as error:
            self._opens_again_at = _again_at(error, now)
            raise
        except SlackError:
            return None

    def _posted(self, one: Due, claim: DigestClaim, ts: Ts) -> None:
        self.parts.store.schedules.posted(claim, ts, at=self.parts.clock())
        log.info("A digest was posted.", extra=said("digest.posted", ts=ts, **_ids(one.schedule)))

    def _skip(self, one: Due, claim: DigestClaim, reason: str) -> None:
        """Skip a period, and owe its owner the sentence that says so; what they were shown they can ask for again."""
        schedule, now = one.schedule, self.parts.clock()
        channel = self._owners_channel(schedule)
        if channel is not None:
            body = say_not_posted(one.period.name, schedule.channel_id, reason, command=self.parts.command)
            key, expires_at = f"{digest_block_id(claim)}:skipped", now + _NOTICE_LIVES
            self.parts.store.posts.owe(
                schedule.team_id, NewPost(key, PostKind.NOTICE, channel, expires_at, body=body), now
            )
        if claim.is_asked_for and channel is not None:
            self.parts.store.schedules.shown_again(claim, replace(claim, state=DigestState.POSTED, channel_id=channel))
        else:
            self.parts.store.schedules.skipped(claim, reason=reason)
        self.parts.wake()
        log.warning("A digest was skipped: %s", reason, extra=said("digest.skipped", **_ids(schedule)))


def left_for_the_owner(parts: Parts, schedule: Schedule) -> int:
    """Count how many digests go to the owner still; to change a schedule does not begin them anew."""
    known = parts.store.schedules.digests(schedule.team_id, schedule.schedule_id, limit=LOOK_BACK_WEEKS + 8)
    return max(0, TO_THE_OWNER_FIRST - sum(digest.state is DigestState.POSTED for digest in known))


def _again_at(error: SlackError, now: datetime) -> datetime:
    asked = error.retry_after_seconds or 0.0 if isinstance(error, SlackUnavailableError) else 0.0
    return now + max(TRY_AGAIN_AFTER, timedelta(seconds=asked))


def _ids(schedule: Schedule) -> dict[str, object]:
    return {"team": schedule.team_id, "schedule": schedule.schedule_id, "channel": schedule.channel_id}

"""The poster: makes each post that is owed, once, and brings our own messages up to date."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.backoff import TOKEN_REFUSED, Backoff
from bot.errors import BlocksRefusedError, ChannelGoneError, SlackError, SlackUnavailableError, TokenRefusedError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.rendering import Rendered, render
from storage.errors import StorageError
from storage.ids import TeamId, Ts
from storage.records import Post
from storage.vocabulary import PostKind

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=35)
"""How long a killed process's post stays stuck."""
POSTING_TAKES = timedelta(seconds=24)
"""The longest that one call may take, its time-out and short retries included: the lease must still hold then."""
_OUT_OF_REACH = Backoff(first_seconds=2, ceiling_seconds=300, tries=20)


@dataclass(frozen=True, slots=True)
class Poster:
    """Do turns of posting. Several processes may do so at once: a lease keeps each post with one of them."""

    parts: Parts
    emoji: str
    chance: Callable[[], float]
    """Draws 0 to 1, for the jitter."""
    is_stopping: Callable[[], bool]

    def turn(self) -> float | None:
        """Make one post of each workspace that owes any; return the seconds until there is more."""
        teams = self.parts.store.posts.teams_due(self.parts.clock())
        for team_id in teams:
            if self.is_stopping():
                return None
            self._post_one_of(team_id)
        return 0.0 if teams else self.parts.store.posts.seconds_until_next(self.parts.clock())

    def _post_one_of(self, team_id: TeamId) -> None:
        now = self.parts.clock()
        for post in self.parts.store.posts.claim(team_id, limit=1, lease=LEASE, at=now):
            try:
                self._deliver(post, now + LEASE - POSTING_TAKES)
            except SlackError as error:
                self._after_refusal(post, error)
            except StorageError:
                raise  # the loop waits for the database; the lease runs out and the post is looked for first
            except Exception as error:
                log.exception("A post could not be made.", extra=said("post.broken", **_ids(post)))
                self.parts.store.posts.give_up(post, reason=describe(error))

    def _deliver(self, post: Post, begin_before: datetime) -> None:
        if post.kind is PostKind.REACTION:
            if post.thread_ts is not None:
                self.parts.slack.react(post.channel_id, post.thread_ts, self.emoji)
            self._done(post, None)
            return
        message = render(post, self.parts)
        ts = post.ts or self._posted_before(post)
        if message is None:
            self._take_away(post, ts)
            return
        if ts is not None:
            self._update(post, ts, message)
        elif self.parts.clock() < begin_before:
            ts = self._post(post, message)
            self.parts.store.posts.note_ts(post, ts)
        else:
            self.parts.store.posts.put_off(post, reason="looking for it took too long", until=self.parts.clock())
            return
        self._done(post, ts)

    def _posted_before(self, post: Post) -> Ts | None:
        """Look for our own message where an earlier try may have reached Slack though we never heard so."""
        if post.attempts <= 1:
            return None
        since = None if post.thread_ts or post.revised_at is None else _an_hour_before(post.revised_at)
        ts = self.parts.slack.find_own(post.channel_id, post.key, thread=post.thread_ts, since=since)
        if ts is not None:
            self.parts.store.posts.note_ts(post, ts)
            log.info("An earlier try had reached Slack.", extra=said("post.found", ts=ts, **_ids(post)))
        return ts

    def _post(self, post: Post, message: Rendered) -> Ts:
        slack, channel, thread = self.parts.slack, post.channel_id, post.thread_ts
        try:
            return slack.post(channel, text=message.text, blocks=message.blocks, thread=thread, key=post.key)
        except BlocksRefusedError as error:
            self._log_refused_blocks(post, error)
            return slack.post(channel, text=message.text, thread=thread, key=post.key)

    def _update(self, post: Post, ts: Ts, message: Rendered) -> None:
        try:
            self.parts.slack.update(post.channel_id, ts, text=message.text, blocks=message.blocks)
        except BlocksRefusedError as error:
            self._log_refused_blocks(post, error)
            self.parts.slack.update(post.channel_id, ts, text=message.text)

    def _take_away(self, post: Post, ts: Ts | None) -> None:
        """Delete a message that has nothing left to show: its words were deleted, or hold no problem any more."""
        if ts is not None:
            self.parts.slack.delete(post.channel_id, ts)
        self.parts.store.posts.taken_away(post)
        log.info("A post has nothing left to show.", extra=said("post.taken_away", ts=ts, **_ids(post)))

    def _after_refusal(self, post: Post, error: SlackError) -> None:
        match error:
            case ChannelGoneError():
                self._drop(post, describe(error))
            case TokenRefusedError():
                self._put_off(post, error, TOKEN_REFUSED)
            case SlackUnavailableError() if not _OUT_OF_REACH.is_spent(post.attempts):
                asked = error.retry_after_seconds or 0.0
                wait = _OUT_OF_REACH.wait(post.attempts, chance=self.chance(), at_least_seconds=asked)
                self._put_off(post, error, wait)
            case _:
                self.parts.store.posts.give_up(post, reason=describe(error))
                log.error("A post was given up: %s", describe(error), extra=said("post.failed", **_ids(post)))

    def _put_off(self, post: Post, error: SlackError, wait: timedelta) -> None:
        reason = describe(error)
        self.parts.store.posts.put_off(post, reason=reason, until=self.parts.clock() + wait)
        seconds = round(wait.total_seconds(), 1)
        log.warning("A post waits: %s", reason, extra=said("post.put_off", seconds=seconds, **_ids(post)))

    def _drop(self, post: Post, reason: str) -> None:
        self.parts.store.posts.drop(post, reason=reason)
        log.info("A post was let go: %s", reason, extra=said("post.dropped", **_ids(post)))

    def _done(self, post: Post, ts: Ts | None) -> None:
        self.parts.store.posts.done(post, ts)
        log.info("A post was made.", extra=said("post.done", ts=ts, **_ids(post)))

    def _log_refused_blocks(self, post: Post, error: SlackError) -> None:
        log.error("Posting text alone: %s", describe(error), extra=said("post.plain", **_ids(post)))


def _ids(post: Post) -> dict[str, object]:
    return {"team": post.team_id, "post": post.post_id, "kind": post.kind.value, "attempts": post.attempts}


def _an_hour_before(owed_at: datetime) -> Ts:
    """Write a time at which a post cannot have been made yet, though Slack's clock be behind ours."""
    return Ts(f"{(owed_at - timedelta(hours=1)).timestamp():.6f}")

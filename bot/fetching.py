"""The fetcher: saves what people handed over, after the acknowledgement, for Slack has to be asked about it.

Slack is asked who wants it saved, for guests may not; and for the message, unless its delivery held it or it is kept
already. Whatever comes of it is told to whoever asked, to them alone, in a sentence; and what was asked stays due until
it is, so that a crash in between has it told twice at worst.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.backoff import TOKEN_REFUSED, Backoff
from bot.errors import (
    BallastError,
    InputError,
    ScopeMissingError,
    SlackError,
    SlackUnavailableError,
    TokenRefusedError,
)
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.port import Message, PersonFacts
from bot.reach.doubts import NOT_SHOWN_YET
from bot.rights import admit
from bot.savable import Where, find_where, must_be_open, must_bring_more, read_message
from bot.saving import Saved, find_saved, save
from bot.shapes.times import read_ts
from bot.views.ids import handed_key
from bot.views.save import saved_words
from bot.views.text import sentence
from storage.errors import NotFoundError, StorageError
from storage.fetches import Fetch
from storage.ids import TeamId, slack_origin
from storage.records import NewPost
from storage.vocabulary import ChannelKind, PostKind, Source

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Five calls to Slack, each with its time-out, fit into it."""
_TOLD_WITHIN = timedelta(hours=1)
_OUT_OF_REACH = Backoff(first_seconds=2, ceiling_seconds=300, tries=20)
_NOT_SHOWN = (
    "Slack does not show this message to Ballast, so nothing was saved. It may be deleted, or Ballast is not in the "
    "channel any more. “Save as feedback” in the message's menu works everywhere."
)
_NOT_YET = "Slack does not show the message yet, which was sent a moment ago."
_BROKEN = "Something went wrong in Ballast, so nothing was saved. Whoever runs it finds in its log what it was."
_SLACK_FAILED = "Slack did not answer Ballast for long, so nothing was saved. Please do it again."
_SLACK_REFUSED = (
    "Slack refused what Ballast asked it for, so nothing was saved. Whoever runs Ballast finds it in its log."
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Know what came of what somebody asked, in words for them."""

    words: str
    """Escaped."""
    refused: str | None = None
    """Why nothing was saved, for us; None when it was."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Do turns of fetching. Several processes may do so at once: a lease keeps each message with one of them."""

    parts: Parts
    chance: Callable[[], float]
    """Draws 0 to 1, for the jitter."""
    is_stopping: Callable[[], bool]

    def turn(self) -> float | None:
        """Settle one message of each workspace in which any is due; return the seconds until there is more."""
        fetches = self.parts.store.fetches
        teams = fetches.teams_due(self.parts.clock())
        for team_id in teams:
            if self.is_stopping():
                return None
            self._settle_one_of(team_id)
        return 0.0 if teams else fetches.seconds_until_next(self.parts.clock())

    def _settle_one_of(self, team_id: TeamId) -> None:
        for fetch in self.parts.store.fetches.claim(team_id, limit=1, lease=LEASE, at=self.parts.clock()):
            try:
                outcome = self._outcome(fetch)
                if not self.parts.store.fetches.holds(fetch):
                    continue  # it took so long that somebody else has it now, and tells
                self._tell(fetch, outcome.words)
            except SlackError as error:
                self._put_off(fetch, error)
            else:
                self._settle(fetch, outcome)

    def _outcome(self, fetch: Fetch) -> _Outcome:
        """Save the message, or find out why not. Raises SlackError where asking again may help."""
        try:
            return self._saved(fetch)
        except SlackError as error:
            if self._wait(fetch, error) is not None:
                raise
            return _refused(fetch, error)
        except (BallastError, NotFoundError) as error:
            log.info("not saved: %s", type(error).__name__, extra=said("fetch.refused", **_ids(fetch)))
            return _Outcome(sentence(str(error)), refused=str(error))
        except StorageError:
            raise  # the loop waits for the database; the lease runs out and it is done anew
        except Exception as error:
            log.exception("A message could not be saved.", extra=said("fetch.broken", **_ids(fetch)))
            return _Outcome(_BROKEN, refused=describe(error))

    def _saved(self, fetch: Fetch) -> _Outcome:
        person = admit(self.parts, fetch.asked_by)
        held = self._held(fetch)
        if held is not None:
            must_bring_more(self.parts, fetch.team_id, held)
        where = find_where(self.parts, fetch.team_id, fetch.channel_id)
        must_be_open(self.parts, where, to_the_form=False)
        saved = self._save(fetch, person, where)
        log.info("saved by hand", extra=said("fetch.saved", feedback=saved.feedback_id, **_ids(fetch)))
        return _Outcome(sentence(saved_words(saved.kind, new=saved.new, beside=False, has_files=saved.has_files)))

    def _settle(self, fetch: Fetch, outcome: _Outcome) -> None:
        """Note what came of it. Whoever lost the lease meanwhile leaves everything to the one who has it."""
        fetches, refused = self.parts.store.fetches, outcome.refused
        if fetches.done(fetch) if refused is None else fetches.give_up(fetch, reason=refused):
            self._drop_words(fetch)

    def _save(self, fetch: Fetch, person: PersonFacts, where: Where) -> Saved:
        origin = slack_origin(fetch.channel_id, fetch.ts)
        kept = find_saved(self.parts, where, origin, person)
        if kept is not None:
            return kept
        message = self._held(fetch) or self._message(fetch)  # held still, though Slack was asked for more meanwhile
        saved = save(self.parts, where, read_message(self.parts, where, message), person, fetch.source)
        return replace(saved, has_files=bool(message.get("files")))

    def _held(self, fetch: Fetch) -> Message | None:
        """Return the message that a delivery or a form has brought; an edit or a deletion takes it away."""
        held = self.parts.store.drafts.of_message(fetch.team_id, fetch.channel_id, fetch.ts)
        return None if held is None else held.message

    def _message(self, fetch: Fetch) -> Message:
        try:
            message = self.parts.slack.message(fetch.channel_id, fetch.ts, thread=fetch.thread_ts)
        except (SlackUnavailableError, TokenRefusedError):
            raise
        except SlackError as error:
            raise InputError(_NOT_SHOWN) from error
        if message is None and self.parts.clock() - read_ts(fetch.ts) < NOT_SHOWN_YET:
            raise SlackUnavailableError(_NOT_YET, code="message_not_found")
        if message is None:
            raise InputError(_NOT_SHOWN)
        return message

    def _drop_words(self, fetch: Fetch) -> None:
        """Let go of the message that came with the delivery; a form that is open on another keeps its own."""
        if fetch.source is Source.COMMAND:
            self.parts.store.drafts.drop_message(fetch.team_id, fetch.channel_id, fetch.ts)

    def _tell(self, fetch: Fetch, text: str) -> None:
        """Tell whoever asked; a direct message is answered beneath it. Raises SlackError where it is tried again."""
        channel = self.parts.store.workspaces.channel(fetch.team_id, fetch.channel_id)
        if fetch.channel_id.startswith("D") or (channel is not None and channel.kind is ChannelKind.DIRECT):
            self._reply(fetch, text)
            return
        try:
            self.parts.slack.post_only_to(fetch.channel_id, fetch.asked_by, text=text, thread=fetch.thread_ts)
        except SlackError as error:
            if self._wait(fetch, error) is not None:
                raise
            log.warning("nobody was told: %s", describe(error), extra=said("fetch.untold", **_ids(fetch)))

    def _reply(self, fetch: Fetch, text: str) -> None:
        now, key = self.parts.clock(), handed_key(fetch.channel_id, fetch.ts, fetch.asked_at)
        thread, expires_at = fetch.thread_ts or fetch.ts, now + _TOLD_WITHIN
        reply = NewPost(key, PostKind.NOTICE, fetch.channel_id, expires_at, thread_ts=thread, body=text)
        if self.parts.store.posts.owe(fetch.team_id, reply, now):
            self.parts.wake()

    def _put_off(self, fetch: Fetch, error: SlackError) -> None:
        fetches, now = self.parts.store.fetches, self.parts.clock()
        wait = self._wait(fetch, error) or TOKEN_REFUSED
        fetches.put_off(fetch, reason=describe(error), until=now + wait)
        if isinstance(error, SlackUnavailableError) and error.retry_after_seconds is not None:
            fetches.pause(fetch.team_id, until=now + wait)
        seconds = round(wait.total_seconds(), 1)
        log.warning("Saving waits: %s", describe(error), extra=said("fetch.put_off", seconds=seconds, **_ids(fetch)))

    def _wait(self, fetch: Fetch, error: SlackError) -> timedelta | None:
        """Tell how long to wait for another try; None when there is none."""
        match error:
            case ScopeMissingError():
                return None
            case TokenRefusedError():
                return TOKEN_REFUSED
            case SlackUnavailableError() if not _OUT_OF_REACH.is_spent(fetch.attempts):
                asked = error.retry_after_seconds or 0.0
                return _OUT_OF_REACH.wait(fetch.attempts, chance=self.chance(), at_least_seconds=asked)
        return None


def _refused(fetch: Fetch, error: SlackError) -> _Outcome:
    """Tell that Slack had nothing saved and why; a scope that is missing is named, with who adds it."""
    log.error("A message was not saved: %s", describe(error), extra=said("fetch.failed", **_ids(fetch)))
    words = _SLACK_FAILED if isinstance(error, SlackUnavailableError) else _SLACK_REFUSED
    if isinstance(error, ScopeMissingError):
        words = sentence(f"Nothing was saved. {error}")
    return _Outcome(words, refused=describe(error))


def _ids(fetch: Fetch) -> dict[str, object]:
    return {"team": fetch.team_id, "fetch": fetch.fetch_id, "channel": fetch.channel_id, "attempts": fetch.attempts}

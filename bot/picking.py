"""The picker: whoever saved a message is asked once which account it is about, where nothing tells it.

That they are asked is written with what was found in the message; that they were is noted before Slack is called, so
that a crash loses an offer and never makes it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.accounts import listed_name, recognise
from bot.backoff import Backoff
from bot.errors import InputError, NotAllowedError, SlackError, SlackUnavailableError, TokenRefusedError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.placing import Placer
from bot.views.account_picker import LONGEST_NAME, MOST_LISTED, build_picker
from bot.views.blocks import Block
from storage.errors import NotFoundError
from storage.ids import AccountId, FeedbackId, TeamId, UserId
from storage.placing import Asked

log = logging.getLogger(__name__)

_LATER = Backoff(first_seconds=30, ceiling_seconds=600, tries=3)


@dataclass(frozen=True, slots=True)
class Picker:
    """Do turns of asking. Several processes may do so at once: each offer is claimed by one."""

    parts: Parts
    placer: Placer
    chance: Callable[[], float]
    """Draws 0 to 1, for the jitter."""
    is_stopping: Callable[[], bool]

    def turn(self) -> float | None:
        """Make an offer in each workspace that owes any; return the seconds until there is more."""
        placing, now = self.parts.store.placing, self.parts.clock()
        teams = placing.teams_to_ask(now)
        for team_id in teams:
            if self.is_stopping():
                return None
            for asked in placing.claim_asked(team_id, at=now, limit=1):
                self._offer(asked)
        return 0.0 if teams else placing.seconds_until_next(self.parts.clock())

    def _offer(self, asked: Asked) -> None:
        ids = {"team": asked.team_id, "feedback": asked.feedback_id}
        try:
            if self._is_told(asked):
                return
            self._show(asked)
        except (SlackUnavailableError, TokenRefusedError) as error:
            wait = _LATER.wait(asked.attempts, chance=self.chance(), at_least_seconds=_asked_to_wait(error))
            later = self.parts.store.placing.put_off(asked, until=self.parts.clock() + wait)
            log.warning("A picker waits: %s", describe(error), extra=said("account.put_off", again=later, **ids))
        except (SlackError, NotFoundError) as error:
            log.info("A picker was let go: %s", describe(error), extra=said("account.dropped", **ids))
        else:
            log.info("Somebody was asked for an account.", extra=said("account.asked", **ids))

    def _is_told(self, asked: Asked) -> bool:
        """Look once more whether something tells the account: a note that was added, a list that was imported."""
        placing = self.parts.store.placing
        clues = placing.clues(asked.team_id, asked.feedback_id)
        account = recognise(self.placer.book(asked.team_id), clues) if clues else None
        return account is not None and placing.place(asked.team_id, [(asked.feedback_id, account)]) > 0

    def _show(self, asked: Asked) -> None:
        feedback = self.parts.store.history.feedback(asked.team_id, asked.feedback_id)
        accounts = self.parts.store.accounts.page(asked.team_id, limit=MOST_LISTED + 1)
        text, blocks = build_picker(feedback, {account.account_id: account.name for account in accounts})
        if asked.channel_id is None or not self._shown_there(asked, text, blocks):
            slack = self.parts.slack
            slack.post(slack.direct_channel(asked.asked), text=text, blocks=blocks)

    def _shown_there(self, asked: Asked, text: str, blocks: Sequence[Block]) -> bool:
        """Ask where the message stands; False where Ballast or the person is no member there."""
        if asked.channel_id is None:
            return False
        try:
            self.parts.slack.post_only_to(asked.channel_id, asked.asked, text=text, blocks=blocks)
        except (SlackUnavailableError, TokenRefusedError):
            raise
        except SlackError:
            return False
        return True


def pick_listed(parts: Parts, team_id: TeamId, feedback_id: FeedbackId, person: UserId, account_id: AccountId) -> str:
    """Note the account that a person chose; return its name. Raises InputError when it is not listed any more."""
    account = parts.store.accounts.find(team_id, account_id)
    if account is None:
        message = "That account is not on the list any more. Choose another one."
        raise InputError(message)
    return _note(parts, team_id, feedback_id, person, account.name)


def pick_named(parts: Parts, team_id: TeamId, feedback_id: FeedbackId, person: UserId, name: str) -> str:
    """Note the account that a person typed, under the list's name where the list knows it; return its name."""
    written = " ".join(name.split())[:LONGEST_NAME]
    if not written:
        message = "Type the account's name."
        raise InputError(message)
    book = Placer(parts.store.accounts, parts.store.placing).book(team_id)
    return _note(parts, team_id, feedback_id, person, listed_name(book, written))


def _note(parts: Parts, team_id: TeamId, feedback_id: FeedbackId, person: UserId, name: str) -> str:
    if not parts.store.placing.was_asked(team_id, feedback_id, person):
        message = "Only the one who saved this message was asked for its account."
        raise NotAllowedError(message)
    if parts.store.history.feedback(team_id, feedback_id).words_erased_at is not None:
        message = "That message was erased meanwhile, so there is nothing to note."
        raise InputError(message)
    parts.store.placing.place(team_id, [(feedback_id, name)])
    return name


def _asked_to_wait(error: SlackError) -> float:
    waits = error.retry_after_seconds if isinstance(error, SlackUnavailableError) else None
    return waits or 0.0

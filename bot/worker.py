"""The worker: claims waiting feedback, has it classified outside any transaction, saves it with what is owed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.answering import owed_answer
from bot.backoff import Backoff
from bot.failure import describe
from bot.lease import renewing
from bot.logs import said
from bot.parts import Clock, Store
from classifiers.errors import BudgetSpentError, ModelError, RefusedError, UnavailableError
from classifiers.protocol import Classifier, Context
from classifiers.vocabulary import Classification
from storage.errors import NotFoundError
from storage.ids import TeamId
from storage.placing import UNPLACED, Placed
from storage.records import Claimed, NewPost

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long a killed worker's feedback stays stuck; a living one renews it."""
RENEWED_EVERY_SECONDS = LEASE.total_seconds() / 3
BATCH = 8

_UNREADABLE = Backoff(first_seconds=2, ceiling_seconds=600, tries=6)
_OUT_OF_REACH = Backoff.lasting(timedelta(days=1), first_seconds=5, ceiling_seconds=1800)
"""Where the classifier and not the text is at fault, a day's patience: in the end, a try every half hour."""
_DEADLY = 12
"""Tries of which none came to any end, not even a failure: whoever read the text died of it each time."""
_CLASSIFIER_FAILS = (UnavailableError, RefusedError, BudgetSpentError, ModelError)


@dataclass(frozen=True, slots=True)
class Worker:
    """Do turns of work; one process may have one, and several processes share a queue safely."""

    store: Store
    classifier: Classifier
    context_of: Callable[[TeamId], Context]
    """Gives what a team brings: its taxonomy, what it corrected, whether it may spend."""
    clock: Clock
    chance: Callable[[], float]
    """Draws 0 to 1, for the jitter."""
    is_stopping: Callable[[], bool]
    wake_poster: Callable[[], None]
    place: Callable[[Claimed, Classification], Placed] = lambda _claim, _found: UNPLACED
    """Tells the account of what was read, and whom to ask where it stays unknown; asks nobody, for a lease runs."""
    held: set[Claimed] = field(default_factory=set)
    """The claims of the batch in hand; giving back one that is saved already changes nothing."""

    def turn(self) -> float | None:
        """Work on one batch of each workspace that waits; return the seconds until there is more."""
        teams = self.store.queue.teams_waiting(self.clock())
        for team_id in teams:
            if self.is_stopping():
                return None
            self._work_for(team_id)
        return 0.0 if teams else self.store.queue.seconds_until_next(self.clock())

    def work_off(self, team_id: TeamId) -> Iterator[int]:
        """Work on one workspace until nothing of it can be claimed now; after each batch give its size."""
        while claimed := self._work_for(team_id):
            yield claimed

    def release_held(self) -> None:
        """Give back what is being worked on, for a process that ends before its classifier answers."""
        for claim in tuple(self.held):
            self.store.queue.release(claim, at=self.clock())

    def _work_for(self, team_id: TeamId) -> int:
        claims = self.store.queue.claim(team_id, limit=BATCH, lease=LEASE, at=self.clock())
        self.held.update(claims)
        try:
            self._work_on_claims(team_id, claims)
        finally:
            self.held.difference_update(claims)
        return len(claims)

    def _work_on_claims(self, team_id: TeamId, claims: Sequence[Claimed]) -> None:
        fresh = [claim for claim in claims if claim.attempts == 1]
        # A text that failed before, or whose worker died with it, is read alone: it must not take others along.
        suspects = [claim for claim in claims if claim.attempts > 1]
        for claim in suspects[1:]:
            self.store.queue.release(claim, at=self.clock())
        if fresh:
            self._work_on(team_id, fresh)
        for claim in suspects[:1]:
            self._work_on_suspect(team_id, claim)

    def _work_on_suspect(self, team_id: TeamId, claim: Claimed) -> None:
        if claim.attempts > (_DEADLY if claim.failure is None else _OUT_OF_REACH.tries):
            self._give_up(claim, "the program ended each time while it read this text")
        elif self.is_stopping():
            self.store.queue.release(claim, at=self.clock())
        else:
            self._work_on(team_id, [claim])

    def _work_on(self, team_id: TeamId, claims: Sequence[Claimed]) -> None:
        context = self.context_of(team_id)
        try:
            found = self._classify(claims, context)
        except _CLASSIFIER_FAILS as error:
            for claim in claims:
                self._put_off(claim, error, _OUT_OF_REACH)
        except Exception as error:  # noqa: BLE001 - whatever a text does to a classifier, the others go on
            self._work_one_by_one(team_id, claims, error)
        else:
            for claim, classification in zip(claims, found, strict=True):
                self._save(claim, classification, context.taxonomy.version)

    def _classify(self, claims: Sequence[Claimed], context: Context) -> Sequence[Classification]:
        with renewing(lambda: self._renew(claims), every_seconds=RENEWED_EVERY_SECONDS):
            found = self.classifier.classify([claim.text for claim in claims], context)
        if len(found) != len(claims):
            message = f"{self.classifier.name} answered {len(found)} of {len(claims)} texts"
            raise UnavailableError(message)
        return found

    def _work_one_by_one(self, team_id: TeamId, claims: Sequence[Claimed], error: Exception) -> None:
        if len(claims) == 1:
            self._put_off(claims[0], error, _UNREADABLE)
            return
        for claim in claims:
            if self.is_stopping():
                self.store.queue.release(claim, at=self.clock())
            else:
                self._renew([claim])
                self._work_on(team_id, [claim])

    def _renew(self, claims: Sequence[Claimed]) -> None:
        for claim in claims:
            self.store.queue.renew(claim, lease=LEASE, at=self.clock())

    def _save(self, claim: Claimed, classification: Classification, taxonomy_version: str) -> None:
        now = self.clock()
        posts, placed = self._owed(claim, classification), self.place(claim, classification)
        saved = self.store.queue.save(
            claim, classification, taxonomy_version=taxonomy_version, at=now, posts=posts, placed=placed
        )
        ids = {"team": claim.team_id, "feedback": claim.feedback_id, "insights": len(classification.insights)}
        if not saved:
            log.info("A late reading was dropped: another holds the feedback.", extra=said("feedback.late", **ids))
            return
        log.info("A feedback was read.", extra=said("feedback.classified", **ids))
        if posts or placed.ask or claim.text_version > 1:  # an edited text's card is there to be brought up to date
            self.wake_poster()

    def _owed(self, claim: Claimed, classification: Classification) -> Sequence[NewPost]:
        try:
            feedback = self.store.history.feedback(claim.team_id, claim.feedback_id)
        except NotFoundError:
            return ()  # erased while it was read; saving will find the claim gone
        channel_id = feedback.channel_id
        channel = self.store.workspaces.channel(claim.team_id, channel_id) if channel_id else None
        return owed_answer(feedback, channel, classification, self.clock())

    def _put_off(self, claim: Claimed, error: Exception, backoff: Backoff) -> None:
        reason = describe(error)
        if backoff.is_spent(claim.attempts):
            self._give_up(claim, reason)
            return
        asked = getattr(error, "retry_after_seconds", None) or 0.0
        wait = backoff.wait(claim.attempts, chance=self.chance(), at_least_seconds=asked)
        self.store.queue.put_off(claim, reason=reason, until=self.clock() + wait)
        ids = {"team": claim.team_id, "feedback": claim.feedback_id, "attempts": claim.attempts}
        seconds = round(wait.total_seconds(), 1)
        log.warning(
            "A feedback could not be read yet: %s", reason, extra=said("feedback.put_off", seconds=seconds, **ids)
        )

    def _give_up(self, claim: Claimed, reason: str) -> None:
        self.store.queue.give_up(claim, reason=reason)
        ids = {"team": claim.team_id, "feedback": claim.feedback_id, "attempts": claim.attempts}
        log.error("A feedback could not be read and shows as failed: %s", reason, extra=said("feedback.failed", **ids))

"""The queue of waiting feedback: claims under a lease, results saved only while the claim holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from classifiers.vocabulary import Classification
from storage.database import Database
from storage.ids import FeedbackId, TeamId
from storage.records import Claimed, NewPost


class Queue:
    """Hand out waiting feedback and take back what was found in it."""

    def __init__(self, database: Database) -> None: ...

    def teams_waiting(self, at: datetime) -> Sequence[TeamId]:
        """List the workspaces with feedback that may be claimed now, longest waiting first."""

    def claim(self, team_id: TeamId, *, limit: int, lease: timedelta, at: datetime) -> Sequence[Claimed]:
        """Claim up to ``limit`` waiting feedback, oldest first, by one UPDATE … RETURNING.

        SKIP LOCKED on PostgreSQL. A row whose lease ran out can be claimed again: it is ``waiting`` with
        ``next_attempt_at`` in the past. Each claim draws a token and counts an attempt.
        """

    def renew(self, claimed: Claimed, *, lease: timedelta, at: datetime) -> bool:
        """Lengthen the lease; False when the claim no longer holds."""

    def save(
        self,
        claimed: Claimed,
        classification: Classification,
        *,
        taxonomy_version: str,
        at: datetime,
        posts: Sequence[NewPost] = (),
    ) -> bool:
        """Save what was found and what is owed for it in one commit, if token and text version still hold.

        False, and nothing is written, when somebody else holds the row or its words changed. An insight that
        is unsure stands as unsure, the others as sure.
        """

    def release(self, claimed: Claimed, *, at: datetime) -> bool:
        """Give a claim back untried, so that shutting down delays nothing; the attempt is uncounted."""

    def put_off(self, claimed: Claimed, *, reason: str, until: datetime) -> bool:
        """Keep it waiting until then, with the reason of the last failure."""

    def give_up(self, claimed: Claimed, *, reason: str) -> bool:
        """Mark it failed, visibly, with the reason."""

    def retry_failed(self, team_id: TeamId, *, at: datetime, limit: int = 1000) -> int:
        """Put failed feedback back in the queue; return how many."""

    def seconds_until_next(self, at: datetime) -> float | None:
        """Tell when the next waiting row becomes claimable; None when nothing waits."""

    def counts(self, team_id: TeamId) -> dict[str, int]:
        """Count the team's feedback a state."""

"""Human judgement: appended, and copied to what holds now by one function."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from classifiers.vocabulary import Evidence, Labels
from storage.database import Database
from storage.ids import FeedbackId, InsightId, TeamId, UserId
from storage.records import Decision, Review, StoredInsight


class Reviews:
    """Append verdicts; the log is the truth, the ``current_*`` columns are its copy."""

    def __init__(self, database: Database) -> None: ...

    def decide(self, decision: Decision) -> StoredInsight:
        """Append a verdict and write what now holds, in one transaction.

        confirmed: the current labels stand, sure. corrected: ``labels`` stand, sure. rejected: it no longer
        counts. The same verdict with the same outcome as the last review changes nothing (a double press).
        Raises StaleError when there are other reviews than ``seen``, NotFoundError when there is no such insight.
        A post ``card:<feedback>`` that is done becomes due again in the same transaction (``revise``).
        """

    def add(
        self, team_id: TeamId, feedback_id: FeedbackId, labels: Labels, evidence: Evidence, by: UserId, at: datetime
    ) -> StoredInsight:
        """Add an insight that the classifier missed, with provenance ``person``, and its review. The quote must
        stand in the text."""

    def propose(self, decision: Decision) -> None:
        """Keep what a person without the right to decide pressed: their last word on that insight."""

    def of_feedback(self, team_id: TeamId, feedback_id: FeedbackId) -> Sequence[Review]: ...

    def mismatches(self, team_id: TeamId, *, limit: int = 100) -> Sequence[InsightId]:
        """Replay the log and list the insights whose copy differs from it: none, unless something is broken."""

"""Human judgement on insights: confirm, correct, reject, add; or propose, for those who may not decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.errors import InputError, NotAllowedError
from bot.locating import locate
from bot.parts import Parts
from bot.port import PersonFacts
from bot.rights import may_review, must_see, who_decides
from bot.views.labels import label_words, last_review, mention
from classifiers.vocabulary import Labels
from storage.errors import StaleError
from storage.ids import ChannelId, FeedbackId, InsightId, TeamId
from storage.records import Decision, Feedback, Review, StoredInsight
from storage.vocabulary import Verdict


class Kept(Enum):
    """Say what became of a verdict."""

    DECIDED = "decided"
    PROPOSED = "proposed"


class ChangedError(InputError):
    """Somebody decided since the person looked; the message says who and what holds now."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an insight with the message it stands in and the verdict that holds, where there is one."""

    feedback: Feedback
    insight: StoredInsight
    reviews: tuple[Review, ...]


def find(parts: Parts, team_id: TeamId, insight_id: InsightId, channel_id: ChannelId) -> Found:
    """Read an insight for somebody in a channel. Raises NotFoundError, or NotAllowedError in another channel."""
    insight = parts.store.history.insight(team_id, insight_id)
    feedback = parts.store.history.feedback(team_id, insight.feedback_id)
    must_see(parts, feedback, channel_id)
    return Found(feedback, insight, tuple(parts.store.reviews.last_verdicts(team_id, [insight_id])))


def judge(
    parts: Parts,
    found: Found,
    verdict: Verdict,
    person: PersonFacts,
    *,
    seen: int,
    labels: Labels | None = None,
) -> Kept:
    """Keep a verdict: as a decision of who may decide, else as a proposal.

    A correction whose labels are the current ones is a confirmation. Raises ChangedError when there are other
    verdicts than the ``seen`` ones.
    """
    team_id, insight = found.feedback.team_id, found.insight
    if verdict is Verdict.CORRECTED and labels == insight.current:
        verdict, labels = Verdict.CONFIRMED, None
    decision = Decision(team_id, insight.insight_id, verdict, person.user_id, parts.clock(), seen, labels)
    if not may_review(parts, team_id, person):
        parts.store.reviews.propose(decision)
        return Kept.PROPOSED
    try:
        parts.store.reviews.decide(decision)
    except StaleError as error:
        raise ChangedError(_what_changed(parts, team_id, insight.insight_id)) from error
    parts.wake()
    return Kept.DECIDED


def add_missed(parts: Parts, feedback: Feedback, words: str, labels: Labels, person: PersonFacts) -> StoredInsight:
    """Add a problem that nobody found. Raises InputError when its words do not stand in the message."""
    if not may_review(parts, feedback.team_id, person):
        message = f"Only owners and reviewers can add a problem. {who_decides(parts, feedback.team_id)}"
        raise NotAllowedError(message)
    evidence = locate(words, feedback.text)
    if evidence is None:
        message = "These words do not stand in the message. Copy them exactly as they stand there."
        raise InputError(message)
    added = parts.store.reviews.add(
        feedback.team_id, feedback.feedback_id, labels, evidence, person.user_id, parts.clock()
    )
    parts.wake()
    return added


def feedback_of(parts: Parts, team_id: TeamId, feedback_id: FeedbackId, channel_id: ChannelId) -> Feedback:
    """Read a message for somebody in a channel. Raises NotFoundError, or NotAllowedError in another channel."""
    feedback = parts.store.history.feedback(team_id, feedback_id)
    must_see(parts, feedback, channel_id)
    return feedback


def _what_changed(parts: Parts, team_id: TeamId, insight_id: InsightId) -> str:
    insight = parts.store.history.insight(team_id, insight_id)
    last = last_review(insight, parts.store.reviews.last_verdicts(team_id, [insight_id]))
    who = mention(last.reviewer) if last else "Somebody"
    if last is not None and last.verdict is Verdict.REJECTED:
        now = "It is marked as not a problem now."
    else:
        now = f"It now says: {label_words(insight.current, parts.taxonomy_of(team_id))}."
    return f"{who} was faster and changed this while you looked. {now} Look again before you decide."

"""Does anything wait or lie about: feedback, deliveries, posts; and do the labels agree with their log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checks.diagnosis import Diagnosis, fail, ok, warn
from storage.backlog import Backlog
from storage.ids import TeamId
from storage.reviews import Reviews
from storage.vocabulary import FeedbackState

_MOST_BROKEN = 100
LATE = timedelta(minutes=15)
"""Longer than a running bot needs for what comes in; then it is not running, or its classifier fails."""
_RETRY = (
    "They are kept, and in no balance. The log says why (feedback.failed); when that is mended, "
    "“ballast reclassify --failed” has them tried again."
)


def check_queue(backlog: Backlog, team_id: TeamId, now: datetime) -> Iterator[Diagnosis]:
    """Say how much feedback waits to be read, since when, and how much could not be read."""
    waiting = backlog.feedback(team_id, FeedbackState.WAITING)
    age = now - (waiting.oldest_at or now)
    if age > LATE:
        sentence = f"{waiting.count:,} feedback wait to be read, the oldest for {_words(age)}."
        yield warn("queue", sentence, "See that “ballast run” is running, and what it logs as feedback.put_off.")
    else:
        yield ok(
            "queue", f"{waiting.count:,} feedback wait to be read." if waiting.count else "Nothing waits to be read."
        )
    failed = backlog.feedback(team_id, FeedbackState.FAILED)
    if failed.oldest_at is not None:
        sentence = f"{failed.count:,} feedback could not be read, the oldest of {failed.oldest_at:%Y-%m-%d}."
        yield warn("failed", sentence, _RETRY)


def check_deliveries(backlog: Backlog, team_id: TeamId) -> Diagnosis:
    """Say how many deliveries of Slack are kept because they could not be read."""
    kept = backlog.unreadable(team_id)
    if kept.oldest_at is None:
        return ok("deliveries", "Every delivery of Slack could be read.")
    sentence = f"{kept.count:,} deliveries of Slack could not be understood, the oldest of {kept.oldest_at:%Y-%m-%d}."
    return warn("deliveries", sentence, "They are kept in the table “unreadable”; report the reason that stands there.")


def check_posts(backlog: Backlog, team_id: TeamId) -> Diagnosis:
    """Say how many answers were given up after their tries."""
    if given_up := backlog.posts_given_up(team_id):
        sentence = f"{given_up:,} answers could not be posted and were given up."
        return warn("answers", sentence, "The log says why (post.failed); the feedback itself is kept.")
    return ok("answers", "No answer was given up.")


def check_reviews(reviews: Reviews, team_id: TeamId) -> Diagnosis:
    """Replay the log of what people decided, and compare it with the labels that are shown."""
    broken = reviews.mismatches(team_id, limit=_MOST_BROKEN)
    if not broken:
        return ok("labels", "The labels agree with the log of what people decided.")
    many = str(len(broken)) if len(broken) < _MOST_BROKEN else f"{_MOST_BROKEN} or more"
    sentence = f"{many} insights show other labels than the log of decisions gives, the first is {broken[0]}."
    remedy = "Put a copy of the database from before in its place, an upgrade's or your own; and report this."
    return fail("labels", sentence, remedy)


def _words(age: timedelta) -> str:
    for unit, word in ((timedelta(days=2), "days"), (timedelta(hours=2), "hours")):
        if age >= unit:
            return f"{age // (unit / 2)} {word}"
    return f"{age // timedelta(minutes=1)} minutes"

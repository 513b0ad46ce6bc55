"""A history in which one of everything has happened."""

from dataclasses import dataclass
from pathlib import Path

from bot.parts import Store
from storage.drafts import Draft
from storage.fetches import Fetch, NewFetch
from storage.ids import DraftId, FeedbackId, InsightId
from storage.records import Claimed, Post
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import ChannelKind, Source
from tests.factories import (
    CHANNEL,
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    make_classification,
    make_feedback,
    make_post,
    make_ts,
    make_workspace,
)

WANTED = NewFetch(TEAM, CHANNEL, make_ts(5), None, Source.REACTION, OWNER, NOW)
"""A message that somebody asked to save."""


@dataclass(frozen=True)
class Settled:
    store: Store
    path: Path
    feedback_id: FeedbackId
    """Of a feedback with one insight."""
    insight_id: InsightId
    claimed: Claimed
    """A second feedback, under its lease."""
    post: Post
    schedule: Schedule
    digest: DigestClaim
    fetch: Fetch
    draft: Draft
    draft_id: DraftId


def settle(store: Store, path: Path) -> Settled:
    for team in (TEAM, OTHER_TEAM):
        store.workspaces.remember(make_workspace(team), NOW)
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    feedback_id, insight_id = capture(store)
    store.intake.take_in(make_feedback(), NOW)
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.posts.owe(TEAM, make_post(feedback_id=feedback_id), NOW)
    [post] = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    schedule = store.schedules.set(TEAM, CHANNEL, owner=OWNER, weekday=0, hour=9, minute=0, zone="UTC", at=NOW)
    digest = store.schedules.claim(
        schedule, period=(NOW - 2 * LEASE, NOW - LEASE), due_at=NOW, channel_id=CHANNEL, lease=LEASE, at=NOW
    )
    assert digest is not None
    store.fetches.ask(WANTED, NOW)
    [fetch] = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    draft = Draft(TEAM, CHANNEL, ChannelKind.PUBLIC, make_ts(5), OWNER, {"text": "It is slow"})
    draft_id = store.drafts.keep(draft, NOW)
    return Settled(store, path, feedback_id, insight_id, claimed, post, schedule, digest, fetch, draft, draft_id)


def capture(store: Store, *insights: object, **changes: object) -> tuple[FeedbackId, InsightId]:
    """Take a feedback in and save what was found; return it and its first insight. The queue must be empty."""
    team_id = changes.get("team_id", TEAM)
    taken = store.intake.take_in(make_feedback(**changes), NOW)
    [claimed] = store.queue.claim(team_id, limit=1, lease=LEASE, at=NOW)
    assert claimed.feedback_id == taken.feedback_id
    assert store.queue.save(claimed, make_classification(*insights), taxonomy_version="1", at=NOW)
    return taken.feedback_id, store.history.feedback(team_id, taken.feedback_id).insights[0].insight_id

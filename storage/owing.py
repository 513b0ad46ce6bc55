"""Write down what is owed, in the transaction that causes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from storage.ids import FeedbackId, TeamId
from storage.records import NewPost
from storage.rows import PostRow
from storage.statements import changed, insert_once
from storage.vocabulary import PostKind, PostState


def write_post(session: Session, team_id: TeamId, post: NewPost, at: datetime) -> bool:
    """Write down a post, once a key; False when it was owed already."""
    values = {
        "team_id": team_id,
        "key": post.key,
        "kind": post.kind,
        "feedback_id": post.feedback_id,
        "channel_id": post.channel_id,
        "thread_ts": post.thread_ts,
        "body": post.body,
        "revision": 1,
        "revised_at": at,
        "state": PostState.DUE,
        "attempts": 0,
        "next_attempt_at": at,
        "expires_at": post.expires_at,
    }
    return insert_once(session, PostRow, values, returning=PostRow.post_id) is not None


def revise_card(session: Session, team_id: TeamId, feedback_id: FeedbackId, at: datetime) -> None:
    """Make the card of a feedback due again because what it shows changed.

    One that is due already stays so, under its claim where it has one, and notes that it changed meanwhile;
    one that was made, taken away because it had nothing to show, or given up after it was made, becomes due; any
    other without a message stays as it is.
    """
    is_due = PostRow.state == PostState.DUE
    statement = (
        update(PostRow)
        .where(
            PostRow.team_id == team_id,
            PostRow.feedback_id == feedback_id,
            PostRow.kind == PostKind.CARD,
            or_(is_due, PostRow.state == PostState.DONE, PostRow.ts.is_not(None)),
        )
        .values(
            revision=PostRow.revision + 1,
            revised_at=at,
            state=PostState.DUE,
            next_attempt_at=case((is_due, PostRow.next_attempt_at), else_=at),
            attempts=case((is_due, PostRow.attempts), else_=0),
            reason=None,
        )
    )
    changed(session, statement)

"""What the bot owes a channel: written with its cause, delivered under a lease, made once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.database import Database
from storage.ids import FeedbackId, TeamId, Ts
from storage.leases import due_claims, earliest_a_team, seconds_until
from storage.mapping import post_of
from storage.owing import revise_card, write_post
from storage.records import NewPost, Post
from storage.rows import PostRow
from storage.statements import changed
from storage.vocabulary import PostKind, PostState

_DUE = PostRow.state == PostState.DUE
_TOO_LATE = "it was not made in time"


class Posts:
    """Hand out posts that are due and note what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owe(self, team_id: TeamId, post: NewPost, at: datetime) -> bool:
        """Write down a post, once a key; False when it was owed already."""
        with self._database.writing() as session:
            return write_post(session, team_id, post, at)

    def teams_due(self, at: datetime) -> Sequence[TeamId]:
        """List the workspaces with posts that may be claimed now, longest due first."""
        earliest = earliest_a_team(PostRow.team_id, PostRow.next_attempt_at, _DUE)
        wanted = select(earliest.c.team_id).where(earliest.c.earliest <= at)
        with self._database.reading() as session:
            return session.scalars(wanted.order_by(earliest.c.earliest, earliest.c.team_id)).all()

    def claim(self, team_id: TeamId, *, limit: int, lease: timedelta, at: datetime) -> Sequence[Post]:
        """Claim due posts as the queue claims feedback; those past ``expires_at`` with no ts become dropped."""
        due = due_claims(PostRow.post_id, PostRow.next_attempt_at, PostRow.team_id == team_id, _DUE, at=at, limit=limit)
        statement = (
            update(PostRow)
            .where(PostRow.post_id.in_(select(due.c[0])))
            .values(token=secrets.token_hex(16), next_attempt_at=at + lease, attempts=PostRow.attempts + 1)
            .returning(PostRow)
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            _drop_expired(session, team_id, at)
            claimed = [post_of(row) for row in session.scalars(statement)]
        return sorted(claimed, key=lambda post: post.post_id)

    def done(self, post: Post, ts: Ts | None) -> bool:
        """Note that it is made, with our message's ts. When its revision grew meanwhile it stays due."""
        return self._settle(post, ts=PostRow.ts if ts is None else ts)

    def put_off(self, post: Post, *, reason: str, until: datetime) -> bool:
        """Keep it due, but not before then, with the reason of the last failure."""
        return self._change(post, token=None, next_attempt_at=until, reason=reason)

    def drop(self, post: Post, *, reason: str) -> bool:
        """Let it go, with the reason why it need not be made."""
        return self._change(post, token=None, state=PostState.DROPPED, reason=reason)

    def taken_away(self, post: Post) -> bool:
        """Note that it shows nothing and has no message. When its revision grew meanwhile it stays due."""
        return self._settle(post, ts=None)

    def give_up(self, post: Post, *, reason: str) -> bool:
        """Mark it failed, with the reason."""
        return self._change(post, token=None, state=PostState.FAILED, reason=reason)

    def release(self, post: Post, *, at: datetime) -> bool:
        """Give a claim back untried; the attempt is uncounted."""
        return self._change(post, token=None, next_attempt_at=at, attempts=PostRow.attempts - 1)

    def note_ts(self, post: Post, ts: Ts) -> bool:
        """Remember our message's ts as soon as it is known, before anything else is done."""
        return self._change(post, ts=ts)

    def revise(self, team_id: TeamId, feedback_id: FeedbackId, at: datetime) -> None:
        """Make the card of a feedback due again because what it shows changed; one with no message stays as it is.

        A revision does not expire: it updates our own message. A card that is being made right now stays with
        the one who makes it and is due again when it is done.
        """
        with self._database.writing() as session:
            revise_card(session, team_id, feedback_id, at)

    def card(self, team_id: TeamId, feedback_id: FeedbackId) -> Post | None:
        """Find the card of a feedback, in whatever state."""
        wanted = select(PostRow).where(
            PostRow.team_id == team_id, PostRow.feedback_id == feedback_id, PostRow.kind == PostKind.CARD
        )
        with self._database.reading() as session:
            row = session.scalars(wanted.order_by(PostRow.post_id).limit(1)).one_or_none()
            return None if row is None else post_of(row)

    def seconds_until_next(self, at: datetime) -> float | None:
        """Tell when the next post becomes claimable; None when none is due, 0 when one is already."""
        earliest = earliest_a_team(PostRow.team_id, PostRow.next_attempt_at, _DUE)
        with self._database.reading() as session:
            return seconds_until(session.scalar(select(func.min(earliest.c.earliest))), at)

    def _settle(self, post: Post, *, ts: Ts | InstrumentedAttribute[Ts | None] | None) -> bool:
        grew = PostRow.revision > post.revision
        return self._change(
            post,
            token=None,
            ts=ts,
            state=case((grew, PostState.DUE), else_=PostState.DONE),
            attempts=case((grew, 0), else_=PostRow.attempts),
            # Due again from the moment of the change, which is past: not only when the lease runs out.
            next_attempt_at=case(
                (grew, func.coalesce(PostRow.revised_at, PostRow.next_attempt_at)), else_=PostRow.next_attempt_at
            ),
            reason=None,
        )

    def _change(self, post: Post, **values: Any) -> bool:  # noqa: ANN401 - columns differ in type
        """Change a post, but only for the very claim that holds it; what was read unclaimed has no token."""
        if post.token is None:
            return False
        held = [
            PostRow.team_id == post.team_id,
            PostRow.post_id == post.post_id,
            PostRow.token == post.token,
            _DUE,
        ]
        with self._database.writing() as session:
            return changed(session, update(PostRow).where(*held).values(**values))


def _drop_expired(session: Session, team_id: TeamId, at: datetime) -> None:
    """Let go of what came too late, but for what another claim may be posting this moment."""
    expired = update(PostRow).where(
        PostRow.team_id == team_id,
        _DUE,
        PostRow.next_attempt_at <= at,
        PostRow.expires_at <= at,
        PostRow.ts.is_(None),
    )
    changed(session, expired.values(state=PostState.DROPPED, token=None, reason=_TOO_LATE))

"""What the bot owes a channel: written with its cause, delivered under a lease, made once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Database
from storage.ids import FeedbackId, TeamId, Ts
from storage.records import NewPost, Post


class Posts:
    """Hand out posts that are due and note what became of them."""

    def __init__(self, database: Database) -> None: ...

    def owe(self, team_id: TeamId, post: NewPost, at: datetime) -> bool:
        """Write down a post, once a key; False when it was owed already."""

    def teams_due(self, at: datetime) -> Sequence[TeamId]: ...

    def claim(self, team_id: TeamId, *, limit: int, lease: timedelta, at: datetime) -> Sequence[Post]:
        """Claim due posts as the queue claims feedback; those past ``expires_at`` with no ts become dropped."""

    def done(self, post: Post, ts: Ts | None) -> bool:
        """Note that it is made, with our message's ts. When its revision grew meanwhile it stays due."""

    def put_off(self, post: Post, *, reason: str, until: datetime) -> bool: ...

    def drop(self, post: Post, *, reason: str) -> bool: ...

    def give_up(self, post: Post, *, reason: str) -> bool: ...

    def release(self, post: Post, *, at: datetime) -> bool: ...

    def note_ts(self, post: Post, ts: Ts) -> bool:
        """Remember our message's ts as soon as it is known, before anything else is done."""

    def revise(self, team_id: TeamId, feedback_id: FeedbackId, at: datetime) -> None:
        """Make the card of a feedback due again because what it shows changed; one with no message stays as it is.

        A revision does not expire: it updates our own message.
        """

    def card(self, team_id: TeamId, feedback_id: FeedbackId) -> Post | None: ...

    def seconds_until_next(self, at: datetime) -> float | None: ...

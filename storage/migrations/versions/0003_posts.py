"""What the bot owes a channel: posts, schedules and digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import ID, TIME, WORD, belongs_to, one_of, unique

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Make the tables."""
    _make_posts()
    _make_schedules()
    _make_digests()


def _make_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("post_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("feedback_id", ID),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised_at", TIME),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ts", sa.Text()),
        sa.Column("reason", sa.Text()),
        one_of("posts", "kind", "reaction", "card", "greeting", "notice"),
        one_of("posts", "state", "due", "done", "dropped", "failed"),
        belongs_to("posts", "feedback_id", "feedback"),
        belongs_to("posts", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("post_id", name="pk_posts"),
        unique("posts", "team_id", "key"),
    )
    op.create_index("ix_posts_feedback", "posts", ["feedback_id"])
    op.create_index("ix_posts_team_state_next", "posts", ["team_id", "state", "next_attempt_at"])


def _make_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("active_since", TIME, nullable=False),
        belongs_to("schedules", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("schedule_id", name="pk_schedules"),
        unique("schedules", "team_id", "channel_id"),
    )


def _make_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("period_start", TIME, nullable=False),
        sa.Column("period_end", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("lease_until", TIME, nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text()),
        sa.Column("posted_at", TIME),
        sa.Column("reason", sa.Text()),
        one_of("digests", "state", "claimed", "posted", "skipped"),
        belongs_to("digests", "schedule_id", "schedules"),
        belongs_to("digests", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("digest_id", name="pk_digests"),
        unique("digests", "team_id", "schedule_id", "period_start", "period_end"),
    )
    op.create_index("ix_digests_schedule", "digests", ["schedule_id"])

"""What capture in step with edits and deletions needs: who, from where, of which message, and what is still to read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import ID, TIME, WORD, belongs_to, one_of, unique

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Add the columns and the tables. Every column may be null: what was there before says nothing of it."""
    _widen_feedback()
    _widen_channels()
    _make_fetches()
    _make_threads()
    _make_backfills()


def _widen_feedback() -> None:
    _add_texts("feedback", "erased_why", "edited_ts", "counts_as")
    op.add_column("feedback", sa.Column("same_as", ID))
    _add_texts("feedback", "original_ts", "original_channel_id", "original_permalink", "author", "author_name")
    _add_texts("feedback", "person", "context", "note", "saved_by", "app")
    op.add_column("feedback", sa.Column("outside", sa.Boolean()))
    op.execute("UPDATE feedback SET counts_as = origin")
    op.create_index("uq_feedback_team_id_counts_as", "feedback", ["team_id", "counts_as"], unique=True)
    op.create_index("ix_feedback_same_as", "feedback", ["same_as"])
    op.create_index("ix_feedback_team_channel_ts", "feedback", ["team_id", "channel_id", "ts"])


def _widen_channels() -> None:
    _add_texts("channels", "reading_to", "reading_down_to", "rereading_down_to")
    op.add_column("channels", sa.Column("reread_at", TIME))
    op.add_column("channels", sa.Column("keep_threads", sa.Boolean()))
    op.add_column("channels", sa.Column("counted_elsewhere", sa.Boolean()))
    _add_texts("channels", "chosen_since")
    # Nobody noted when a channel was chosen; its mark began there and is the best that is known.
    op.execute("UPDATE channels SET chosen_since = read_through")


def _add_texts(table: str, *names: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, sa.Text()))


def _make_fetches() -> None:
    op.create_table(
        "fetches",
        sa.Column("fetch_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text()),
        sa.Column("source", WORD, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("reason", sa.Text()),
        one_of("fetches", "source", "channel", "forward", "email", "app", "shortcut", "reaction", "command", "import"),
        one_of("fetches", "state", "due", "done", "given_up"),
        belongs_to("fetches", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("fetch_id", name="pk_fetches"),
        unique("fetches", "team_id", "channel_id", "ts", "asked_by"),
    )
    op.create_index("ix_fetches_team_state_next", "fetches", ["team_id", "state", "next_attempt_at"])


def _make_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=False),
        sa.Column("latest_at", TIME, nullable=False),
        sa.Column("read_through", sa.Text()),
        sa.Column("read_at", TIME),
        belongs_to("threads", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "channel_id", "thread_ts", name="pk_threads"),
    )
    op.create_index("ix_threads_team_latest", "threads", ["team_id", "latest_at"])


def _make_backfills() -> None:
    op.create_table(
        "backfills",
        sa.Column("backfill_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("oldest", sa.Text(), nullable=False),
        sa.Column("latest", sa.Text(), nullable=False),
        sa.Column("down_to", sa.Text()),
        sa.Column("state", WORD, nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("told_ts", sa.Text()),
        sa.Column("token", sa.Text()),
        sa.Column("lease_until", TIME),
        sa.Column("reason", sa.Text()),
        one_of("backfills", "state", "running", "done", "cancelled", "failed"),
        belongs_to("backfills", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("backfill_id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_team_state", "backfills", ["team_id", "state"])
    runs = sa.text("state = 'running'")
    op.create_index(
        "uq_backfills_running",
        "backfills",
        ["team_id", "channel_id"],
        unique=True,
        sqlite_where=runs,
        postgresql_where=runs,
    )

"""What saving by hand needs: messages whose form is open, and what somebody said of a message when they saved it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import TIME, WORD, belongs_to, one_of

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Add the columns and make the table."""
    for name in ("stated_side", "stated_theme", "stated_persona", "stated_by"):
        op.add_column("feedback", sa.Column(name, sa.Text()))
    op.add_column("feedback", sa.Column("stated_decides", sa.Boolean()))
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("channel_kind", WORD, nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        one_of("drafts", "channel_kind", "public", "private", "shared", "direct"),
        belongs_to("drafts", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("draft_id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_team_made", "drafts", ["team_id", "made_at"])
    op.create_index("ix_drafts_team_message", "drafts", ["team_id", "channel_id", "ts"])

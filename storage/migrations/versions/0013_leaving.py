"""What goes on beside the rest: deleting a workspace that was left, and asking who of those who report is a guest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

from storage.migrations.made_of import TIME

revision = "0013"
down_revision: str | None = "0012"

_IS_OUTSIDE_DUE = text("outside_due IS NOT NULL")


def upgrade() -> None:
    """Add the two columns, and an index of the few messages whose reporter is to be asked about."""
    op.add_column("workspaces", sa.Column("left_at", TIME))
    op.add_column("feedback", sa.Column("outside_due", sa.Boolean()))
    op.create_index(
        "ix_feedback_outside_due",
        "feedback",
        ["team_id", "feedback_id"],
        sqlite_where=_IS_OUTSIDE_DUE,
        postgresql_where=_IS_OUTSIDE_DUE,
    )

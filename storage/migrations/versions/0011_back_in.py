"""Since when somebody who wanted no part wants part again: what was said meanwhile stays out for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import TIME

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Add the time when an opting out ended."""
    op.add_column("opt_outs", sa.Column("ended_at", TIME))

"""Why a fall-back answered, and the tokens of a day found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Add the column and the index."""
    op.add_column("classifications", sa.Column("hindrance", sa.Text()))
    op.create_index("ix_classifications_team_created", "classifications", ["team_id", "created_at"])

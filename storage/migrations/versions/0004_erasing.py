"""When the words of a feedback were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import TIME

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Add the time of erasing, and the index that finds what is still to erase."""
    op.add_column("feedback", sa.Column("words_erased_at", TIME))
    op.create_index("ix_feedback_team_erased_said", "feedback", ["team_id", "words_erased_at", "said_at"])

"""Fewer pages a message: no index that nothing asks, none entered for nothing, one for two that went by time."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision: str | None = "0008"

_IS_COPY = text("same_as IS NOT NULL")


def upgrade() -> None:
    """Drop the indexes that every message was entered into and few or none are looked up by; make two anew."""
    for name in ("team_account", "team_erased_said", "team_said", "same_as"):
        op.drop_index(f"ix_feedback_{name}", "feedback")
    op.create_index("ix_feedback_team_said", "feedback", ["team_id", "said_at", "words_erased_at"])
    op.create_index("ix_feedback_same_as", "feedback", ["same_as"], sqlite_where=_IS_COPY, postgresql_where=_IS_COPY)

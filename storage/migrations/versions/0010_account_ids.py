"""An account's id stands in menus that outlive it: SQLite must not give it out again."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Make the table anew where ids could come twice; PostgreSQL counts on by itself."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("accounts", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass  # the same columns and constraints, and their rows

"""Workspaces, who decides in them, their channels and their personas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import TIME, WORD, belongs_to, one_of

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables."""
    _make_workspaces()
    _make_duties()
    _make_channels()
    _make_team_personas()


def _make_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("bot_id", sa.Text()),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_workspaces"),
    )


def _make_duties() -> None:
    op.create_table(
        "duties",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("duty", WORD, nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("named_at", TIME, nullable=False),
        one_of("duties", "duty", "owner", "reviewer"),
        belongs_to("duties", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "user_id", "duty", name="pk_duties"),
    )


def _make_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("watch", WORD, nullable=False),
        sa.Column("answer", WORD, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", TIME),
        sa.Column("answer_by", sa.Text()),
        sa.Column("read_through", sa.Text()),
        one_of("channels", "kind", "public", "private", "shared", "direct"),
        one_of("channels", "watch", "all", "request", "off"),
        one_of("channels", "answer", "reaction", "card", "silent"),
        belongs_to("channels", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name="pk_channels"),
    )


def _make_team_personas() -> None:
    op.create_table(
        "team_personas",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gloss", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("motivations", sa.Text(), nullable=False),
        sa.Column("pains", sa.Text(), nullable=False),
        sa.Column("success", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        belongs_to("team_personas", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "key", name="pk_team_personas"),
    )

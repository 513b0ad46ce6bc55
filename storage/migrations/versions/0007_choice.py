"""What a team chose, and the accounts that it knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import ID, TIME, WORD, belongs_to, one_of, unique

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Make the tables."""
    _make_choices()
    _make_changes()
    _make_accounts()
    _make_imports()


def _make_choices() -> None:
    op.create_table(
        "settings",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        belongs_to("settings", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "name", name="pk_settings"),
    )
    op.create_table(
        "apps",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", TIME),
        belongs_to("apps", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "app", name="pk_apps"),
    )
    op.create_table(
        "opt_outs",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("chosen_at", TIME, nullable=False),
        belongs_to("opt_outs", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_opt_outs"),
    )


def _make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("change_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        belongs_to("changes", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("change_id", name="pk_changes"),
    )
    op.create_index("ix_changes_team_changed", "changes", ["team_id", "changed_at"])


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text()),
        sa.Column("revenue_band", sa.Text()),
        sa.Column("charter", sa.Boolean(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        belongs_to("accounts", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("account_id", name="pk_accounts"),
        unique("accounts", "team_id", "folded"),
    )
    op.create_table(
        "account_names",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        one_of("account_names", "kind", "alias", "domain"),
        belongs_to("account_names", "account_id", "accounts"),
        belongs_to("account_names", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "kind", "folded", name="pk_account_names"),
    )
    op.create_index("ix_account_names_account", "account_names", ["account_id"])
    op.create_table(
        "account_asked",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("feedback_id", ID, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("told_at", TIME),
        belongs_to("account_asked", "feedback_id", "feedback"),
        belongs_to("account_asked", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("team_id", "feedback_id", name="pk_account_asked"),
    )


def _make_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        belongs_to("imports", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("import_id", name="pk_imports"),
        unique("imports", "team_id", "fingerprint"),
    )

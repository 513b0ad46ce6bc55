"""What was shared, what was found in it, and what people said of that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.made_of import ID, TIME, WORD, belongs_to, one_of, unique

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the tables."""
    _make_feedback()
    _make_classifications()
    _make_insights()
    _make_unreadable()
    _make_reviews()
    _make_proposals()


def _make_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("feedback_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("voice", WORD, nullable=False),
        sa.Column("channel_id", sa.Text()),
        sa.Column("channel_kind", WORD, nullable=False),
        sa.Column("ts", sa.Text()),
        sa.Column("thread_ts", sa.Text()),
        sa.Column("reporter", sa.Text()),
        sa.Column("reporter_name", sa.Text()),
        sa.Column("permalink", sa.Text()),
        sa.Column("account", sa.Text()),
        sa.Column("account_folded", sa.Text()),
        sa.Column("event_id", sa.Text()),
        sa.Column("said_at", TIME, nullable=False),
        sa.Column("captured_at", TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.Column("current_classification_id", ID),
        one_of("feedback", "source", "channel", "forward", "email", "app", "shortcut", "reaction", "command", "import"),
        one_of("feedback", "voice", "first_hand", "relayed", "document"),
        one_of("feedback", "channel_kind", "public", "private", "shared", "direct"),
        one_of("feedback", "state", "waiting", "classified", "failed", "erased"),
        belongs_to("feedback", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_feedback"),
        unique("feedback", "team_id", "origin"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_team_account", "feedback", ["team_id", "account_folded"])
    op.create_index("ix_feedback_team_said", "feedback", ["team_id", "said_at"])
    op.create_index("ix_feedback_team_state_next", "feedback", ["team_id", "state", "next_attempt_at"])


def _make_classifications() -> None:
    op.create_table(
        "classifications",
        sa.Column("classification_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("feedback_id", ID, nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("classifier", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text()),
        sa.Column("taxonomy_version", sa.Text()),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("memory", sa.Boolean(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Double()),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        belongs_to("classifications", "feedback_id", "feedback"),
        belongs_to("classifications", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("classification_id", name="pk_classifications"),
    )
    op.create_index("ix_classifications_feedback", "classifications", ["feedback_id"])


def _make_insights() -> None:
    op.create_table(
        "insights",
        sa.Column("insight_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("feedback_id", ID, nullable=False),
        sa.Column("classification_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("persona_stated", sa.Boolean()),
        sa.Column("rationale", sa.Text()),
        sa.Column("account", sa.Text()),
        sa.Column("account_folded", sa.Text()),
        sa.Column("stake", WORD, nullable=False),
        sa.Column("stake_quote", sa.Text()),
        sa.Column("current_side", WORD, nullable=False),
        sa.Column("current_theme", sa.Text(), nullable=False),
        sa.Column("current_persona", sa.Text(), nullable=False),
        sa.Column("current_standing", WORD, nullable=False),
        one_of("insights", "side", "customer", "user"),
        one_of("insights", "stake", "purchase", "renewal", "work_stopped", "none"),
        one_of("insights", "current_side", "customer", "user"),
        one_of("insights", "current_standing", "sure", "unsure", "rejected"),
        belongs_to("insights", "classification_id", "classifications"),
        belongs_to("insights", "feedback_id", "feedback"),
        belongs_to("insights", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("insight_id", name="pk_insights"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_insights_classification", "insights", ["classification_id"])
    op.create_index("ix_insights_feedback", "insights", ["feedback_id"])
    op.create_index("ix_insights_team_current", "insights", ["team_id", "current_standing", "current_persona"])


def _make_unreadable() -> None:
    op.create_table(
        "unreadable",
        sa.Column("unreadable_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("unreadable_id", name="pk_unreadable"),
        unique("unreadable", "team_id", "fingerprint"),
    )


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("review_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("feedback_id", ID, nullable=False),
        sa.Column("insight_id", ID),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewed_at", TIME, nullable=False),
        sa.Column("before_side", WORD),
        sa.Column("before_theme", sa.Text()),
        sa.Column("before_persona", sa.Text()),
        sa.Column("after_side", WORD),
        sa.Column("after_theme", sa.Text()),
        sa.Column("after_persona", sa.Text()),
        sa.Column("quote_start", sa.Integer()),
        sa.Column("quote_end", sa.Integer()),
        one_of("reviews", "verdict", "confirmed", "corrected", "rejected", "added"),
        one_of("reviews", "before_side", "customer", "user"),
        one_of("reviews", "after_side", "customer", "user"),
        belongs_to("reviews", "feedback_id", "feedback"),
        belongs_to("reviews", "insight_id", "insights"),
        belongs_to("reviews", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("review_id", name="pk_reviews"),
        unique("reviews", "team_id", "subject", "number"),
    )
    op.create_index("ix_reviews_feedback", "reviews", ["feedback_id"])
    op.create_index("ix_reviews_insight", "reviews", ["insight_id"])


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("insight_id", ID, nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("side", WORD),
        sa.Column("theme", sa.Text()),
        sa.Column("persona", sa.Text()),
        one_of("proposals", "verdict", "confirmed", "corrected", "rejected", "added"),
        one_of("proposals", "side", "customer", "user"),
        belongs_to("proposals", "insight_id", "insights"),
        belongs_to("proposals", "team_id", "workspaces"),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_proposals"),
        unique("proposals", "insight_id", "proposer"),
    )

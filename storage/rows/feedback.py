"""Rows of what was shared and what was found in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from classifiers.vocabulary import Side, Stake
from storage.columns import BigId, by_value
from storage.ids import ChannelId, ClassificationId, FeedbackId, InsightId, Origin, TeamId, Token, Ts, UserId
from storage.rows.base import Row
from storage.rows.workspace import WorkspaceRow
from storage.vocabulary import ChannelKind, FeedbackState, Source, Standing, Voice

_IS_COPY = text("same_as IS NOT NULL")
_IS_OUTSIDE_DUE = text("outside_due IS NOT NULL")


class FeedbackRow(Row):
    """One shared message. The row is also the queue: what waits is claimed under a lease and a token."""

    __tablename__ = "feedback"
    __table_args__ = (
        # A delivery that comes twice, a catch-up and a retry all meet this line and change nothing.
        UniqueConstraint("team_id", "origin"),
        # With the time of erasing, so that what is to be erased is found without reading what was erased long ago.
        Index("ix_feedback_team_said", "team_id", "said_at", "words_erased_at"),
        Index("ix_feedback_team_state_next", "team_id", "state", "next_attempt_at"),
        # A message forwarded twice meets this line: the second is linked to the first and counts nothing.
        Index("uq_feedback_team_id_counts_as", "team_id", "counts_as", unique=True),
        # Few rows have it, and each index is one more page that every message writes.
        Index("ix_feedback_same_as", "same_as", sqlite_where=_IS_COPY, postgresql_where=_IS_COPY),
        Index(
            "ix_feedback_outside_due",
            "team_id",
            "feedback_id",
            sqlite_where=_IS_OUTSIDE_DUE,
            postgresql_where=_IS_OUTSIDE_DUE,
        ),
        Index("ix_feedback_team_channel_ts", "team_id", "channel_id", "ts"),
        # Ids stand in buttons that outlive the row: SQLite would give the last one out again.
        {"sqlite_autoincrement": True},
    )

    feedback_id: Mapped[FeedbackId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    origin: Mapped[Origin]
    source: Mapped[Source] = mapped_column(by_value(Source, "source"))
    voice: Mapped[Voice] = mapped_column(by_value(Voice, "voice"))
    channel_id: Mapped[ChannelId | None]
    """Null for what came by import or at the terminal."""
    channel_kind: Mapped[ChannelKind] = mapped_column(by_value(ChannelKind, "channel_kind"))
    """As it was when the words were captured; imports are public."""
    ts: Mapped[Ts | None]
    thread_ts: Mapped[Ts | None]
    reporter: Mapped[UserId | None]
    reporter_name: Mapped[str | None]
    permalink: Mapped[str | None]
    account: Mapped[str | None]
    account_folded: Mapped[str | None]
    event_id: Mapped[str | None]
    """Slack's name of the delivery that came first; for the log, never a key."""
    said_at: Mapped[datetime]
    captured_at: Mapped[datetime]

    text: Mapped[str]
    """Verbatim, but for NUL and lone surrogates; empty once erased."""
    folded: Mapped[str]
    """The text in compatibility form and case-folded, so that a search finds ``ÄRGER`` on both databases."""
    text_version: Mapped[int]

    state: Mapped[FeedbackState] = mapped_column(by_value(FeedbackState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    """Not claimed before; the end of a back-off or of a lease."""
    token: Mapped[Token | None]
    """Drawn by the claim that holds the row."""
    failure: Mapped[str | None]
    """Why the last try failed, in a sentence without the customer's words."""
    current_classification_id: Mapped[ClassificationId | None] = mapped_column(BigId)
    """No foreign key: classifications point here already, and a circle cannot be dropped table by table."""
    words_erased_at: Mapped[datetime | None]
    """When text, name and quotes were emptied; where only their time was over, counts and labels stay."""
    erased_why: Mapped[str | None]
    """A word of ``Erasure``; null where words stand, and for what was erased before reasons were noted."""

    edited_ts: Mapped[Ts | None]
    """Of the newest edit that was applied; an older one that comes late changes nothing."""
    counts_as: Mapped[Origin | None]
    """What this is a copy of (its own origin, or that of the forwarded message); null in a second copy."""
    same_as: Mapped[FeedbackId | None] = mapped_column(BigId)
    """The feedback that this one repeats: the same forward shared again. It holds no insight of its own."""
    original_ts: Mapped[Ts | None]
    original_channel_id: Mapped[ChannelId | None]
    original_permalink: Mapped[str | None]
    """Time, place and link of the message that was forwarded."""
    author: Mapped[UserId | None]
    author_name: Mapped[str | None]
    """Who wrote the words, where that is not the reporter: of a forward, an e-mail, an app's post."""
    person: Mapped[str | None]
    """Whose need it is by name, as a person typed it."""
    context: Mapped[str | None]
    """Words set aside, not classified: the comment on a forward, an e-mail's subject and quoted history."""
    note: Mapped[str | None]
    """What the one who saved it wrote beside it."""
    saved_by: Mapped[UserId | None]
    """Who saved it by hand first; null where only the watch or an import took it in."""
    app: Mapped[str | None]
    """The id of the app or bot that posted it."""
    outside: Mapped[bool | None]
    """Whether its reporter belongs to another organisation or is a guest; null where Slack did not tell."""
    stated_side: Mapped[str | None]
    stated_theme: Mapped[str | None]
    stated_persona: Mapped[str | None]
    """What somebody said of it when they saved it; made a review of the insight that it fits, once it is read."""
    stated_by: Mapped[UserId | None]
    stated_decides: Mapped[bool | None]
    """Whether who said so may decide labels; if not, it becomes a proposal."""
    outside_due: Mapped[bool | None]
    """True until Slack was asked whether its reporter is a guest, which no event tells; else null."""


class ClassificationRow(Row):
    """One run of a classifier over one version of a text, also when it found nothing."""

    __tablename__ = "classifications"
    __table_args__ = (
        Index("ix_classifications_feedback", "feedback_id"),
        # The tokens of the day are summed before each call of a language model.
        Index("ix_classifications_team_created", "team_id", "created_at"),
    )

    classification_id: Mapped[ClassificationId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    feedback_id: Mapped[FeedbackId] = mapped_column(ForeignKey(FeedbackRow.feedback_id, ondelete="CASCADE"))
    text_version: Mapped[int]
    classifier: Mapped[str]
    """``local``, ``llm``, …, or ``person`` for an insight that a person added."""
    model: Mapped[str]
    prompt_version: Mapped[str | None]
    taxonomy_version: Mapped[str | None]
    """Null for a person's insight on a feedback that no classifier has read yet."""
    fallback: Mapped[bool]
    memory: Mapped[bool]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float | None]
    seconds: Mapped[float]
    created_at: Mapped[datetime]
    hindrance: Mapped[str | None]
    """Why the classifier that was to be asked first did not answer: a word of ``Hindrance``."""


class InsightRow(Row):
    """One problem: what the classifier said, where it stands, and a copy of what holds now.

    The ``current_*`` columns are what ``storage.current.current_of`` says, in the transaction that
    appends the review; the reviews are the truth and a check replays them.
    """

    __tablename__ = "insights"
    __table_args__ = (
        Index("ix_insights_feedback", "feedback_id"),
        Index("ix_insights_classification", "classification_id"),
        Index("ix_insights_team_current", "team_id", "current_standing", "current_persona"),
        {"sqlite_autoincrement": True},  # as above
    )

    insight_id: Mapped[InsightId] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"))
    feedback_id: Mapped[FeedbackId] = mapped_column(ForeignKey(FeedbackRow.feedback_id, ondelete="CASCADE"))
    classification_id: Mapped[ClassificationId] = mapped_column(
        ForeignKey(ClassificationRow.classification_id, ondelete="CASCADE")
    )
    position: Mapped[int]
    """From 0 in reading order."""
    quote: Mapped[str]
    """Empty once erased; the offsets stay."""
    quote_start: Mapped[int]
    quote_end: Mapped[int]
    side: Mapped[Side] = mapped_column(by_value(Side, "side"))
    theme: Mapped[str]
    persona: Mapped[str]
    confidence: Mapped[float]
    unsure: Mapped[bool]
    persona_stated: Mapped[bool | None]
    rationale: Mapped[str | None]
    account: Mapped[str | None]
    """As the text names it; the feedback's own account goes before it."""
    account_folded: Mapped[str | None]
    stake: Mapped[Stake] = mapped_column(by_value(Stake, "stake"))
    stake_quote: Mapped[str | None]

    current_side: Mapped[Side] = mapped_column(by_value(Side, "current_side"))
    current_theme: Mapped[str]
    current_persona: Mapped[str]
    current_standing: Mapped[Standing] = mapped_column(by_value(Standing, "current_standing"))


class UnreadableRow(Row):
    """A delivery that could not be read, kept whole as escaped JSON until somebody can."""

    __tablename__ = "unreadable"
    __table_args__ = (
        UniqueConstraint("team_id", "fingerprint"),
        Index("ix_unreadable_team_ts", "team_id", "ts", "channel_id"),
    )

    unreadable_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[TeamId]
    """No foreign key: a delivery that cannot be read may name a team that nobody knows."""
    fingerprint: Mapped[str]
    event_id: Mapped[str | None]
    reason: Mapped[str]
    payload: Mapped[str]
    received_at: Mapped[datetime]
    channel_id: Mapped[ChannelId | None]
    """Where the message in it was said; null where that is not known."""
    ts: Mapped[Ts | None]
    """When it was said, which is also its name there; null where it does not tell."""

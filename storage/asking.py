"""The conditions that a question to the history becomes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select, true

from storage.added import PERSON
from storage.ids import ChannelId, TeamId
from storage.query import Query
from storage.rows import ChannelRow, ClassificationRow, FeedbackRow, InsightRow
from storage.text import escaped, fold, pattern_of
from storage.vocabulary import ChannelKind, Erasure, FeedbackState, Standing

Conditions = list[ColumnElement[bool]]


def wanted_insights(query: Query) -> Select[InsightRow, FeedbackRow, bool]:
    """Select the insights that a query asks for, with their feedback, and whether the audience may see the words."""
    # That words occur in a message tells of them, so a search finds only what its audience may read.
    may = may_count if query.words is None else may_see
    return (
        select(InsightRow, FeedbackRow, is_shown(query.team_id, query.audience).label("is_shown"))
        .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
        .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
        .where(*may(query.team_id, query.audience), *said_within(query), stands_for(), *_asked_of_insight(query))
    )


def may_see(team_id: TeamId, audience: ChannelId | None) -> Conditions:
    """Let an audience see what was said in public, and what was said in its own channel."""
    return [FeedbackRow.team_id == team_id, is_shown(team_id, audience)]


def may_count(team_id: TeamId, audience: ChannelId | None) -> Conditions:
    """Count for an audience what it may see, and what was said in channels that an owner lets count elsewhere."""
    counted = select(ChannelRow.channel_id).where(ChannelRow.team_id == team_id, ChannelRow.counted_elsewhere.is_(True))
    return [FeedbackRow.team_id == team_id, or_(is_shown(team_id, audience), FeedbackRow.channel_id.in_(counted))]


def is_shown(team_id: TeamId, audience: ChannelId | None, of: type[FeedbackRow] = FeedbackRow) -> ColumnElement[bool]:
    """Tell of a feedback of the team whether its words may be shown to an audience."""
    closed = select(ChannelRow.channel_id).where(ChannelRow.team_id == team_id, ChannelRow.kind != ChannelKind.PUBLIC)
    public = (of.channel_kind == ChannelKind.PUBLIC) & or_(of.channel_id.is_(None), of.channel_id.not_in(closed))
    return public if audience is None else or_(public, of.channel_id == audience)


def said_within(query: Query) -> Conditions:
    """Keep to the half-open period."""
    return [FeedbackRow.said_at >= query.since, FeedbackRow.said_at < query.until]


def is_message() -> Conditions:
    """Take what counts as a message of its own: no copy, nothing deleted or emptied, no reply without a problem."""
    gone = FeedbackRow.erased_why.in_((Erasure.DELETED, Erasure.FORGOTTEN))
    emptied = (FeedbackRow.text == "") & FeedbackRow.words_erased_at.is_(None)
    is_reply = FeedbackRow.thread_ts != FeedbackRow.ts
    holds_problem = (
        select(InsightRow.insight_id)
        .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
        .where(
            InsightRow.feedback_id == FeedbackRow.feedback_id,
            InsightRow.current_standing != Standing.REJECTED,
            stands_for(),
        )
        .exists()
    )
    is_context = is_reply & (FeedbackRow.state == FeedbackState.CLASSIFIED) & ~holds_problem
    return [
        FeedbackRow.same_as.is_(None),
        func.coalesce(~gone, true()),
        ~emptied,
        func.coalesce(~is_context, true()),
    ]


def stands_for() -> ColumnElement[bool]:
    """Take the insights of the current classification, and those that people added whatever the current one is."""
    return or_(
        InsightRow.classification_id == FeedbackRow.current_classification_id,
        ClassificationRow.classifier == PERSON,
    )


def holds_all(column: SQLColumnExpression[str] | SQLColumnExpression[str | None], words: str) -> Conditions:
    """Find text that holds every word; wildcards among them stand for themselves, and so do ``&``, ``<`` and ``>``.

    What came from Slack keeps these three as Slack escapes them, what came from a file or a form does not.
    """
    return [
        or_(*(column.like(pattern_of(form), escape="\\") for form in sorted({word, escaped(word)})))
        for word in fold(words).split()
    ]


def _asked_of_insight(query: Query) -> Conditions:
    asked: Conditions = [InsightRow.current_standing.in_(sorted(query.standings))]
    for column, value in (
        (InsightRow.current_side, query.side),
        (InsightRow.current_persona, query.persona),
        (InsightRow.current_theme, query.theme),
        (account_of(), None if query.account is None else fold(query.account)),
    ):
        if value is not None:
            asked.append(column == value)
    if query.words is not None:
        asked += holds_all(FeedbackRow.folded, query.words)
    return asked


def account_of() -> ColumnElement[str | None]:
    """Name the account, folded: the feedback's own before the one that the text names."""
    return func.coalesce(FeedbackRow.account_folded, InsightRow.account_folded)

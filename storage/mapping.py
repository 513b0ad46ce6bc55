"""Make the frozen values that leave this package from the rows that never do."""

from __future__ import annotations

from classifiers.vocabulary import Evidence, Insight, Labels, Persona, Remarks, Side, Theme
from storage.beside import SaidBeside
from storage.records import Feedback, Heard, Post, Review, StoredInsight
from storage.rows import DigestRow, FeedbackRow, InsightRow, PostRow, ReviewRow, ScheduleRow
from storage.scheduled import DigestClaim, Schedule


def labels_of(side: Side | None, theme: str | None, persona: str | None) -> Labels | None:
    """Make labels of three columns; None when there are none."""
    if side is None or theme is None or persona is None:
        return None
    return Labels(side=side, theme=Theme(theme), persona=Persona(persona))


def said_labels_of(row: InsightRow) -> Labels:
    """Make the labels that the classifier gave."""
    return Labels(side=row.side, theme=Theme(row.theme), persona=Persona(row.persona))


def current_labels_of(row: InsightRow) -> Labels:
    """Make the labels that hold now."""
    return Labels(side=row.current_side, theme=Theme(row.current_theme), persona=Persona(row.current_persona))


def said_of(row: InsightRow) -> Insight | None:
    """Make the insight as the classifier gave it; None once its words were erased."""
    if not row.quote:
        return None
    return Insight(
        labels=said_labels_of(row),
        evidence=Evidence(quote=row.quote, start=row.quote_start, end=row.quote_end),
        confidence=row.confidence,
        unsure=row.unsure,
        remarks=Remarks(
            persona_stated=row.persona_stated,
            rationale=row.rationale,
            account=row.account,
            stake=row.stake,
            stake_quote=row.stake_quote,
        ),
    )


def insight_of(row: InsightRow, reviews: int) -> StoredInsight:
    """Make an insight with what holds now and how many verdicts it has had."""
    return StoredInsight(
        insight_id=row.insight_id,
        feedback_id=row.feedback_id,
        said=said_of(row),
        current=current_labels_of(row),
        standing=row.current_standing,
        reviews=reviews,
    )


def feedback_of(row: FeedbackRow, insights: tuple[StoredInsight, ...]) -> Feedback:
    """Make a feedback with its insights."""
    return Feedback(
        feedback_id=row.feedback_id,
        team_id=row.team_id,
        origin=row.origin,
        text=row.text,
        said_at=row.said_at,
        captured_at=row.captured_at,
        source=row.source,
        voice=row.voice,
        channel_id=row.channel_id,
        channel_kind=row.channel_kind,
        ts=row.ts,
        thread_ts=row.thread_ts,
        reporter=row.reporter,
        permalink=row.permalink,
        account=row.account,
        state=row.state,
        failure=row.failure,
        insights=insights,
        words_erased_at=row.words_erased_at,
        beside=_beside_of(row),
    )


def _beside_of(row: FeedbackRow) -> SaidBeside:
    return SaidBeside(
        note=row.note,
        person=row.person,
        stated_by=row.stated_by,
        side=Side(row.stated_side) if row.stated_side else None,
        theme=Theme(row.stated_theme) if row.stated_theme else None,
        persona=Persona(row.stated_persona) if row.stated_persona else None,
    )


def heard_of(insight: InsightRow, feedback: FeedbackRow, is_shown: bool) -> Heard:  # noqa: FBT001 - a row's column
    """Make an insight as the balance and the answers need it, without words and link where they may not be shown."""
    return Heard(
        insight_id=insight.insight_id,
        feedback_id=feedback.feedback_id,
        labels=current_labels_of(insight),
        standing=insight.current_standing,
        quote=insight.quote if is_shown else "",
        confidence=insight.confidence,
        said_at=feedback.said_at,
        voice=feedback.voice,
        account=insight.account if feedback.account is None else feedback.account,
        permalink=feedback.permalink if is_shown else None,
        channel_id=feedback.channel_id,
        channel_kind=feedback.channel_kind,
        withheld=not is_shown,
    )


def review_of(row: ReviewRow) -> Review:
    """Make a verdict of the log."""
    return Review(
        insight_id=row.insight_id,
        feedback_id=row.feedback_id,
        number=row.number,
        verdict=row.verdict,
        reviewer=row.reviewer,
        reviewed_at=row.reviewed_at,
        before=labels_of(row.before_side, row.before_theme, row.before_persona),
        after=labels_of(row.after_side, row.after_theme, row.after_persona),
    )


def post_of(row: PostRow) -> Post:
    """Make a post, with the token of its claim."""
    return Post(
        post_id=row.post_id,
        team_id=row.team_id,
        key=row.key,
        kind=row.kind,
        channel_id=row.channel_id,
        thread_ts=row.thread_ts,
        feedback_id=row.feedback_id,
        body=row.body,
        revision=row.revision,
        revised_at=row.revised_at,
        state=row.state,
        attempts=row.attempts,
        token=row.token,
        expires_at=row.expires_at,
        ts=row.ts,
        reason=row.reason,
    )


def schedule_of(row: ScheduleRow) -> Schedule:
    """Make a schedule."""
    return Schedule(
        schedule_id=row.schedule_id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        owner=row.owner,
        weekday=row.weekday,
        hour=row.hour,
        minute=row.minute,
        zone=row.zone,
        paused=row.paused,
        active_since=row.active_since,
    )


def digest_of(row: DigestRow, *, retaken: bool = False) -> DigestClaim:
    """Make the claim of a period."""
    return DigestClaim(
        digest_id=row.digest_id,
        team_id=row.team_id,
        schedule_id=row.schedule_id,
        period_start=row.period_start,
        period_end=row.period_end,
        due_at=row.due_at,
        state=row.state,
        token=row.token,
        channel_id=row.channel_id,
        ts=row.ts,
        reason=row.reason,
        posted_at=row.posted_at,
        lease_until=row.lease_until,
        retaken=retaken,
    )

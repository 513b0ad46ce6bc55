"""What a feedback looks like at the moment when it comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.records import NewFeedback
from storage.text import fold
from storage.vocabulary import FeedbackState


def new_row(feedback: NewFeedback, at: datetime) -> dict[str, Any]:
    """Give the columns of a feedback that waits; the same whether one comes in or a thousand."""
    return {
        "team_id": feedback.team_id,
        "origin": feedback.origin,
        "source": feedback.source,
        "voice": feedback.voice,
        "channel_id": feedback.channel_id,
        "channel_kind": feedback.channel_kind,
        "ts": feedback.ts,
        "thread_ts": feedback.thread_ts,
        "reporter": feedback.reporter,
        "reporter_name": feedback.reporter_name,
        "permalink": feedback.permalink,
        "account": feedback.account,
        "account_folded": None if feedback.account is None else fold(feedback.account),
        "event_id": feedback.event_id,
        "edited_ts": feedback.edited_ts,
        "counts_as": feedback.counts_as or feedback.origin,
        "original_ts": feedback.original_ts,
        "original_channel_id": feedback.original_channel_id,
        "original_permalink": feedback.original_permalink,
        "author": feedback.author,
        "author_name": feedback.author_name,
        "person": feedback.person,
        "context": feedback.context,
        "note": feedback.note,
        "saved_by": feedback.saved_by,
        "app": feedback.app,
        "outside": feedback.outside,
        "said_at": feedback.said_at,
        "captured_at": at,
        "text": feedback.text,
        "folded": fold(feedback.text),
        "text_version": 1,
        "state": FeedbackState.WAITING,
        "attempts": 0,
        "next_attempt_at": at,
    }

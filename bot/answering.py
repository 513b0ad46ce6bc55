"""How the bot answers a message that it has read: which posts it owes, decided when the reading is saved. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.views.ids import card_block_id
from classifiers.vocabulary import Classification
from storage.ids import FeedbackId
from storage.records import Channel, Feedback, NewPost
from storage.vocabulary import AnswerMode, PostKind

ANSWERED_WITHIN = timedelta(hours=1)
"""Nothing is posted under older messages: an answer after an absence would surprise more than help."""


def owed_answer(
    feedback: Feedback, channel: Channel | None, classification: Classification, at: datetime
) -> tuple[NewPost, ...]:
    """Say what the bot owes the channel for a feedback: nothing, a reaction or a card.

    Nothing where no problem was found, where nobody can be answered (an import, an unknown channel), or when
    the message is an hour old.
    """
    expires_at = feedback.said_at + ANSWERED_WITHIN
    if channel is None or feedback.ts is None or not classification.insights or at >= expires_at:
        return ()
    match channel.answer:
        case AnswerMode.REACTION:
            key, kind, under = reaction_key(feedback.feedback_id), PostKind.REACTION, feedback.ts
        case AnswerMode.CARD:
            key, kind, under = (
                card_block_id(feedback.feedback_id),
                PostKind.CARD,
                feedback.thread_ts or feedback.ts,
            )
        case AnswerMode.SILENT:
            return ()
    return (
        NewPost(
            key=key,
            kind=kind,
            channel_id=channel.channel_id,
            expires_at=expires_at,
            thread_ts=under,
            feedback_id=feedback.feedback_id,
        ),
    )


def reaction_key(feedback_id: FeedbackId) -> str:
    """Name the reaction on a feedback's message: the key of its post."""
    return f"reaction:{feedback_id}"

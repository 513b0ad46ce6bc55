"""What a post says, made of the history at the moment when it is delivered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.parts import Parts
from bot.port import Block
from bot.views.blocks import section
from bot.views.card import build_card
from bot.views.greeting import build_greeting
from storage.errors import NotFoundError
from storage.records import Post
from storage.vocabulary import FeedbackState, PostKind

_TO_BE_READ = (FeedbackState.WAITING, FeedbackState.FAILED)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Hold a message: the plain text, complete by itself, and the blocks."""

    text: str
    blocks: list[Block]


def render(post: Post, parts: Parts) -> Rendered | None:
    """Render a card, greeting or notice; None when there is nothing left to show."""
    match post.kind:
        case PostKind.CARD:
            return _render_card(post, parts)
        case PostKind.GREETING:
            kept_months = parts.store.choices.of_workspace(post.team_id).kept_months
            text, blocks = build_greeting(
                post.key, words_go_to=parts.words_go_to, kept_months=kept_months, command=parts.command
            )
            return Rendered(text, list(blocks))
        case PostKind.NOTICE:
            return Rendered(post.body, [section(post.body, block_id=post.key)]) if post.body else None
        case PostKind.REACTION:
            return None


def _render_card(post: Post, parts: Parts) -> Rendered | None:
    if post.feedback_id is None:
        return None
    try:
        feedback = parts.store.history.feedback(post.team_id, post.feedback_id)
    except NotFoundError:
        return None
    if not feedback.insights and not (feedback.state in _TO_BE_READ and post.ts):
        return None  # an edited message keeps its card, which says so, until it has been read again
    reviews = parts.store.reviews.last_verdicts(post.team_id, [insight.insight_id for insight in feedback.insights])
    text, blocks = build_card(feedback, parts.taxonomy_of(post.team_id), reviews)
    return Rendered(text, list(blocks))

"""The card: what was found in one message, with buttons to confirm or correct it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Block, actions, button, context, section
from bot.views.labels import ERASED, label_words, side_words, state_words, theme_words
from bot.views.text import escape, quote
from classifiers.taxonomy import Taxonomy
from storage.records import Feedback, Review, StoredInsight
from storage.vocabulary import FeedbackState, Standing

MOST_INSIGHTS = 8
"""Two blocks each, and a card is to stay small; the modal shows them all."""
QUOTE_LENGTH = 300
READING = "How Ballast read this"
_NO_PROBLEM = "No customer or user problem found in this message."
_STATES = {
    FeedbackState.WAITING: "Saved. Ballast has not read this message yet.",
    FeedbackState.FAILED: (
        "Saved, but Ballast could not read this message. Whoever runs Ballast can have it tried again: "
        "“ballast reclassify --failed”."
    ),
    FeedbackState.ERASED: ERASED,
}


def build_card(feedback: Feedback, taxonomy: Taxonomy, reviews: Sequence[Review] = ()) -> tuple[str, list[Block]]:
    """Make a card's plain text, complete by itself, and its blocks; the first carries ``card_block_id``."""
    name = ids.card_block_id(feedback.feedback_id)
    summary = summary_of(feedback)
    shown, left = feedback.insights[:MOST_INSIGHTS], len(feedback.insights) - MOST_INSIGHTS
    blocks = [section(f"*{escape(summary)}*", block_id=name)]
    for insight in shown:
        blocks += _insight_blocks(insight, taxonomy, reviews)
    more = f"… and {left} more: open “{READING}” in the menu of the message." if left > 0 else ""
    if more:
        blocks.append(context(more))
    lines = [f"• {_plain_line(insight, taxonomy)}" for insight in shown]
    return "\n".join([escape(summary), *lines, *([more] if more else [])]), blocks


def summary_of(feedback: Feedback) -> str:
    """Say in a sentence what was found, or why there is nothing to show; not escaped."""
    if feedback.state in _STATES:
        return _STATES[feedback.state]
    if not feedback.insights:
        return _NO_PROBLEM if feedback.words_erased_at is None else ERASED
    count = len(feedback.insights)
    found = "Ballast found 1 problem" if count == 1 else f"Ballast found {count} problems"
    return found if feedback.words_erased_at is None else f"{found}. {ERASED}"


def insight_text(insight: StoredInsight, taxonomy: Taxonomy, reviews: Sequence[Review]) -> str:
    """Show one insight as mrkdwn: side with its meaning, theme, persona, quote, and who or how sure."""
    side = f"*{escape(side_words(insight.current, taxonomy))}*"
    if insight.standing is Standing.REJECTED:
        side = f"~{escape(side_words(insight.current, taxonomy))}~"
    theme = escape(theme_words(insight.current, taxonomy))
    return f"{side}\n{theme}\n{quoted(insight)}\n_{state_words(insight, reviews)}_"


def quoted(insight: StoredInsight) -> str:
    """Quote an insight's words as mrkdwn, or say that they were erased."""
    return ERASED if insight.said is None else f"> {quote(insight.said.evidence.quote, QUOTE_LENGTH)}"


def _insight_blocks(insight: StoredInsight, taxonomy: Taxonomy, reviews: Sequence[Review]) -> list[Block]:
    value = ids.press_value(insight.insight_id, insight.reviews)
    buttons = [button("Correct", ids.INSIGHT_CORRECT, value)]
    if insight.standing is not Standing.REJECTED:
        confirm = button("Confirm", ids.INSIGHT_CONFIRM, value, primary=insight.standing is Standing.UNSURE)
        buttons = [confirm, *buttons, button("Not a problem", ids.INSIGHT_REJECT, value)]
    return [
        section(insight_text(insight, taxonomy, reviews)),
        actions(buttons, block_id=ids.insight_block_id(insight.insight_id)),
    ]


def _plain_line(insight: StoredInsight, taxonomy: Taxonomy) -> str:
    line = label_words(insight.current, taxonomy)
    if insight.said is not None:
        line += f" – “{quote(insight.said.evidence.quote, QUOTE_LENGTH)}”"
    marks = {Standing.UNSURE: " (unsure)", Standing.REJECTED: " (not a problem)"}
    return line + marks.get(insight.standing, "")

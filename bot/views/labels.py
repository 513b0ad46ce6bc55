"""Labels in words: the same ones on cards, in modals and in notices."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.text import escape
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import UNKNOWN_PERSONA, Labels
from storage.ids import UserId
from storage.records import Review, StoredInsight
from storage.vocabulary import Standing, Verdict

TERMINAL_USER = UserId("terminal")
"""Who asked or chose, where that was done at the terminal."""
ERASED = "The words of this message were erased."
"""Stands where a quote would, once its time was over."""
_CLEAR = 0.9
_LIKELY = 0.7
_DONE = {
    Verdict.CONFIRMED: "Confirmed by",
    Verdict.CORRECTED: "Corrected by",
    Verdict.REJECTED: "Marked as not a problem by",
    Verdict.ADDED: "Added by",
}


def mention(user_id: str) -> str:
    """Name a person so that Slack shows their name; somebody at the terminal, whom Slack does not know, in words."""
    return "whoever runs Ballast" if user_id == TERMINAL_USER else f"<@{user_id}>"


def side_words(labels: Labels, taxonomy: Taxonomy) -> str:
    """Name the side with its meaning: "Customer problem · for those who buy, approve or govern"; not escaped."""
    side = taxonomy.sides[labels.side]
    return f"{side.name} · {side.gloss}"


def theme_words(labels: Labels, taxonomy: Taxonomy) -> str:
    """Name theme and persona: "Compliance · CFO"; an unknown persona is left out; not escaped."""
    theme = taxonomy.themes.get(labels.theme)
    name = theme.name if theme else str(labels.theme)
    if labels.persona == UNKNOWN_PERSONA:
        return name
    persona = taxonomy.personas.get(labels.persona)
    return f"{name} · {persona.name if persona else labels.persona}"


def label_words(labels: Labels, taxonomy: Taxonomy) -> str:
    """Name side, theme and persona in one line, escaped."""
    return escape(f"{taxonomy.sides[labels.side].name}: {theme_words(labels, taxonomy)}")


def state_words(insight: StoredInsight, reviews: Sequence[Review]) -> str:
    """Say who decided, or how sure the classifier is, as mrkdwn."""
    last = last_review(insight, reviews)
    if last is not None:
        return f"{_DONE[last.verdict]} {mention(last.reviewer)}"
    if insight.standing is Standing.REJECTED:
        return "Marked as not a problem"
    if insight.standing is Standing.UNSURE:
        return "Unsure: not counted until somebody decides"
    if insight.reviews:
        return "Decided by a person"
    return "Nobody has checked it" if insight.said is None else confidence_words(insight.said.confidence)


def confidence_words(confidence: float) -> str:
    """Put a probability into words, for a number would promise too much. It is not the persona's."""
    how = "Quite" if confidence >= _CLEAR else "Fairly" if confidence >= _LIKELY else "Not very"
    return f"{how} sure of side and theme"


def last_review(insight: StoredInsight, reviews: Sequence[Review]) -> Review | None:
    """Find the verdict that holds now."""
    own = [review for review in reviews if review.insight_id == insight.insight_id]
    return max(own, key=lambda review: review.number, default=None)

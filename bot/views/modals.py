"""The modals: how a message was read, its labels to correct, a missed problem to add."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Block, context, field, grouped_select, modal, option, section, select
from bot.views.card import READING, insight_text, quoted, summary_of
from bot.views.labels import mention, side_words, state_words, theme_words
from bot.views.text import escape, quote
from classifiers.taxonomy import Taxonomy, ThemeEntry
from classifiers.vocabulary import UNKNOWN_PERSONA, Persona
from storage.ids import ChannelId
from storage.records import Feedback, Review, StoredInsight
from storage.vocabulary import FeedbackState

MOST_SHOWN = 90
"""A modal holds 100 blocks and a list 100 choices."""
LONGEST_QUOTE = 3000
_LONGEST_BESIDE = 600
NOT_KEPT = (
    "Ballast has not kept this message: the channel was not watched when it was posted, or the settings leave it out, "
    "such as a post of an app that nobody allowed."
)


def build_reading(feedback: Feedback, taxonomy: Taxonomy, reviews: Sequence[Review], channel_id: ChannelId) -> Block:
    """Show what was found in a message and, once it has been read, let the person go on to change it.

    Without its words, which may have been erased, nobody can judge it any more.
    """
    blocks = [section(f"*{escape(summary_of(feedback))}*")]
    blocks += [section(insight_text(insight, taxonomy, reviews)) for insight in feedback.insights[:MOST_SHOWN]]
    blocks += _beside(feedback, taxonomy)
    left = len(feedback.insights) - MOST_SHOWN
    if left > 0:
        blocks.append(context(f"… and {left} more."))
    note = ids.write_note(str(feedback.feedback_id), channel_id)
    if feedback.state is not FeedbackState.CLASSIFIED or feedback.words_erased_at is not None:
        return modal(READING, blocks, callback_id=ids.READING_SUBMIT, note=note)
    blocks.append(_next_step(feedback, taxonomy))
    return modal(READING, blocks, callback_id=ids.READING_SUBMIT, note=note, submit="Continue")


def build_not_kept(channel_id: ChannelId, command: str) -> Block:
    """Say that a message was not kept, why that may be, and what changes it."""
    advice = f"“Save as feedback” in its menu keeps it. An owner can have new messages kept with {command} watch all."
    blocks = [section(escape(NOT_KEPT)), context(escape(advice))]
    return modal(READING, blocks, callback_id=ids.READING_SUBMIT, note=ids.write_note("", channel_id))


def build_correction(
    insight: StoredInsight, taxonomy: Taxonomy, reviews: Sequence[Review], channel_id: ChannelId
) -> Block:
    """Show an insight's current labels, ready to be changed; saving them unchanged confirms them."""
    yes = option("Yes, with the labels below", ids.IS_PROBLEM)
    verdicts = [yes, option("No, it is not a problem", ids.NO_PROBLEM)]
    radio: Block = {"type": "radio_buttons", "action_id": ids.CHOICE, "options": verdicts, "initial_option": yes}
    theme = taxonomy.themes.get(insight.current.theme)
    blocks = [
        section(quoted(insight)),
        context(f"{escape(side_words(insight.current, taxonomy))}\n{state_words(insight, reviews)}"),
        field("Is this a problem?", radio, block_id=ids.CORRECTION_VERDICT),
        _theme_field(taxonomy, ids.CORRECTION_THEME, theme),
        _persona_field(taxonomy, ids.CORRECTION_PERSONA, insight.current.persona),
    ]
    note = ids.write_note(ids.press_value(insight.insight_id, insight.reviews), channel_id)
    return modal("Correct the labels", blocks, callback_id=ids.CORRECTION_SUBMIT, note=note, submit="Save")


def build_missed(feedback: Feedback, taxonomy: Taxonomy, channel_id: ChannelId) -> Block:
    """Ask for a problem that was missed: its words, copied from the message, and its labels."""
    words: Block = {"type": "plain_text_input", "action_id": ids.TYPED, "multiline": True, "max_length": LONGEST_QUOTE}
    hint = "Copy the shortest words of the message that show the problem."
    blocks = [
        field("Words of the message", words, block_id=ids.MISSED_QUOTE, hint=hint),
        _theme_field(taxonomy, ids.MISSED_THEME, None),
        _persona_field(taxonomy, ids.MISSED_PERSONA, UNKNOWN_PERSONA),
    ]
    note = ids.write_note(str(feedback.feedback_id), channel_id)
    return modal("Add a missed problem", blocks, callback_id=ids.MISSED_SUBMIT, note=note, submit="Add")


def _beside(feedback: Feedback, taxonomy: Taxonomy) -> list[Block]:
    """Show what people said of it when they saved it, also where it decided nothing."""
    said = feedback.beside
    side = taxonomy.sides[said.side] if said.side else None
    theme = taxonomy.themes.get(said.theme) if said.theme else None
    persona = taxonomy.personas.get(said.persona) if said.persona else None
    stated = ", ".join(entry.name for entry in (side, theme, persona) if entry is not None)
    lines = [
        f"Account: {quote(feedback.account, _LONGEST_BESIDE)}" if feedback.account else "",
        f"Person: {quote(said.person, _LONGEST_BESIDE)}" if said.person else "",
        f"Note: {quote(said.note, _LONGEST_BESIDE)}" if said.note else "",
        f"{mention(said.stated_by)} said: {escape(stated)}" if said.stated_by and stated else "",
    ]
    return [context("\n".join(filter(None, lines)))] if any(lines) else []


def _next_step(feedback: Feedback, taxonomy: Taxonomy) -> Block:
    options = [
        option(f"Check {number}: {theme_words(insight.current, taxonomy)}", _press_of(insight))
        for number, insight in enumerate(feedback.insights[:MOST_SHOWN], start=1)
    ]
    options.append(option("Add a problem that was missed", ids.ADD_MISSED))
    element = select(options, action_id=ids.CHOICE, chosen=options[0])
    return field("What next?", element, block_id=ids.READING_NEXT)


def _press_of(insight: StoredInsight) -> str:
    return ids.press_value(insight.insight_id, insight.reviews)


def _theme_field(taxonomy: Taxonomy, block_id: str, chosen: ThemeEntry | None) -> Block:
    groups = {
        f"{side.name}: {side.gloss}": [_theme_option(theme) for theme in taxonomy.themes.values() if theme.side is key]
        for key, side in taxonomy.sides.items()
    }
    element = grouped_select(groups, action_id=ids.CHOICE, chosen=_theme_option(chosen) if chosen else None)
    return field("Theme; it decides the side", element, block_id=block_id)


def _theme_option(theme: ThemeEntry) -> Block:
    return option(f"{theme.name}: {theme.gloss}", theme.key)


def _persona_field(taxonomy: Taxonomy, block_id: str, chosen: Persona) -> Block:
    options = {key: option(persona.name, key) for key, persona in taxonomy.personas.items()}
    element = select(list(options.values())[:100], action_id=ids.CHOICE, chosen=options.get(chosen))
    return field("Whose need it is", element, block_id=block_id)


def build_said(text: str, note: ids.Note) -> Block:
    """Say one thing and offer nothing more."""
    return modal("Ballast", [section(escape(text))], callback_id=ids.READING_SUBMIT, note=ids.write_note(*note))

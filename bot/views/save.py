"""The forms in which something is saved by hand, and what is said once it is."""

from __future__ import annotations

from bot.views import ids
from bot.views.blocks import Block, context, field, grouped_select, modal, option, section, select
from bot.views.text import escape, quote
from classifiers.taxonomy import Taxonomy
from storage.ids import ChannelId
from storage.vocabulary import ChannelKind

TITLE = "Save as feedback"
_SHOWN = 300
"""Code points of the message that the form shows."""
_LONGEST_INPUT = 3000
"""As much as Slack lets a field of a form hold."""
_LONGEST_NOTE = 2000
_LONGEST_NAME = 100
_MOST_OPTIONS = 100
_CLOSED = {
    ChannelKind.PRIVATE: "This channel is private: its words and link are shown only here, and it counts only here.",
    ChannelKind.SHARED: "This channel is shared: its words and link are shown only here, and it counts only here.",
    ChannelKind.DIRECT: (
        "It was said in a direct message: its words are shown only there, and it counts only there. "
        "What shall count everywhere is saved in a public channel."
    ),
}


def build_save(words: str, draft: str, channel_id: ChannelId, kind: ChannelKind, taxonomy: Taxonomy) -> Block:
    """Ask what is known of a message that is to be saved; nothing of it must be."""
    about = [context(escape(_CLOSED[kind]))] if kind in _CLOSED else []
    blocks = [section(f">{quote(words, _SHOWN)}"), *about, *_beside(taxonomy)]
    form = modal(TITLE, blocks, callback_id=ids.SAVE_SUBMIT, note=ids.write_note(draft, channel_id), submit="Save")
    return form | {"notify_on_close": True}


def build_add(key: str, channel_id: ChannelId, kind: ChannelKind, taxonomy: Taxonomy) -> Block:
    """Ask for words that somebody heard elsewhere, and what is known of them."""
    words: Block = {
        "type": "plain_text_input",
        "action_id": ids.TYPED,
        "multiline": True,
        "max_length": _LONGEST_INPUT,
    }
    about = [context(escape(_CLOSED[kind]))] if kind in _CLOSED else []
    hint = "As they said it, where you can."
    blocks = [field("What you heard", words, block_id=ids.ADD_TEXT, hint=hint), *about, *_beside(taxonomy)]
    note = ids.write_note(key, channel_id)
    return modal("Add feedback", blocks, callback_id=ids.ADD_SUBMIT, note=note, submit="Save")


def saved_words(kind: ChannelKind, *, new: bool, beside: bool = True, has_files: bool = False) -> str:
    """Say that something was saved, or was kept already, and who will see it; not escaped.

    ``beside`` says that the way in lets people say something of it, too.
    """
    files = "Of files, Ballast keeps their names and the words that Slack shows of them." if has_files else None
    known = "This is kept already." + (" What nobody had said of it before is kept beside it." if beside else "")
    first = "Saved as feedback." if new else known
    return " ".join(filter(None, (first, files, _CLOSED.get(kind))))


def _beside(taxonomy: Taxonomy) -> list[Block]:
    personas = [option(persona.name, key) for key, persona in taxonomy.personas.items()]
    sides = [option(f"{side.name}: {side.gloss}", key.value) for key, side in taxonomy.sides.items()]
    themes = {
        side.name: [
            option(f"{theme.name}: {theme.gloss}", theme.key) for theme in taxonomy.themes.values() if theme.side is key
        ]
        for key, side in taxonomy.sides.items()
    }
    return [
        _typed("Note", ids.SAVE_NOTE, longest=_LONGEST_NOTE, hint="What others should know of it.", multiline=True),
        _typed("Account", ids.SAVE_ACCOUNT, hint="The customer company that it is about."),
        _typed("Person", ids.SAVE_PERSON, hint="By name, whose need it is."),
        _chosen("Persona", ids.SAVE_PERSONA, select(personas[:_MOST_OPTIONS], action_id=ids.CHOICE)),
        _chosen("Side", ids.SAVE_SIDE, select(sides, action_id=ids.CHOICE), hint="Who benefits most, if you know."),
        _chosen("Theme", ids.SAVE_THEME, grouped_select(themes, action_id=ids.CHOICE), hint="It decides the side."),
    ]


def _typed(label: str, block_id: str, *, hint: str, longest: int = _LONGEST_NAME, multiline: bool = False) -> Block:
    element = {"type": "plain_text_input", "action_id": ids.TYPED, "max_length": longest, "multiline": multiline}
    return field(label, element, block_id=block_id, hint=hint) | {"optional": True}


def _chosen(label: str, block_id: str, element: Block, *, hint: str | None = None) -> Block:
    return field(label, element, block_id=block_id, hint=hint) | {"optional": True}

"""The form in which an owner confirms what is forgotten: what it is, how much, and that it cannot be undone."""

from __future__ import annotations

from bot.forgetting import held_lines
from bot.views import ids
from bot.views.blocks import Block, context, field, modal, option, section
from bot.views.labels import mention
from bot.views.text import escape
from storage.held import Held, Target
from storage.ids import ChannelId
from storage.vocabulary import Whose

TITLE = "Forget"
LONGEST_NAME = 200
_OF = {
    Whose.REPORTER: "what {} shared or wrote",
    Whose.CHANNEL: "what was said in {}",
    Whose.ACCOUNT: "what is about a customer company",
    Whose.NAME: "every message in which a name stands",
}
_KEPT = "Of each message stays only that something was there, so that it does not come in again. This cannot be undone."


def build_forget(target: Target, held: Held, channel_id: ChannelId, *, changed: bool = False) -> Block:
    """Show what would be erased. Submitting it erases, if it still is as much as was shown.

    A name stands in a field, where Slack hands it back; an id travels in the note.
    """
    named = {Whose.REPORTER: mention(target.value), Whose.CHANNEL: f"<#{target.value}>"}.get(target.whose, "")
    lines = [f"*Erase {_OF[target.whose].format(named)}*", *map(escape, held_lines(held, target.whose))]
    if changed:
        lines.insert(0, "This is not what was counted before. Look again, then erase.")
    blocks = [section("\n".join(lines))]
    if target.whose in {Whose.ACCOUNT, Whose.NAME}:
        blocks.append(_name_field(target.value))
    blocks += [_confirmation(), context(_KEPT)]
    note = ids.write_note(_subject(target, held), channel_id)
    return modal(TITLE, blocks, callback_id=ids.FORGET_SUBMIT, note=note, submit="Go on")


def read_subject(subject: str) -> tuple[Whose, str, str]:
    """Read whose, the id (empty for a name) and how much was shown. Raises ValueError for another's note."""
    whose, value, shown = subject.split(":")
    return Whose(whose), value, shown


def _subject(target: Target, held: Held) -> str:
    value = target.value if target.whose in {Whose.REPORTER, Whose.CHANNEL} else ""
    return f"{target.whose}:{value}:{held.extent}"


def _confirmation() -> Block:
    choices = [option("No, keep it", ids.KEEP), option("Yes, erase it for good", ids.ERASE)]
    radio: Block = {"type": "radio_buttons", "action_id": ids.CHOICE, "options": choices, "initial_option": choices[0]}
    return field("Erase it?", radio, block_id=ids.FORGET_CONFIRM)


def _name_field(value: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": ids.TYPED,
        "initial_value": value[:LONGEST_NAME],
        "max_length": LONGEST_NAME,
    }
    return field("Name", element, block_id=ids.FORGET_NAME)

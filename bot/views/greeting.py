"""The greeting: what Ballast would keep in a channel, asked before anything is kept."""

from __future__ import annotations

from bot.views import ids
from bot.views.blocks import Block, actions, button, section
from bot.views.labels import mention
from bot.views.text import escape
from storage.ids import UserId
from storage.vocabulary import Watch

WATCH_WORDS = {
    Watch.ALL: "every new message",
    Watch.REQUEST: "only messages that somebody hands over",
    Watch.OFF: "nothing",
}
_HELLO = (
    "Ballast shows which side a product team is hearing: the customers who buy the product or the users who work in it."
)


def build_greeting(key: str, *, words_go_to: str, kept_months: int, command: str) -> tuple[str, list[Block]]:
    """Ask a channel how it wants to be watched; ``key`` is the post's and becomes the first block's id.

    Both texts say what is kept, where the words go, for how long and who may choose.
    """
    kept = (
        "If an owner chooses so, the text of each new message in this channel is kept with its author, time and link, "
        f"and sorted into customer and user problems. {words_go_to} Words are kept for {months(kept_months)}, then "
        "erased; counts stay. Nothing is kept until an owner chooses, but for a message that somebody saves with "
        "“Save as feedback”."
    )
    choices = f"Choose here, or with {command} watch all, {command} watch request or {command} unwatch."
    buttons = [
        button("Keep every new message", ids.WATCH_ALL, Watch.ALL),
        button("Only on request", ids.WATCH_REQUEST, Watch.REQUEST),
        button("Keep nothing", ids.WATCH_OFF, Watch.OFF),
    ]
    blocks = [
        section(_HELLO, block_id=key),
        section(escape(kept)),
        actions(buttons, block_id=ids.greeting_choice_block(key)),
    ]
    return escape(f"{_HELLO}\n{kept}\n{choices}"), [*blocks, section(escape(choices))]


def build_choice(key: str, watch: Watch, by: UserId, *, command: str) -> tuple[str, list[Block]]:
    """Say in the channel what was chosen and by whom; takes the place of the question."""
    text = f"{mention(by)} chose: Ballast keeps {WATCH_WORDS[watch]} here. " + escape(
        f"An owner can change that with {command} watch or {command} unwatch."
    )
    return text, [section(text, block_id=key)]


def months(count: int) -> str:
    """Write a number of months."""
    return "1 month" if count == 1 else f"{count} months"

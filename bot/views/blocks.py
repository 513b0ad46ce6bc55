"""Slack's building blocks, made in one place so that Slack's limits live in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.views.text import shorten

Block = dict[str, Any]

SECTION_TEXT = 3000
HEADER_TEXT = 150
_OPTION_TEXT = 75
_TITLE = 24


def mrkdwn(text: str) -> Block:
    """Make a formatted text of escaped parts; ``verbatim`` keeps Slack from linking names and addresses in it."""
    return {"type": "mrkdwn", "text": shorten(text, SECTION_TEXT), "verbatim": True}


def plain(text: str, limit: int = _OPTION_TEXT) -> Block:
    """Make a text that Slack shows as it is."""
    return {"type": "plain_text", "text": shorten(text, limit), "emoji": False}


def header(text: str, *, block_id: str | None = None) -> Block:
    """Make a heading."""
    return _named({"type": "header", "text": plain(text, HEADER_TEXT)}, block_id)


def section(text: str, *, block_id: str | None = None) -> Block:
    """Make a paragraph."""
    return _named({"type": "section", "text": mrkdwn(text)}, block_id)


def context(text: str) -> Block:
    """Make a small line."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(buttons: Sequence[Block], *, block_id: str | None = None) -> Block:
    """Put buttons in a row."""
    return _named({"type": "actions", "elements": list(buttons)}, block_id)


def button(label: str, action_id: str, value: str, *, primary: bool = False) -> Block:
    """Make a button; ``value`` holds ids and at most what was asked, never what somebody said."""
    made = {"type": "button", "text": plain(label), "action_id": action_id, "value": value}
    return made | {"style": "primary"} if primary else made


def option(label: str, value: str) -> Block:
    """Make one choice of a list."""
    return {"text": plain(label), "value": value}


def select(options: Sequence[Block], *, action_id: str, chosen: Block | None = None) -> Block:
    """Make a list to choose one from, with one chosen already where it is among them."""
    made: Block = {"type": "static_select", "action_id": action_id, "options": list(options)}
    return made | {"initial_option": chosen} if chosen in options else made


def grouped_select(groups: Mapping[str, Sequence[Block]], *, action_id: str, chosen: Block | None = None) -> Block:
    """Make a list under headings to choose one from."""
    made: Block = {
        "type": "static_select",
        "action_id": action_id,
        "option_groups": [{"label": plain(label), "options": list(options)} for label, options in groups.items()],
    }
    known = [one for options in groups.values() for one in options]
    return made | {"initial_option": chosen} if chosen in known else made


def field(label: str, element: Block, *, block_id: str, hint: str | None = None) -> Block:
    """Ask for one thing in a modal."""
    made = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    return made | {"hint": plain(hint, 2000)} if hint else made


def modal(title: str, blocks: Sequence[Block], *, callback_id: str, note: str, submit: str | None = None) -> Block:
    """Make a modal; ``note`` holds the ids that come back with what is submitted."""
    made: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, _TITLE),
        "close": plain("Close", _TITLE),
        "private_metadata": note,
        "blocks": list(blocks),
    }
    return made | {"submit": plain(submit, _TITLE)} if submit else made


def _named(block: Block, block_id: str | None) -> Block:
    return block | {"block_id": block_id} if block_id else block

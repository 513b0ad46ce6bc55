"""The picker of an account: which customer a saved message is about, asked of the one who saved it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.views import ids
from bot.views.blocks import Block, actions, button, field, modal, option, section
from bot.views.text import escape, quote
from storage.ids import AccountId, ChannelId, FeedbackId
from storage.records import Feedback
from storage.vocabulary import Source

MOST_LISTED = 100
"""Slack's limit of a list; a longer one is searched as the person types."""
LONGEST_NAME = 200
_QUOTED = 150

Names = Mapping[AccountId, str]
"""What accounts are called, in the order in which they are shown."""


def build_picker(feedback: Feedback, accounts: Names) -> tuple[str, list[Block]]:
    """Ask which account a feedback is about; ``accounts`` are at most one more than a list holds."""
    asked = f"Which account is {_this(feedback)} about? Nothing in it tells."
    choice = [_select(accounts)] if accounts else []
    buttons = [
        button("Another account" if accounts else "Name the account", ids.ACCOUNT_OTHER, str(feedback.feedback_id)),
        button("I don't know", ids.ACCOUNT_UNKNOWN, str(feedback.feedback_id)),
    ]
    return asked, [section(asked), actions([*choice, *buttons], block_id=ids.account_block_id(feedback.feedback_id))]


def build_naming(feedback_id: FeedbackId, channel_id: ChannelId) -> Block:
    """Ask for the name of an account that is not on the list."""
    typed: Block = {"type": "plain_text_input", "action_id": ids.TYPED, "max_length": LONGEST_NAME}
    name = field("Account", typed, block_id=ids.ACCOUNT_NAME, hint="The customer company that the message is about.")
    note = ids.write_note(str(feedback_id), channel_id)
    return modal("Name the account", [name], callback_id=ids.ACCOUNT_SUBMIT, note=note, submit="Save")


def account_options(accounts: Names) -> list[Block]:
    """Make the choices of a list of accounts; each value is an id."""
    return [option(name, str(account_id)) for account_id, name in accounts.items()][:MOST_LISTED]


def _select(accounts: Names) -> Block:
    made: Block = {
        "action_id": ids.ACCOUNT_PICK,
        "placeholder": {"type": "plain_text", "text": "Choose an account", "emoji": False},
    }
    if len(accounts) > MOST_LISTED:
        return {"type": "external_select", "min_query_length": 1, **made}
    return {"type": "static_select", "options": account_options(accounts), **made}


def _this(feedback: Feedback) -> str:
    """Name the feedback: by its link, or a person's own typed words."""
    if feedback.permalink:
        return f"<{escape(feedback.permalink)}|the message that you saved>"
    if feedback.source is Source.COMMAND:
        return f"“{quote(feedback.text, _QUOTED)}”"
    return "the message that you saved"

"""The sub-command that adds what somebody heard elsewhere: on a call, at a fair, in a room."""

from __future__ import annotations

import secrets

from bot.commands.command import Asked, Command, Reply
from bot.errors import InputError
from bot.parts import Parts
from bot.savable import find_where
from bot.saving import save_typed
from bot.views.save import build_add, saved_words
from bot.views.text import escape


def answer_add(parts: Parts, asked: Asked) -> Reply:
    """Save the words that were typed, or open the form that asks for them."""
    where = find_where(parts, asked.team_id, asked.channel_id, called=asked.channel_name)
    key = secrets.token_hex(8)
    if asked.words.strip():
        saved = save_typed(parts, where, asked.words.strip(), asked.person, key=key)
        return Reply(escape(saved_words(saved.kind, new=saved.new)))
    if not asked.trigger:
        message = f"Write what you heard after it: {parts.command} add Acme cannot buy without audit logs."
        raise InputError(message)
    subject = f"{key}:{where.kind.value}"
    taxonomy = parts.taxonomy_of(asked.team_id)
    parts.slack.open_view(asked.trigger, build_add(subject, where.channel_id, where.kind, taxonomy))
    return Reply("Write what you heard in the form.")


ADD_COMMANDS = (
    Command("add", "add [what you heard]", "save what a customer or user said elsewhere", answer_add, verbatim=True),
)

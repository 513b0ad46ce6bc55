"""The picker of an account: what the one who was asked chose, typed or left open, and a long list as they type."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.commands.command import Reply
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.picking import pick_listed, pick_named
from bot.presses import Pressed, Submitted, parse_looked_up
from bot.rights import admit
from bot.views import ids
from bot.views.account_picker import MOST_LISTED, account_options, build_naming
from bot.views.text import escape
from storage.ids import AccountId, FeedbackId

log = logging.getLogger(__name__)


def register(app: App, parts: Parts) -> None:
    """Listen to what is typed into a list that is too long to be sent whole."""

    def handle_typing(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=look_up(parts, body))

    app.options(ids.ACCOUNT_PICK)(handle_typing)


def look_up(parts: Parts, body: Mapping[str, object]) -> list[dict[str, Any]]:
    """Find the accounts that a person types the beginning of; none, where that fails: a list shows no sentence."""
    try:
        looked_up = parse_looked_up(body)
        admit(parts, looked_up.user_id)
        found = parts.store.accounts.search(looked_up.team_id, looked_up.words, limit=MOST_LISTED)
    except Exception as error:  # noqa: BLE001 - whatever it is, Slack waits for a list
        log.warning("accounts could not be looked up: %s", describe(error), extra=said("account.not_found"))
        return []
    return account_options({account.account_id: account.name for account in found})


def pick(parts: Parts, pressed: Pressed) -> Reply:
    """Note the account that was chosen from the list."""
    person = admit(parts, pressed.user_id)
    feedback_id = ids.feedback_of_account_block(pressed.block)
    account_id = AccountId(int(pressed.value))
    return _noted(pick_listed(parts, pressed.team_id, feedback_id, person.user_id, account_id))


def open_naming(parts: Parts, pressed: Pressed) -> None:
    """Open the form in which an account is named that is not on the list."""
    admit(parts, pressed.user_id)
    parts.slack.open_view(pressed.trigger, build_naming(FeedbackId(int(pressed.value)), pressed.channel_id))


def leave_open(parts: Parts, pressed: Pressed) -> Reply:
    """Take the picker away; nobody is asked again."""
    admit(parts, pressed.user_id)
    return Reply("The account stays open. You are not asked again.", in_place=True)


def submit_name(parts: Parts, submitted: Submitted) -> str:
    """Note the account that was typed; return what to say."""
    person = admit(parts, submitted.user_id)
    feedback_id, name = FeedbackId(int(submitted.note.subject)), submitted.inputs.get(ids.ACCOUNT_NAME, "")
    return f"Noted: this is about {pick_named(parts, submitted.team_id, feedback_id, person.user_id, name)}."


def _noted(name: str) -> Reply:
    return Reply(f"Noted: this is about {escape(name)}.", in_place=True)

"""Buttons: of the card (confirm, correct, not a problem) and of the greeting (what to keep)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.commands.answers import answer_more
from bot.commands.backfill import cancel_backfill
from bot.commands.choices import answer_log_more
from bot.commands.command import Reply
from bot.listeners import accounts
from bot.listeners.replies import answer_press
from bot.offering import post_offered
from bot.parts import Parts
from bot.presses import Pressed
from bot.reviewing import Kept, find, judge
from bot.rights import admit, who_decides
from bot.views import ids
from bot.views.digest_offer import parse_offer
from bot.views.greeting import build_choice
from bot.views.ids import greeting_of, parse_press
from bot.views.modals import build_correction
from bot.watching import watch
from storage.vocabulary import Verdict, Watch

Work = Callable[[Parts, Pressed], Reply | str | None]

_OLD_BUTTON = "This button belongs to an older version of Ballast. Open “How Ballast read this” in the message's menu."


def register(app: App, parts: Parts) -> None:
    """Listen to every button; an unknown one, of an older card, is answered with a sentence."""
    for action_id, work in ACTIONS.items():
        app.action(action_id)(_handler(parts, work))
    app.action(re.compile(".+"))(_handler(parts, lambda _parts, _pressed: _OLD_BUTTON))


def _handler(parts: Parts, work: Work) -> Callable[..., None]:
    def handle_press(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        answer_press(parts, respond, body, work)

    return handle_press


def confirm_insight(parts: Parts, pressed: Pressed) -> str | None:
    """Confirm an insight; the card shows it, so only a proposal is answered."""
    return _judge(parts, pressed, Verdict.CONFIRMED)


def reject_insight(parts: Parts, pressed: Pressed) -> str | None:
    """Mark an insight as not a problem."""
    return _judge(parts, pressed, Verdict.REJECTED)


def open_correction(parts: Parts, pressed: Pressed) -> str | None:
    """Open the modal in which labels are corrected."""
    admit(parts, pressed.user_id)
    found = find(parts, pressed.team_id, parse_press(pressed.value).insight_id, pressed.channel_id)
    view = build_correction(found.insight, parts.taxonomy_of(pressed.team_id), found.reviews, pressed.channel_id)
    parts.slack.open_view(pressed.trigger, view)
    return None


def choose_watch(parts: Parts, pressed: Pressed) -> str | None:
    """Set what is kept, and put in the greeting's place who chose what."""
    person = admit(parts, pressed.user_id)
    mode = WATCH_BUTTONS[pressed.action]
    watch(parts, pressed.team_id, pressed.channel_id, mode, person)
    text, blocks = build_choice(greeting_of(pressed.block), mode, person.user_id, command=parts.command)
    parts.slack.update(pressed.channel_id, pressed.message_ts, text=text, blocks=blocks)
    return None


def post_digest_here(parts: Parts, pressed: Pressed) -> str | None:
    """Post the digest that its owner was shown first in the channel that it is for."""
    person = admit(parts, pressed.user_id)
    return post_offered(parts, pressed.team_id, parse_offer(pressed.value), person)


def _judge(parts: Parts, pressed: Pressed, verdict: Verdict) -> str | None:
    person = admit(parts, pressed.user_id)
    press = parse_press(pressed.value)
    found = find(parts, pressed.team_id, press.insight_id, pressed.channel_id)
    if judge(parts, found, verdict, person, seen=press.seen) is Kept.DECIDED:
        return None
    return f"Noted as your proposal. {who_decides(parts, pressed.team_id)}"


WATCH_BUTTONS = {ids.WATCH_ALL: Watch.ALL, ids.WATCH_REQUEST: Watch.REQUEST, ids.WATCH_OFF: Watch.OFF}
ACTIONS: dict[str, Work] = {
    ids.INSIGHT_CONFIRM: confirm_insight,
    ids.INSIGHT_CORRECT: open_correction,
    ids.INSIGHT_REJECT: reject_insight,
    ids.DIGEST_POST: post_digest_here,
    ids.ANSWER_MORE: answer_more,
    ids.LOG_MORE: answer_log_more,
    ids.BACKFILL_CANCEL: cancel_backfill,
    ids.ACCOUNT_PICK: accounts.pick,
    ids.ACCOUNT_OTHER: accounts.open_naming,
    ids.ACCOUNT_UNKNOWN: accounts.leave_open,
    **dict.fromkeys(WATCH_BUTTONS, choose_watch),
}

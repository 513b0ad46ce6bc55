"""The message shortcuts: on any message, in any channel, for any full member."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.listeners.replies import answer_press
from bot.listeners.saving import open_save
from bot.parts import Parts
from bot.presses import Pressed, parse_picked
from bot.rights import admit
from bot.views.ids import READING_OPEN, SAVE_OPEN
from bot.views.modals import build_not_kept, build_reading
from storage.ids import slack_origin

_OLD_SHORTCUT = (
    "This shortcut belongs to another version of Ballast. Whoever runs Ballast can update the app's manifest."
)


def register(app: App, parts: Parts) -> None:
    """Listen to both shortcuts; any other is answered with a sentence."""

    def handle_open_reading(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        answer_press(parts, respond, body, open_reading)

    def handle_open_save(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        answer_press(parts, respond, body, lambda parts, _pressed: open_save(parts, parse_picked(body)))

    def handle_other_shortcut(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        answer_press(parts, respond, body, lambda _parts, _pressed: _OLD_SHORTCUT)

    app.message_shortcut(READING_OPEN)(handle_open_reading)
    app.message_shortcut(SAVE_OPEN)(handle_open_save)
    app.shortcut(re.compile(".+"))(handle_other_shortcut)


def open_reading(parts: Parts, pressed: Pressed) -> None:
    """Open the modal that shows how the message was read, or why it was not."""
    admit(parts, pressed.user_id)
    origin = slack_origin(pressed.channel_id, pressed.message_ts)
    feedback = parts.store.history.by_origin(pressed.team_id, origin)
    if feedback is None:
        view = build_not_kept(pressed.channel_id, parts.command)
    else:
        shown = [insight.insight_id for insight in feedback.insights]
        reviews = parts.store.reviews.last_verdicts(pressed.team_id, shown)
        view = build_reading(feedback, parts.taxonomy_of(pressed.team_id), reviews, pressed.channel_id)
    parts.slack.open_view(pressed.trigger, view)

"""The slash command: admit who asks, find the sub-command, reply."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond

from bot.commands.command import Asked, Reply
from bot.commands.table import answer
from bot.listeners.replies import answer_command
from bot.parts import Parts
from bot.port import PersonFacts
from bot.presses import Typed, parse_typed
from bot.rights import admit


def register(app: App, parts: Parts) -> None:
    """Listen to the configured command."""

    def handle_command(ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        def work() -> Reply:
            typed = parse_typed(body)
            person = admit(parts, typed.user_id)
            return answer(parts, _asked(typed, person))

        answer_command(ack, respond, work, team=body.get("team_id"), user=body.get("user_id"))

    app.command(parts.command)(handle_command)


def _asked(typed: Typed, person: PersonFacts) -> Asked:
    return Asked(typed.team_id, typed.channel_id, person, typed.words, typed.trigger, typed.channel_name)

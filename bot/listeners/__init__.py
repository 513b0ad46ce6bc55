"""The listening side's edge: each surface parses what came, calls a use case and renders its answer."""

from __future__ import annotations

from slack_bolt import App

from bot.listeners import accounts, actions, commands, events, modals, shortcuts
from bot.parts import Parts


def register(app: App, parts: Parts) -> None:
    """Register every listener, so that nothing Slack sends goes unanswered."""
    events.register(app)
    commands.register(app, parts)
    accounts.register(app, parts)
    actions.register(app, parts)
    shortcuts.register(app, parts)
    modals.register(app, parts)

"""Events: acknowledged each and all, for capture has already done what they ask; and one listener for errors."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt import App, BoltContext

from bot.failure import describe
from bot.logs import said

log = logging.getLogger(__name__)

_ANY = re.compile(".+")


def register(app: App) -> None:
    """Acknowledge every subscribed event: an unanswered one counts as a failure and comes again."""
    app.event(_ANY)(handle_event)
    app.error(handle_error)


def handle_event(event: dict[str, Any]) -> None:
    """Note that an event came; nothing is left to do."""
    log.debug("an event was acknowledged", extra=said("event.acknowledged", kind=event.get("type")))


def handle_error(error: Exception, context: BoltContext) -> None:
    """Note what failed, by its place. What Slack is answered stays as Bolt decided: 500, so that it comes again."""
    log.error("a delivery failed: %s", describe(error), extra=said("delivery.failed", team=context.team_id))

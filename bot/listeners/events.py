"""What fails in a delivery is noted. Events have no listener: capture takes them in and acknowledges them."""

from __future__ import annotations

import logging

from slack_bolt import App, BoltContext

from bot.failure import describe
from bot.logs import said

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Note whatever fails on the way."""
    app.error(handle_error)


def handle_error(error: Exception, context: BoltContext) -> None:
    """Note what failed, by its place. What Slack is answered stays as Bolt decided: 500, so that it comes again."""
    log.error("a delivery failed: %s", describe(error), extra=said("delivery.failed", team=context.team_id))

"""Deleting what was kept of workspaces that removed Ballast, beside everything else and again after a stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.logs import said
from storage.leaving import Leaving

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Deleter:
    """Do turns of deleting. Several processes may do so at once: each lot is committed by itself."""

    leaving: Leaving
    is_stopping: Callable[[], bool]

    def turn(self) -> float | None:
        """Delete a lot of each workspace that was left; return the seconds until there is more to delete."""
        teams = self.leaving.teams()
        for team_id in teams:
            if self.is_stopping():
                return None
            if self.leaving.delete_some(team_id):
                log.warning("Everything that was kept of it is deleted.", extra=said("workspace.deleted", team=team_id))
        return 0.0 if teams else None

    def finish(self, announce: Callable[[str], None]) -> None:
        """Delete all that a stop left over, and say so; returns early when asked to stop again."""
        if self.leaving.teams():
            announce("Deleting what was kept of a workspace that removed Ballast.")
            while self.turn() is not None:
                pass

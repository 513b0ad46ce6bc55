"""Opening the history for a command that keeps something in it, be there a Slack workspace or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.build import build_store, open_history, utc_now
from bot.cli.digest import choose_team
from bot.keeping import TERMINAL, remember_terminal
from bot.parts import Store
from bot.settings import Settings
from storage.ids import TeamId


@contextmanager
def history_of(settings: Settings, team: str | None) -> Iterator[tuple[Store, TeamId]]:
    """Open the history of a workspace; of the terminal's own where there is no other."""
    database = open_history(settings)
    try:
        store = build_store(database)
        if team == TERMINAL or (team is None and not store.workspaces.teams()):
            remember_terminal(store.workspaces, utc_now())
            yield store, TERMINAL
        else:
            yield store, choose_team(store, team)
    finally:
        database.close()

"""Opening the history for a command that looks, or keeps something in it, be there a Slack workspace or none."""

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
def history_of(settings: Settings, team: str | None, *, keeps: bool = False) -> Iterator[tuple[Store, TeamId]]:
    """Open the history of a workspace; of the terminal's own where there is no other, which looking does not make."""
    database = open_history(settings)
    try:
        store = build_store(database)
        if team == TERMINAL or (team is None and not store.workspaces.teams()):
            if keeps:
                remember_terminal(store.workspaces, utc_now())
            yield store, TERMINAL
        else:
            yield store, choose_team(store, team)
    finally:
        database.close()


def name_of(store: Store, team_id: TeamId) -> str:
    """Name a workspace's history for people."""
    workspace = None if team_id == TERMINAL else store.workspaces.find(team_id)
    return f"{workspace.name} ({team_id})" if workspace else "the terminal's own history"


def kept_in(store: Store, team_id: TeamId) -> str:
    """Say in a sentence which history something was put into, and what that means for Slack."""
    apart = ", which no Slack workspace reads: once one is connected, do this again" if team_id == TERMINAL else ""
    return f"Kept in {name_of(store, team_id)}{apart}."

"""What is known where a delivery was said: the one question that every delivery asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select, true

from storage.database import Database
from storage.ids import ChannelId, TeamId
from storage.records import Channel, Workspace
from storage.rows import ChannelRow, WorkspaceRow
from storage.rules import CaptureRules, rules_of, what_was_chosen
from storage.workspaces import channel_of

_NOWHERE = ChannelId("")
"""Where a delivery names no channel: no channel has this id."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Hold where something was said, and what is taken in there."""

    workspace: Workspace
    channel: Channel | None
    """None where the bot never met it, and where the delivery names none."""
    rules: CaptureRules


class Scenes:
    """Read what holds in a channel; always what is committed now, for another process may have changed it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team_id: TeamId, channel_id: ChannelId | None) -> Scene | None:
        """Read workspace, channel and rules by one statement; None for a workspace that is not known.

        Asked one by one they take two and a half times as long, and what they said could be of three moments.
        """
        asked = {"team_id": team_id, "channel_id": channel_id or _NOWHERE}
        with self._database.asking() as connection:
            rows = connection.execute(_scene(), asked).all()
        return _of_rows(rows) if rows else None


@cache
def _scene() -> Select[Any]:
    """Give the statement, made once: a row for each thing chosen, and one where nothing is."""
    # Columns that nobody reads are left out: each is looked through in every row.
    workspaces, channels = WorkspaceRow.__table__, ChannelRow.__table__
    here_is_known = and_(workspaces.c.team_id == bindparam("team_id"), workspaces.c.left_at.is_(None))
    here = and_(channels.c.team_id == workspaces.c.team_id, channels.c.channel_id == bindparam("channel_id"))
    choices = what_was_chosen().subquery("choices")
    named = [workspaces.c[name].label(f"workspace_{name}") for name in _of(Workspace)]
    met = [channels.c[name] for name in _of(Channel)]
    said = [choices.c[name].label(f"chosen_{name}") for name in ("kind", "name", "value")]
    joined = workspaces.outerjoin(channels, here).outerjoin(choices, true())
    return select(*named, *met, *said).select_from(joined).where(here_is_known)


def _of(record: type[Workspace | Channel]) -> list[str]:
    return [field.name for field in fields(record)]


def _of_rows(rows: Sequence[Row[Any]]) -> Scene:
    first = rows[0]
    said = [(row.chosen_kind, row.chosen_name, row.chosen_value) for row in rows if row.chosen_kind is not None]
    workspace = Workspace(
        team_id=first.workspace_team_id,
        name=first.workspace_name,
        url=first.workspace_url,
        bot_id=first.workspace_bot_id,
        bot_user_id=first.workspace_bot_user_id,
        enterprise_id=first.workspace_enterprise_id,
    )
    return Scene(workspace, None if first.channel_id is None else channel_of(first), rules_of(said))

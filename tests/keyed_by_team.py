"""Every statement on rows of a team names the team: held to in whatever a test asks of a history."""

from __future__ import annotations

import inspect
import re
from typing import Any

from sqlalchemy import Delete, Engine, Update, event

from storage.rows import Row, WorkspaceRow

_OF_TEAMS = {name for name, table in Row.metadata.tables.items() if "team_id" in table.c} - {WorkspaceRow.__tablename__}
_NAMED = re.compile(r"\b(?:FROM|UPDATE|JOIN)\s+(\w+)")
_BEHIND = re.compile(r" (?:RETURNING|ORDER BY) ")
_KEY = re.compile(r"\bteam_id (?:= |IN \()(?:[?%]|workspaces\.team_id|SELECT 1 FROM)")
"""The team as it was given, none at all, or workspace by workspace; that two rows are of one team keys neither."""
_NOTHING = {"0 = 1", "false"}
"""What a condition that no row meets is written as."""


def hold_to_teams(engine: Engine) -> None:
    """Fail what runs a statement of the history that would meet the rows of every team; a test may look at all."""
    sound: set[str] = set()

    def check(_connection: object, _cursor: object, statement: str, _values: object, context: Any, _many: bool) -> None:
        if statement in sound or _is_of_the_session(context):
            return
        if _is_keyed(statement):
            sound.add(statement)
        else:
            assert _asking() != "storage", f"this statement names no team: {statement}"

    event.listen(engine, "before_cursor_execute", check)


def _is_keyed(statement: str) -> bool:
    written = " ".join(statement.split())
    if written.startswith("INSERT") or not _OF_TEAMS & set(_NAMED.findall(written)):
        return True
    conditions = _BEHIND.split(written.partition(" WHERE ")[2])[0]
    return _KEY.search(conditions) is not None or conditions in _NOTHING


def _asking() -> str | None:
    """Tell whose statement it is: the package of ours that is nearest in the chain of calls."""
    frame = inspect.currentframe()
    while frame is not None:
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package in {"storage", "bot", "tests"} and frame.f_globals["__name__"] != __name__:
            return package
        frame = frame.f_back
    return None


def _is_of_the_session(context: Any) -> bool:
    """Tell what the session writes for a row that it has read, by its key: that it was read under its team is held."""
    compiled = getattr(context, "compiled", None)
    # What is written in ``storage`` names mapped classes, and is of a class of its own for that.
    return compiled is None or type(compiled.statement) in {Update, Delete}

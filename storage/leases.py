"""What everything that is claimed has in common: due rows under a lease."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Subquery, func, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.ids import TeamId
from storage.rows import WorkspaceRow


def due_claims(
    key: InstrumentedAttribute[Any],
    next_at: InstrumentedAttribute[datetime],
    *conditions: ColumnElement[bool],
    at: datetime,
    limit: int,
) -> CTE:
    """Pick the keys of due rows, longest due first, past those that another claim holds.

    A common table expression because PostgreSQL would run a plain subquery with LIMIT more than once and
    claim too many; one with FOR UPDATE in it is run once.
    """
    picked = select(key).where(*conditions, next_at <= at).order_by(next_at, key).limit(limit)
    return picked.with_for_update(skip_locked=True).cte("picked")


def earliest_a_team(
    team_id: InstrumentedAttribute[TeamId], next_at: InstrumentedAttribute[datetime], *conditions: ColumnElement[bool]
) -> Subquery:
    """Tell for each workspace when its first row is due: one look into the index a workspace, no full scan."""
    first = select(func.min(next_at)).where(team_id == WorkspaceRow.team_id, *conditions)
    earliest = select(WorkspaceRow.team_id, first.correlate(WorkspaceRow).scalar_subquery().label("earliest"))
    return earliest.where(WorkspaceRow.left_at.is_(None)).subquery()


def seconds_until(earliest: datetime | None, at: datetime) -> float | None:
    """Measure the wait; 0 when it is over, None when there is nothing to wait for."""
    return None if earliest is None else max(0.0, (earliest - at).total_seconds())

"""The personas that a team added: few, told apart by their keys, which are labels and outlast them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from classifiers.vocabulary import Persona, PersonaEntry
from storage.asking import stands_for
from storage.database import Database
from storage.ids import TeamId, UserId
from storage.rows import ClassificationRow, FeedbackRow, InsightRow, TeamPersonaRow
from storage.statements import changed, insert_once
from storage.vocabulary import Standing
from storage.workspaces import lock_workspace

MOST = 50
"""Personas a team: more are no personas, and a list in Slack shows a hundred with those that ship."""


class Personas:
    """Keep a team's own personas."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team_id: TeamId) -> Sequence[PersonaEntry]:
        """List the personas that the team added, by key; there are never more than ``MOST``."""
        wanted = select(TeamPersonaRow).where(TeamPersonaRow.team_id == team_id).order_by(TeamPersonaRow.key)
        with self._database.reading() as session:
            return [_persona(row) for row in session.scalars(wanted.limit(MOST))]

    def add(self, team_id: TeamId, persona: PersonaEntry, by: UserId, at: datetime) -> bool:
        """Add a persona; False, and nothing is written, where its key is taken or the team has ``MOST``."""
        values = {
            "team_id": team_id,
            "key": persona.key,
            "name": persona.name,
            "gloss": persona.gloss,
            "definition": persona.definition,
            "motivations": persona.motivations,
            "pains": persona.pains,
            "success": persona.success,
            "aliases": "\n".join(persona.aliases),
            "examples": "\n".join(persona.examples),
            "added_by": by,
            "added_at": at,
        }
        counted = select(func.count()).where(TeamPersonaRow.team_id == team_id)
        with self._database.writing() as session:
            lock_workspace(session, team_id)
            if (session.scalar(counted) or 0) >= MOST:
                return False
            return insert_once(session, TeamPersonaRow, values, returning=TeamPersonaRow.key) is not None

    def remove(self, team_id: TeamId, key: Persona) -> int | None:
        """Remove a persona and return how many problems carry it; they keep their label. None where it is not there."""
        gone = delete(TeamPersonaRow).where(TeamPersonaRow.team_id == team_id, TeamPersonaRow.key == key)
        carrying = (
            select(func.count())
            .select_from(InsightRow)
            .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
            .join(ClassificationRow, ClassificationRow.classification_id == InsightRow.classification_id)
            .where(
                InsightRow.team_id == team_id,
                InsightRow.current_persona == key,
                InsightRow.current_standing != Standing.REJECTED,
                stands_for(),
            )
        )
        with self._database.writing() as session:
            return session.scalar(carrying) or 0 if changed(session, gone) else None


def _persona(row: TeamPersonaRow) -> PersonaEntry:
    return PersonaEntry(
        key=Persona(row.key),
        name=row.name,
        gloss=row.gloss,
        definition=row.definition,
        aliases=tuple(row.aliases.splitlines()),
        examples=tuple(row.examples.splitlines()),
        motivations=row.motivations,
        pains=row.pains,
        success=row.success,
    )

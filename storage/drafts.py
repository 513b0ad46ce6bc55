"""Messages that are about to be saved: kept while a form is open or until they are settled, never over an hour."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from storage.database import Database, leave_words
from storage.ids import ChannelId, DraftId, TeamId, Ts, UserId
from storage.rows import DraftRow
from storage.statements import count_changed
from storage.vocabulary import ChannelKind

KEPT_FOR = timedelta(hours=1)
"""A form that is older is forgotten, and so is the message: its words were never saved."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a message that somebody has begun to save."""

    team_id: TeamId
    channel_id: ChannelId
    channel_kind: ChannelKind
    ts: Ts
    made_by: UserId
    message: Mapping[str, Any]
    """As Slack handed it over."""


class Drafts:
    """Keep a message while its form is open."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, draft: Draft, at: datetime) -> DraftId:
        """Keep a message and name it; those of the workspace whose time is over go."""
        draft_id = DraftId(secrets.token_hex(16))
        row = DraftRow(
            draft_id=draft_id,
            team_id=draft.team_id,
            channel_id=draft.channel_id,
            channel_kind=draft.channel_kind,
            ts=draft.ts,
            made_by=draft.made_by,
            made_at=at,
            message=json.dumps(draft.message, ensure_ascii=True, default=ascii),
        )
        with self._database.writing() as session:
            _delete(session, DraftRow.team_id == draft.team_id, DraftRow.made_at <= at - KEPT_FOR)
            session.add(row)
        return draft_id

    def find(self, team_id: TeamId, draft_id: DraftId, made_by: UserId) -> Draft | None:
        """Find the message of a form; None when the form is too old, the message gone, or somebody else's."""
        mine = (DraftRow.team_id == team_id, DraftRow.draft_id == draft_id, DraftRow.made_by == made_by)
        with self._database.reading() as session:
            row = session.scalars(select(DraftRow).where(*mine)).one_or_none()
        return None if row is None else _draft_of(row)

    def of_message(self, team_id: TeamId, channel_id: ChannelId, ts: Ts) -> Draft | None:
        """Find the newest draft of a message, whoever made it; None when there is none."""
        wanted = select(DraftRow).where(*_of(team_id, channel_id, ts)).order_by(DraftRow.made_at.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalars(wanted).one_or_none()
        return None if row is None else _draft_of(row)

    def drop(self, team_id: TeamId, draft_id: DraftId) -> None:
        """Let go of a message whose form is at its end."""
        with self._database.writing() as session:
            _delete(session, DraftRow.team_id == team_id, DraftRow.draft_id == draft_id)

    def drop_message(self, team_id: TeamId, channel_id: ChannelId, ts: Ts) -> None:
        """Let go of a message that was changed or deleted in Slack, whoever has its form open."""
        if self.of_message(team_id, channel_id, ts) is not None:
            with self._database.writing() as session:
                _delete(session, *_of(team_id, channel_id, ts))

    def drop_old(self, team_id: TeamId, at: datetime) -> None:
        """Let go of what is an hour old; where nothing is, nothing is written."""
        old = DraftRow.team_id == team_id, DraftRow.made_at <= at - KEPT_FOR
        with self._database.reading() as session:
            if session.scalar(select(DraftRow.draft_id).where(*old).limit(1)) is None:
                return
        with self._database.writing() as session:
            _delete(session, *old)


def _of(team_id: TeamId, channel_id: ChannelId, ts: Ts) -> tuple[ColumnElement[bool], ...]:
    return DraftRow.team_id == team_id, DraftRow.channel_id == channel_id, DraftRow.ts == ts


def _delete(session: Session, *conditions: ColumnElement[bool]) -> None:
    if count_changed(session, delete(DraftRow).where(*conditions)):
        leave_words(session)


def _draft_of(row: DraftRow) -> Draft:
    return Draft(
        team_id=row.team_id,
        channel_id=row.channel_id,
        channel_kind=row.channel_kind,
        ts=row.ts,
        made_by=row.made_by,
        message=json.loads(row.message),
    )

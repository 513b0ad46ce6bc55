"""The base of every row: constraints are named, so that a migration can name what it changes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from storage.columns import StorableText, UtcDateTime
from storage.ids import ChannelId, DraftId, Origin, TeamId, Token, Ts, UserId

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_TEXT = StorableText()
"""Ids too have no length: PostgreSQL alone would hold one, and refuse a message for it."""


class Row(DeclarativeBase):
    """One table a subclass; every table but the workspaces' begins with the team."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        str: _TEXT,
        TeamId: _TEXT,
        ChannelId: _TEXT,
        UserId: _TEXT,
        Ts: _TEXT,
        Token: _TEXT,
        Origin: _TEXT,
        DraftId: _TEXT,
    }

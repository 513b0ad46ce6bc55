"""The base of every row: constraints are named, so that a migration can name what it changes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase

from storage.columns import UtcDateTime
from storage.ids import ChannelId, Origin, TeamId, Token, Ts, UserId

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """One table a subclass; every table but the workspaces' begins with the team."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        str: Text,
        TeamId: String(32),
        ChannelId: String(32),
        UserId: String(32),
        Ts: String(32),
        Token: String(64),
        Origin: String(255),
    }

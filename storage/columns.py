"""Column types that the vendors lack: aware UTC times, storable text, and enums by value under a named check."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, Text
from sqlalchemy.types import TypeDecorator

from storage.text import clean


class UtcDateTime(TypeDecorator[datetime]):
    """Store an aware datetime as UTC and give it back aware.

    Rule: a naive datetime is refused, for nobody can say which instant it means. SQLite keeps no zone,
    hence the conversion both ways.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a naive time; hand the driver UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a datetime without a zone cannot be stored; make it aware"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Give back aware UTC, whatever the driver made of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorableText(TypeDecorator[str]):
    """Store text without the characters that no database takes; see ``storage.text.clean``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Clean what goes in, words, names and what is searched for alike."""
        return None if value is None else clean(value)


BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A primary key that grows by itself on both databases: SQLite does so for INTEGER alone."""


def by_value(kind: type[StrEnum], name: str) -> Enum:
    """Store an enum by its value, not its name, with a check constraint of that name."""
    return Enum(kind, native_enum=False, length=32, create_constraint=True, name=name, values_callable=_values)


def _values(kind: type[Any]) -> list[str]:
    return [member.value for member in kind]

"""Column types that the vendors lack: aware UTC times, and enums stored by value under a named check."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Store an aware datetime as UTC and give it back aware.

    Rule: a naive datetime is refused, for nobody can say which instant it means. SQLite keeps no zone,
    hence the conversion both ways.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; hand the driver UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a datetime without a zone cannot be stored; make it aware"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC, whatever the driver made of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A primary key that grows by itself on both databases: SQLite does so for INTEGER alone."""


def by_value(kind: type[StrEnum], name: str) -> Enum:
    """Store an enum by its value, not its name, with a check constraint of that name."""
    return Enum(kind, native_enum=False, length=32, create_constraint=True, name=name, values_callable=_values)


def _values(kind: type[Any]) -> list[str]:
    return [member.value for member in kind]

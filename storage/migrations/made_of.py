"""What the steps make tables of: types, and constraints by the names that ``storage.rows.base`` gives them."""

from __future__ import annotations

import sqlalchemy as sa

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
WORD = sa.String(32)


def one_of(table: str, column: str, *words: str) -> sa.CheckConstraint:
    """Let a column hold one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=sa.schema.conv(f"ck_{table}_{column}"))


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """Let a row go with the row of another table that it names by a column of the same name."""
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.{column}"], name=name, ondelete="CASCADE")


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Let no two rows agree in all of these columns."""
    return sa.UniqueConstraint(*columns, name="_".join(("uq", table, *columns)))

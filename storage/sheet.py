"""What a sheet of an export is: a file of lines of one kind, its columns, and what each means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Field:
    """Describe one column of a sheet."""

    name: str
    meaning: str
    column: Column | ColumnElement[Any]
    is_person: bool = False
    """Whether it names a member of the workspace, or whoever wrote the words."""
    is_words: bool = False
    """Whether it is left empty where the words may not be shown."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Describe one file: what each line of it is, its columns, and the columns that order its rows."""

    name: str
    line: str
    fields: tuple[Field, ...]
    key: tuple[Column, ...]
    of_feedback: Column | ColumnElement[Any] | None = None
    """Names the feedback that a row belongs to, whose channel decides whether it comes out."""
    is_about_people: bool = False
    """Whether the whole sheet is left out where people are."""

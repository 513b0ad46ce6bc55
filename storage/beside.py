"""What people said of a feedback when they saved it, beside the words themselves."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.vocabulary import Persona, Side, Theme
from storage.ids import UserId


@dataclass(frozen=True, slots=True)
class SaidBeside:
    """Know what people said of a feedback when they saved it, as far as they did."""

    note: str | None = None
    person: str | None = None
    """Whose need it is, by name."""
    stated_by: UserId | None = None
    """Who said the following; where it fits a problem that was found, it is a review of that one as well."""
    side: Side | None = None
    theme: Theme | None = None
    persona: Persona | None = None


NOTHING_SAID = SaidBeside()

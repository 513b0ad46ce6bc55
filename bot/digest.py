"""The digest of a period: a value made of the history. Views render it; nothing here knows how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.balance import Balance
from bot.period import Period
from classifiers.vocabulary import Persona, Side, Theme
from storage.vocabulary import Voice


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """Count one week of the trend, oldest first."""

    period: Period
    customer: int
    user: int


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """Count one theme in the period."""

    theme: Theme
    side: Side
    problems: int
    change: int | None
    """Against the period of the same length before; None when there is no such period in the history."""
    accounts: int


@dataclass(frozen=True, slots=True)
class PersonaLine:
    """Count one persona in the period, and how its problems divide."""

    persona: Persona
    problems: int
    customer: int
    user: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Quote what somebody said, verbatim and unescaped: a view escapes it."""

    side: Side
    theme: Theme
    persona: Persona
    words: str
    voice: Voice
    said_at: datetime | None
    """None for an imported message whose file does not tell."""
    account: str | None
    permalink: str | None


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Count what is not in the balance and why."""

    unsure: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Digest:
    """Hold everything that a digest shows."""

    period: Period
    messages: int
    """Feedback said in the period, with or without a problem in it."""
    balance: Balance
    trend: tuple[WeekPoint, ...]
    """The last twelve weeks, this one included; fewer where the history is younger."""
    themes: Mapping[Side, tuple[ThemeLine, ...]]
    """The most frequent first; ``reliability`` apart."""
    bugs: ThemeLine | None
    """``reliability``, shown apart from the balance; None when there was none."""
    personas: tuple[PersonaLine, ...]
    quotes: Mapping[Side, tuple[Quote, ...]]
    """First-hand before relayed, one a theme before a second of the same."""
    awaiting: Awaiting
    warnings: tuple[str, ...]
    """Plain sentences: "Only one account was heard on the customer side.\""""
    over_budget: int = 0
    """Messages that the local classifier read because the day's tokens for the language model were spent."""

"""The words that a text needs: side, theme, persona, labels, evidence, insight, classification.

Everything here is a frozen value made of the standard library alone, so that any part may hold it.
Offsets are half-open, in code points of the text exactly as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

Theme = NewType("Theme", str)
"""The key of a theme in the taxonomy, such as ``compliance``."""

Persona = NewType("Persona", str)
"""The key of a persona in the taxonomy or of one that a team added, such as ``economic_buyer``."""

UNKNOWN_PERSONA = Persona("unknown")


class Side(StrEnum):
    """Who benefits most when a problem is solved."""

    CUSTOMER = "customer"
    """Those who buy, approve or govern."""
    USER = "user"
    """Those who work in the product."""


class FeedbackSide(StrEnum):
    """The side of a whole text, always derived from its insights and never stored."""

    CUSTOMER = "customer"
    USER = "user"
    BOTH = "both"
    NEITHER = "neither"


class Stake(StrEnum):
    """What depends on an insight, when the text itself says so."""

    PURCHASE = "purchase"
    RENEWAL = "renewal"
    WORK_STOPPED = "work_stopped"
    NONE = "none"


class Hindrance(StrEnum):
    """Why the classifier that was to be asked first did not answer, so that another one did."""

    BUDGET = "budget"
    """The workspace's tokens of the day are spent, or it allows none."""
    RESTING = "resting"
    """It failed repeatedly just before, and is left alone for a while."""
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    UNUSABLE = "unusable"
    """It replied, and the reply could not be used."""


@dataclass(frozen=True, slots=True)
class PersonaEntry:
    """Describe one persona, shipped or added by a team, and the words that find it."""

    key: Persona
    name: str
    gloss: str
    definition: str
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    motivations: str = ""
    pains: str = ""
    success: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold what a classifier decides and a person may change; made by ``Taxonomy.labels``."""

    side: Side
    theme: Theme
    persona: Persona


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold the exact words that carry the labels, and where they stand: ``text[start:end] == quote``."""

    quote: str
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty quote and offsets that do not measure it: no evidence, no insight."""
        if not self.quote.strip() or self.start < 0 or self.end - self.start != len(self.quote):
            message = f"evidence of {len(self.quote)} characters cannot stand at {self.start}:{self.end}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Remarks:
    """Hold what a classifier may add to an insight; each is empty unless the text says so."""

    persona_stated: bool | None = None
    """Whether the text names the role; None when the classifier does not tell."""
    rationale: str | None = None
    account: str | None = None
    stake: Stake = Stake.NONE
    stake_quote: str | None = None


NO_REMARKS = Remarks()


@dataclass(frozen=True, slots=True)
class Insight:
    """Hold one problem found in a text."""

    labels: Labels
    evidence: Evidence
    confidence: float
    """How likely, 0 to 1, side, theme and quote are right; it says nothing of the persona.

    Calibrated for the local classifier; of a language model it is one of three steps, and no measurement.
    """
    unsure: bool
    """Below the calibrated threshold: shown apart and left out of the balance until a person decides."""
    remarks: Remarks = NO_REMARKS


@dataclass(frozen=True, slots=True)
class Usage:
    """Hold what a classification cost; zero where nothing was bought."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """In the currency of the configured prices; None when no prices are configured."""
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        """Return what both cost together; the cost is known as far as either's is."""
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=sum(costs) if costs else None,
            seconds=self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Hold who decided: the classifier, its model and, for a prompted one, the prompt's version."""

    classifier: str
    model: str
    prompt_version: str | None = None
    fallback: bool = False
    """Whether another classifier was to be asked first and could not answer: worth asking again later."""
    hindrance: Hindrance | None = None
    """Why it could not; None where there was no fall-back."""
    memory: bool = False
    """Whether corrected examples changed a label."""
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Classification:
    """Hold what one classifier found in one text: its insights in reading order, and who decided."""

    insights: tuple[Insight, ...]
    provenance: Provenance

    @property
    def side(self) -> FeedbackSide:
        """Derive the side of the whole text."""
        return feedback_side(insight.labels.side for insight in self.insights)

    @property
    def persona(self) -> Persona:
        """Name the persona of the most prominent problem, which is the first."""
        return self.insights[0].labels.persona if self.insights else UNKNOWN_PERSONA


def feedback_side(sides: Iterable[Side]) -> FeedbackSide:
    """Derive a feedback's side from the sides of its insights: one, both, or neither when there is none."""
    found = set(sides)
    if len(found) == len(Side):
        return FeedbackSide.BOTH
    return FeedbackSide(found.pop().value) if found else FeedbackSide.NEITHER

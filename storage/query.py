"""What can be asked of the history: a value that knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from classifiers.vocabulary import Persona, Side, Theme
from storage.ids import ChannelId, TeamId
from storage.vocabulary import Standing


@dataclass(frozen=True, slots=True)
class Query:
    """Ask for insights of one team. ``audience`` is the channel that will see the answer.

    Rule: words from a channel that is not public are given only when ``audience`` is that very channel; with
    no audience only public ones are given. Not public is a channel that was not when the words were captured,
    or is not now. Where an owner lets such a channel count elsewhere, its insights come with labels and account but
    without words and link, and to a query with ``words`` not at all. The period is half open:
    ``since <= said_at < until``.
    """

    team_id: TeamId
    since: datetime
    until: datetime
    audience: ChannelId | None = None
    side: Side | None = None
    persona: Persona | None = None
    theme: Theme | None = None
    account: str | None = None
    """A name as people write it: case and compatibility form do not matter."""
    words: str | None = None
    """Every one of these words occurs in the feedback's text (case and compatibility form folded)."""
    standings: frozenset[Standing] = frozenset({Standing.SURE})

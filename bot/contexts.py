"""What a team brings to the reading of its texts: its taxonomy, what it corrected, and whether it may spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.parts import Clock, Store
from bot.period import day_of, days
from classifiers.memory import Corrected, Embed, Memory
from classifiers.protocol import Context, Recall, recall_nothing
from classifiers.taxonomy import Taxonomy
from storage.ids import TeamId
from storage.taught import Stamp

REMEMBERED = 1000
"""Passages of a team that are remembered, the latest judged: about 4 MB."""
Unbooked = Callable[[], int]
"""Tells how many tokens were spent that stand with no classification in the history."""


def book_all() -> int:
    """Count nothing besides: a reading of which every classification is stored."""
    return 0


@dataclass(frozen=True, slots=True)
class TeamContexts:
    """Make contexts; memories are kept until what they hold has changed."""

    store: Store
    taxonomy_of: Callable[[TeamId], Taxonomy]
    clock: Clock
    zone: str
    """The zone whose days a budget is for."""
    embed: Embed | None
    """None where nothing is to be remembered."""
    daily_tokens: int | None
    """What a workspace may spend in a day of the configured zone; None for no limit, 0 for nothing."""
    memories: dict[TeamId, tuple[Stamp, Memory]] = field(default_factory=dict)

    def of(self, team_id: TeamId, unbooked: Unbooked = book_all) -> Context:
        """Make the context of a team as it is now."""
        return Context(
            taxonomy=self.taxonomy_of(team_id),
            recall=self._recall(team_id),
            may_spend=partial(self.may_spend, team_id, unbooked),
        )

    def may_spend(self, team_id: TeamId, unbooked: Unbooked) -> bool:
        """Tell whether the team has tokens left for today; what is being read this moment is not counted yet."""
        if not self.daily_tokens:
            return self.daily_tokens is None
        today = day_of(self.clock(), self.zone)
        began_at = days(today, today + timedelta(days=1), self.zone).start
        return self.store.readings.tokens_since(team_id, began_at) + unbooked() < self.daily_tokens

    def _recall(self, team_id: TeamId) -> Recall:
        if self.embed is None:
            return recall_nothing
        stamp = self.store.reviews.stamp(team_id)
        known = self.memories.get(team_id)
        if known is None or known[0] != stamp:
            judged = self.store.reviews.taught(team_id, limit=REMEMBERED)
            known = stamp, Memory([Corrected(one.quote, one.labels) for one in judged], self.embed)
            self.memories[team_id] = known
        return known[1].recall

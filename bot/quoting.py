"""Choose the few quotes that a digest shows, from a stream of any length."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.balance import account_key
from classifiers.vocabulary import Theme
from storage.records import Heard
from storage.vocabulary import Voice

_NEARNESS = {Voice.FIRST_HAND: 0, Voice.RELAYED: 1, Voice.DOCUMENT: 2}


@dataclass(slots=True)
class Quotes:
    """Keep the best quotes of one side.

    Rule: pick one after the other; each time the best that is left by voice (first-hand, relayed, document), then by
    how often its theme was picked, then its account (all that name none are one), then the surer, then the newer.

    Flat memory: of each voice and theme it keeps ``most`` accounts by their best quote, and ``most`` quotes of each.
    That suffices, for one of ``most`` accounts is always unpicked, and with fewer accounts all are kept.
    """

    most: int
    cells: dict[tuple[Voice, Theme], dict[str | None, list[Heard]]] = field(default_factory=dict)

    def offer(self, heard: Heard) -> None:
        """Consider a quote; one whose words were erased is passed over."""
        if not heard.quote.strip():
            return
        accounts = self.cells.setdefault((heard.voice, heard.labels.theme), {})
        said = accounts.setdefault(account_key(heard.account), [])
        insort(said, heard, key=_rank)
        del said[self.most :]
        if len(accounts) > self.most:
            del accounts[max(accounts, key=lambda account: _rank(accounts[account][0]))]

    def pick(self) -> Sequence[Heard]:
        """Return the chosen quotes, the best first."""
        left = [heard for accounts in self.cells.values() for said in accounts.values() for heard in said]
        themes: Counter[Theme] = Counter()
        accounts: Counter[str | None] = Counter()
        picked: list[Heard] = []
        while left and len(picked) < self.most:
            best = min(
                left,
                key=lambda heard: (
                    _NEARNESS[heard.voice],
                    themes[heard.labels.theme],
                    accounts[account_key(heard.account)],
                    _rank(heard),
                ),
            )
            left.remove(best)
            picked.append(best)
            themes[best.labels.theme] += 1
            accounts[account_key(best.account)] += 1
        return picked


def _rank(heard: Heard) -> tuple[float, float, int]:
    """Order by the surer, then the newer, then the later id: the smallest is the best."""
    return (-heard.confidence, -heard.said_at.timestamp(), -heard.insight_id)

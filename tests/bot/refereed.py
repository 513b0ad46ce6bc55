"""How a digest is compared with the answer of the referee."""

from __future__ import annotations

from typing import Any

import pytest

from bot.digest import Digest, Quote, ThemeLine


def assert_same(digest: Digest, expected: dict[str, Any]) -> None:
    share, lean = digest.balance.customer_share, digest.balance.lean
    assert (share and (share.share, share.low, share.high)) == pytest.approx(expected.pop("share"), abs=1e-9)
    assert lean.norm == pytest.approx(expected["lean"][1])
    assert lean.departure == pytest.approx(expected["lean"][2])
    toward, _, _, too_few = expected.pop("lean")
    assert (lean.toward, lean.missing is not None) == (toward, too_few)
    assert counts_of(digest) == expected


def counts_of(digest: Digest) -> dict[str, Any]:
    return {
        "sides": {side.value: (count.problems, count.accounts) for side, count in digest.balance.sides.items()},
        "trend": [(week.period.start, week.customer, week.user) for week in digest.trend],
        "themes": {side.value: [line_of(line) for line in lines] for side, lines in digest.themes.items()},
        "bugs": digest.bugs and line_of(digest.bugs),
        "personas": [(line.persona, line.customer, line.user) for line in digest.personas],
        "quotes": {side.value: [words_of(quote) for quote in quotes] for side, quotes in digest.quotes.items()},
        "unsure": digest.awaiting.unsure,
    }


def words_of(quote: Quote) -> tuple[Any, ...]:
    return (quote.words, quote.theme, quote.persona, quote.voice.value, quote.said_at, quote.account)


def line_of(line: ThemeLine) -> tuple[str, int, int | None, int]:
    return (line.theme, line.problems, line.change, line.accounts)

"""The digest once more, from its definitions, as slowly and plainly as can be: the referee of the fast one.

It shares no code with ``bot``: it takes plain rows (dictionaries), keeps them all, and asks each question anew of
the whole list. Its answer is a dictionary of plain values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""side, theme, persona, standing, account, voice, confidence, at, id, quote: all plain."""


def slow_digest(rows: Sequence[Row], first: date, past: date, zone: str, began: datetime | None) -> dict[str, Any]:
    start, end = midnight(first, zone), midnight(past, zone)
    length = (past - first).days
    before = midnight(first - timedelta(days=length), zone)
    now = [r for r in rows if start <= r["at"] < end]
    known = began is not None and began - before <= (start - before) / 2
    earlier = [r for r in rows if before <= r["at"] < start]
    balanced = [r for r in now if r["standing"] == "sure" and r["theme"] != "reliability"]
    return {
        "sides": {side: (len(of(balanced, side)), len(names(of(balanced, side)))) for side in ("customer", "user")},
        "share": wilson_by_roots(len(of(balanced, "customer")), len(balanced)),
        "lean": lean(rows, balanced, first, zone),
        "trend": trend(rows, past, zone, began),
        "themes": {side: themes(now, earlier, side, known=known) for side in ("customer", "user")},
        "bugs": next(iter(themes(now, earlier, "user", known=known, bugs=True)), None),
        "personas": personas(balanced),
        "quotes": {side: best(of(balanced, side)) for side in ("customer", "user")},
        "unsure": len([r for r in now if r["standing"] == "unsure"]),
    }


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def of(rows: Sequence[Row], side: str) -> list[Row]:
    return [r for r in rows if r["side"] == side]


def name(row: Row) -> str:
    return " ".join(word for word in (row["account"] or "").lower().split(" ") if word)


def names(rows: Sequence[Row]) -> set[str]:
    return {name(r) for r in rows} - {""}


def wilson_by_roots(k: int, n: int) -> tuple[float, float, float] | None:
    """The two p for which (k/n - p)² = z² p (1 - p) / n."""
    if n == 0:
        return None
    z2 = 1.959963984540054**2
    a, b, c = n + z2, -(2 * k + z2), k * k / n
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return k / n, (-b - root) / (2 * a), (-b + root) / (2 * a)


def lean(rows: Sequence[Row], balanced: Sequence[Row], first: date, zone: str) -> tuple[Any, Any, Any, bool]:
    """(toward, norm, departure, whether something is missing)."""
    weeks = []
    for back in range(1, 13):
        low, high = (
            midnight(first - timedelta(days=7 * back), zone),
            midnight(first - timedelta(days=7 * back - 7), zone),
        )
        weeks.append(
            [r for r in rows if low <= r["at"] < high and r["standing"] == "sure" and r["theme"] != "reliability"]
        )
    if len([week for week in weeks if week]) < 8:
        return None, None, None, True
    past = [r for week in weeks for r in week]
    norm = len(of(past, "customer")) / len(past)
    nameless = [r for r in balanced if not name(r)]
    mostly_nameless = len(nameless) > len(balanced) / 2
    if len(names(balanced)) < 5 and not (mostly_nameless and len(balanced) >= 10):
        return None, norm, None, True
    p1, l1, u1 = wilson_by_roots(len(of(balanced, "customer")), len(balanced)) or (0, 0, 0)
    p2, l2, u2 = wilson_by_roots(len(of(past, "customer")), len(past)) or (0, 0, 0)
    toward = None
    if p1 - p2 > math.hypot(p1 - l1, u2 - p2):
        toward = "customer"
    elif p2 - p1 > math.hypot(u1 - p1, p2 - l2):
        toward = "user"
    return toward, norm, p1 - p2, False


def trend(rows: Sequence[Row], past: date, zone: str, began: datetime | None) -> list[tuple[datetime, int, int]]:
    points = []
    for back in range(12, 0, -1):
        low, high = midnight(past - timedelta(days=7 * back), zone), midnight(past - timedelta(days=7 * back - 7), zone)
        if began is None or began >= high:
            continue
        week = [r for r in rows if low <= r["at"] < high and r["standing"] == "sure" and r["theme"] != "reliability"]
        points.append((low, len(of(week, "customer")), len(of(week, "user"))))
    return points


def themes(
    now: Sequence[Row], earlier: Sequence[Row], side: str, *, known: bool, bugs: bool = False
) -> list[tuple[Any, ...]]:
    lines = []
    for theme in {r["theme"] for r in of(now, side)}:
        if (theme == "reliability") is not bugs:
            continue
        ours = [r for r in of(now, side) if r["theme"] == theme and r["standing"] == "sure"]
        theirs = [r for r in of(earlier, side) if r["theme"] == theme and r["standing"] == "sure"]
        if ours:
            lines.append((theme, len(ours), len(ours) - len(theirs) if known else None, len(names(ours))))
    return sorted(lines, key=lambda line: (-line[1], -line[3], line[0]))


def personas(balanced: Sequence[Row]) -> list[tuple[str, int, int]]:
    lines = []
    for persona in {r["persona"] for r in balanced}:
        mine = [r for r in balanced if r["persona"] == persona]
        lines.append((persona, len(of(mine, "customer")), len(of(mine, "user"))))
    return sorted(lines, key=lambda line: (line[0] == "unknown", -(line[1] + line[2]), line[0]))


def best(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The three quotes, chosen one by one out of all that are left."""
    left = sorted(
        (r for r in rows if r["quote"].strip()), key=lambda r: (r["confidence"], r["at"], r["id"]), reverse=True
    )
    chosen: list[Row] = []
    while left and len(chosen) < 3:
        for_voice = min(left, key=lambda r: ["first_hand", "relayed", "document"].index(r["voice"]))["voice"]
        left_of_voice = [r for r in left if r["voice"] == for_voice]
        fewest = min(sum(c["theme"] == r["theme"] for c in chosen) for r in left_of_voice)
        fresh = [r for r in left_of_voice if sum(c["theme"] == r["theme"] for c in chosen) == fewest]
        quietest = min(sum(name(c) == name(r) for c in chosen) for r in fresh)
        pick = next(r for r in fresh if sum(name(c) == name(r) for c in chosen) == quietest)
        chosen.append(pick)
        left.remove(pick)
    return [tuple(r[key] for key in ("quote", "theme", "persona", "voice", "at", "account")) for r in chosen]

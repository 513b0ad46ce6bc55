"""The charts of a digest as inline SVG: each has a title and a description that says what it shows in words.

Sides differ by line style and marker, by place and by a written label, never by colour alone. Colours come from
the page's style sheet, so that light, dark and print each have theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.balance import Balance
from bot.digest import WeekPoint
from bot.views import digest_words as words
from classifiers.vocabulary import Side

_WIDTH = 940
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 118, 14, 30
_HEIGHT = 250
_STEPS = (1, 2, 3, 5, 8)
_GRID_LINES = 4
_HALF_CHARACTER = 1.1
"""Of a label, in hundredths of a narrow phone's width."""


def trend_chart(weeks: Sequence[WeekPoint]) -> str:
    """Draw both sides' problems a week as two lines. Needs at least two weeks."""
    top = _ceiling(max(max(week.customer, week.user) for week in weeks))
    xs = [_x(n, len(weeks)) for n in range(len(weeks))]
    customer = [_y(week.customer, top) for week in weeks]
    user = [_y(week.user, top) for week in weeks]
    parts = [
        *_grid(top),
        *_week_labels(weeks, xs),
        _line(xs, customer, "customer-line"),
        _line(xs, user, "user-line"),
        *(
            f'<circle class="customer-bar dot" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
            for x, y in zip(xs, customer, strict=True)
        ),
        *(
            f'<rect class="user-bar dot" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
            for x, y in zip(xs, user, strict=True)
        ),
        *_end_labels(weeks[-1], xs[-1], customer[-1], user[-1]),
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return _svg("trend", f"Problems heard a week, last {len(weeks)} weeks", _trend_in_words(weeks), size, parts)


def balance_chart(balance: Balance) -> str:
    """Draw the customers' share of what was heard, its interval and the usual share. Needs a share.

    It goes by shares of whatever width there is: a part of the bar alone would look like a lean.
    """
    share = balance.customer_share
    if share is None:
        message = "a balance without a share cannot be drawn"
        raise ValueError(message)
    cut, low, high = (100 * value for value in (share.share, share.low, share.high))
    customer, user = (balance.sides[side].problems for side in Side)
    norm = _usual(balance)
    top = 24 if norm is None else 46
    line = top + 36
    parts = [
        f'<text class="customer-word" x="0" y="14">Customer problems {customer:,}</text>',
        f'<text class="user-word" x="100%" y="14" text-anchor="end">User problems {user:,}</text>',
        _bar("customer-bar", 0, cut, top),
        _bar("user-bar", cut, 100, top),
        _stroke("dot", cut, top, cut, top + 26),
        *(_stroke("rule", *ends) for ends in ((low, line, high, line), _end(low, line), _end(high, line))),
        _label(f"{words.percent(share.share)} customers, likely {words.interval(share)}", low, high, line + 22),
        *_norm_mark(norm, top),
    ]
    told = f"Customers {words.percent(share.share)} ({words.interval(share)}), users the rest.{_norm_words(balance)}"
    return _svg("balance", "The balance of this period", told, f'height="{line + 30}"', parts)


def _bar(kind: str, start: float, end: float, top: int) -> str:
    return f'<rect class="{kind}" x="{start:.1f}%" y="{top}" width="{end - start:.1f}%" height="26"/>'


def _stroke(kind: str, x1: float, y1: int, x2: float, y2: int) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}%" y1="{y1}" x2="{x2:.1f}%" y2="{y2}"/>'


def _end(x: float, line: int) -> tuple[float, int, float, int]:
    return x, line - 5, x, line + 5


def _norm_mark(norm: float | None, top: int) -> list[str]:
    """Mark the usual share on the bar and name it just above."""
    if norm is None:
        return []
    x = 100 * norm
    return [_stroke("rule", x, top - 6, x, top + 32), _label(f"your usual {words.percent(norm)}", x, x, top - 10)]


def _usual(balance: Balance) -> float | None:
    """Return the usual share where there is enough to call it that, as the sentence beside the chart does."""
    return balance.lean.norm if balance.lean.missing is None else None


def _norm_words(balance: Balance) -> str:
    norm = _usual(balance)
    return "" if norm is None else f" Usually customers are {words.percent(norm)}."


def _label(text: str, start: float, end: float, y: int) -> str:
    """Write a label centred on its mark, or from one end of it where it would leave the picture on a phone."""
    middle, half = (start + end) / 2, len(text) * _HALF_CHARACTER
    on_left, on_right = middle < half, middle > 100 - half
    x, anchor = (start, "start") if on_left else (end, "end") if on_right else (middle, "middle")
    return f'<text class="strong" x="{x:.1f}%" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _trend_in_words(weeks: Sequence[WeekPoint]) -> str:
    told = (
        f"{words.day(week.period.start, week.period.zone)}: {week.customer:,} customer, {week.user:,} user"
        for week in weeks
    )
    return "; ".join(told) + "."


def _grid(top: int) -> list[str]:
    parts = []
    for step in range(_GRID_LINES + 1):
        value = top * step // _GRID_LINES
        y = _y(value, top)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>')
    return parts


def _week_labels(weeks: Sequence[WeekPoint], xs: Sequence[float]) -> list[str]:
    every = 1 + (len(weeks) - 1) // 12
    return [
        f'<text x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">'
        f"{escape(words.day(week.period.start, week.period.zone))}</text>"
        for n, (week, x) in enumerate(zip(weeks, xs, strict=True))
        if (len(weeks) - 1 - n) % every == 0
    ]


def _end_labels(last: WeekPoint, x: float, customer: float, user: float) -> list[str]:
    """Name each line at its end, at least a line's height apart."""
    gap = 18.0
    if abs(customer - user) < gap:
        middle = (customer + user) / 2
        up, down = middle - gap / 2, middle + gap / 2
        customer, user = (up, down) if customer < user else (down, up)
    return [
        f'<text class="customer-word" x="{x + 14:.1f}" y="{customer + 4:.1f}">Customer {last.customer:,}</text>',
        f'<text class="user-word" x="{x + 14:.1f}" y="{user + 4:.1f}">User {last.user:,}</text>',
    ]


def _line(xs: Sequence[float], ys: Sequence[float], kind: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline class="{kind}" points="{points}"/>'


def _x(place: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / (count - 1)


def _y(value: int, top: int) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _ceiling(highest: int) -> int:
    """Return the smallest round number, a multiple of the grid's lines, that no value exceeds."""
    unit = 1
    while True:
        for step in _STEPS:
            if step * unit * _GRID_LINES >= highest:
                return step * unit * _GRID_LINES
        unit *= 10


def _svg(name: str, title: str, described: str, size: str, parts: Sequence[str]) -> str:
    return (
        f'<svg {size} role="img" aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(described)}</desc>'
        f"{''.join(parts)}</svg>"
    )

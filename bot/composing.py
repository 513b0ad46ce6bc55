"""Compose the digest of a period from what was heard: one pass over any number of insights, counted, not kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.balance import NORM_WEEKS, RELIABILITY, Tally, account_key, is_counted, weigh
from bot.cautions import Soundness, cautions
from bot.digest import Awaiting, Digest, PersonaLine, Quote, ThemeLine, WeekPoint
from bot.period import Period, period_before, weeks_before, weeks_until
from bot.quoting import Quotes
from classifiers.vocabulary import UNKNOWN_PERSONA, Persona, Side, Theme
from storage.records import Heard
from storage.vocabulary import Standing

TREND_WEEKS = 12
QUOTES_A_SIDE = 3


@dataclass(frozen=True, slots=True)
class Captured:
    """Count the feedback of the period that insights cannot tell of, and say when the history begins."""

    messages: int
    """Feedback said in the period, with or without a problem in it."""
    waiting: int
    failed: int
    began_at: datetime | None
    """When the first feedback of the whole history was said; None when there is none."""
    over_budget: int = 0
    """Of the messages, those read locally because the day's tokens for the language model were spent."""


def listening_start(period: Period) -> datetime:
    """Return the moment from which insights are needed to compose the digest of a period."""
    return min(
        weeks_before(period, NORM_WEEKS)[0].start,
        period_before(period).start,
        weeks_until(period.end, TREND_WEEKS, period.zone)[0].start,
    )


def compose(heard: Iterable[Heard], period: Period, captured: Captured, *, now: datetime) -> Digest:
    """Compose the digest of a period from insights in any order, said since ``listening_start(period)``.

    Rule: sure ones count, unsure ones only as awaiting, rejected ones nowhere; what was said outside the span is
    passed over. Memory grows with the number of accounts, not of insights.
    """
    notes = _Notes(period)
    for one in heard:
        notes.take(one)
    now_heard, balance = notes.tally, weigh(notes.tally, notes.norm.counts)
    awaiting = Awaiting(unsure=notes.unsure, waiting=captured.waiting, failed=captured.failed)
    return Digest(
        period=period,
        messages=captured.messages,
        balance=balance,
        trend=_trend(notes.trend, captured.began_at),
        themes={side: _theme_lines(notes, captured, side) for side in Side},
        bugs=_bugs(notes, captured),
        personas=_persona_lines(notes.personas),
        quotes={side: tuple(map(_quote, notes.quotes[side].pick())) for side in Side},
        awaiting=awaiting,
        over_budget=captured.over_budget,
        warnings=cautions(now_heard, notes.soundness, awaiting, period, now=now),
    )


class _Weeks:
    """Count problems a side in weeks that follow each other."""

    def __init__(self, weeks: Sequence[Period]) -> None:
        self.weeks = weeks
        self.counts: list[dict[Side, int]] = [dict.fromkeys(Side, 0) for _ in weeks]
        self._starts = [week.start for week in weeks]

    def take(self, heard: Heard) -> None:
        place = bisect_right(self._starts, heard.said_at) - 1
        if place >= 0 and heard.said_at < self.weeks[place].end:
            self.counts[place][heard.labels.side] += 1


@dataclass(slots=True)
class _ThemeCount:
    problems: int = 0
    earlier: int = 0
    """In the period before."""
    accounts: set[str] = field(default_factory=set)


class _Notes:
    """What is kept of the insights while they pass."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.before = period_before(period)
        self.tally = Tally()
        self.norm = _Weeks(weeks_before(period, NORM_WEEKS))
        self.trend = _Weeks(weeks_until(period.end, TREND_WEEKS, period.zone))
        self.themes: dict[tuple[Side, Theme], _ThemeCount] = {}
        self.personas: dict[Persona, dict[Side, int]] = {}
        self.quotes = {side: Quotes(QUOTES_A_SIDE) for side in Side}
        self.soundness = Soundness()
        self.unsure = 0

    def take(self, heard: Heard) -> None:
        if self.period.start <= heard.said_at < self.period.end:
            self._take_now(heard)
        elif self.before.start <= heard.said_at < self.before.end and heard.standing is Standing.SURE:
            self._theme(heard).earlier += 1
        if is_counted(heard):
            self.norm.take(heard)
            self.trend.take(heard)

    def _take_now(self, heard: Heard) -> None:
        if heard.standing is Standing.UNSURE:
            self.unsure += 1
        if heard.standing is not Standing.SURE:
            return
        theme, account = self._theme(heard), account_key(heard.account)
        theme.problems += 1
        if account:
            theme.accounts.add(account)
        if is_counted(heard):
            self.tally.add(heard)
            self.personas.setdefault(heard.labels.persona, dict.fromkeys(Side, 0))[heard.labels.side] += 1
            self.quotes[heard.labels.side].offer(heard)
            self.soundness.take(heard)

    def _theme(self, heard: Heard) -> _ThemeCount:
        return self.themes.setdefault((heard.labels.side, heard.labels.theme), _ThemeCount())


def _trend(weeks: _Weeks, began_at: datetime | None) -> tuple[WeekPoint, ...]:
    return tuple(
        WeekPoint(week, count[Side.CUSTOMER], count[Side.USER])
        for week, count in zip(weeks.weeks, weeks.counts, strict=True)
        if began_at is not None and began_at < week.end
    )


def _theme_lines(notes: _Notes, captured: Captured, side: Side) -> tuple[ThemeLine, ...]:
    lines = (_theme_line(notes, captured, key) for key in notes.themes if key[0] is side and key[1] != RELIABILITY)
    return tuple(sorted((line for line in lines if line.problems), key=_theme_order))


def _theme_order(line: ThemeLine) -> tuple[int, int, str]:
    return (-line.problems, -line.accounts, line.theme)


def _bugs(notes: _Notes, captured: Captured) -> ThemeLine | None:
    line = _theme_line(notes, captured, (Side.USER, RELIABILITY))
    return line if line.problems else None


def _theme_line(notes: _Notes, captured: Captured, key: tuple[Side, Theme]) -> ThemeLine:
    count = notes.themes.get(key, _ThemeCount())
    change = count.problems - count.earlier if _reaches_back(notes.before, captured.began_at) else None
    return ThemeLine(key[1], key[0], count.problems, change, len(count.accounts))


def _reaches_back(before: Period, began_at: datetime | None) -> bool:
    """Tell whether the history holds at least half of the period before, so that a change means something."""
    return began_at is not None and began_at <= before.start + (before.end - before.start) / 2


def _persona_lines(personas: Mapping[Persona, Mapping[Side, int]]) -> tuple[PersonaLine, ...]:
    lines = (
        PersonaLine(persona, sum(count.values()), count[Side.CUSTOMER], count[Side.USER])
        for persona, count in personas.items()
    )
    return tuple(sorted(lines, key=lambda line: (line.persona == UNKNOWN_PERSONA, -line.problems, line.persona)))


def _quote(heard: Heard) -> Quote:
    return Quote(
        side=heard.labels.side,
        theme=heard.labels.theme,
        persona=heard.labels.persona,
        words=heard.quote,
        voice=heard.voice,
        said_at=heard.said_at,
        account=heard.account,
        permalink=heard.permalink,
    )

"""The digest as plain text: complete, on one screen of about forty lines and eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from bot.digest import Digest, Quote, ThemeLine
from bot.views import digest_words as words
from bot.views.text import calmed, escape, shorten
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side

WIDTH = 80
SLACK_TEXT_LIMIT = 4000
"""Slack splits a longer ``text`` into several messages."""
_THEMES = 4
_QUOTES = 2
_QUOTE_LIMIT = 150
_PERSONAS = 5
_WARNINGS = 3


class Line(NamedTuple):
    """Hold one line and the link that ends it, apart because a link is escaped but never reworded."""

    said: str
    link: str | None = None


def build_text(digest: Digest, taxonomy: Taxonomy) -> str:
    """Render the digest for a terminal or a file. Nothing is escaped, control characters are dropped."""
    return "\n".join(f"{line.said} · {line.link}" if line.link else line.said for line in _lines(digest, taxonomy))


def build_slack_text(digest: Digest, taxonomy: Taxonomy) -> str:
    """Render the digest as a message's top-level ``text``: the same words, escaped, which ping nobody."""
    return shorten("\n".join(_calm(line) for line in _lines(digest, taxonomy)), SLACK_TEXT_LIMIT)


def _calm(line: Line) -> str:
    calm = calmed(line.said, WIDTH * 6)
    return f"{calm} · {escape(line.link)}" if line.link else calm


def _lines(digest: Digest, taxonomy: Taxonomy) -> Iterator[Line]:
    yield Line(words.title(digest))
    yield from _wrapped(words.headline(digest))
    yield from _wrapped(words.lean_sentence(digest))
    for side in Side:
        if digest.balance.sides[side].problems or digest.quotes.get(side):
            yield Line("")
            yield from _side(digest, side, taxonomy)
    yield Line("")
    yield from _wrapped(words.bugs_sentence(digest))
    yield from _wrapped(_personas(digest, taxonomy))
    yield from _trend(digest)
    yield from _wrapped(words.awaiting_sentence(digest))
    for warning in words.warnings(digest, _WARNINGS):
        yield from _wrapped(f"Note: {warning}")
    yield from _wrapped(words.footer(digest))


def _side(digest: Digest, side: Side, taxonomy: Taxonomy) -> Iterator[Line]:
    yield from _wrapped(f"{words.side_name(side, taxonomy)}: {words.side_count(digest.balance.sides[side])}")
    for line in digest.themes.get(side, ())[:_THEMES]:
        yield _theme(line, taxonomy)
    for said in digest.quotes.get(side, ())[:_QUOTES]:
        yield from _quote(said, digest.period.zone)


def _theme(line: ThemeLine, taxonomy: Taxonomy) -> Line:
    name = shorten(words.theme_name(line.theme, taxonomy), 24)
    accounts = words.counted(line.accounts, "account") if line.accounts else ""
    return Line(f"  {line.problems:>4,}  {name:<24}  {words.change(line):<6}  {accounts}".rstrip())


def _quote(said: Quote, zone: str) -> Iterator[Line]:
    for row in textwrap.wrap(
        words.quoted(said.words, _QUOTE_LIMIT), WIDTH, initial_indent="  ", subsequent_indent="   "
    ):
        yield Line(row)
    yield Line(f"   {shorten(words.source_words(said, zone), WIDTH - 3)}", words.web_link(said.permalink))


def _personas(digest: Digest, taxonomy: Taxonomy) -> str | None:
    shown = [words.persona_words(line, taxonomy) for line in digest.personas[:_PERSONAS]]
    return f"Personas: {', '.join(shown)}." if shown else None


def _trend(digest: Digest) -> Iterator[Line]:
    weeks = digest.trend
    if not words.has_trend(weeks):
        return
    yield Line(f"Last {len(weeks)} weeks, oldest first, from {words.day(weeks[0].period.start, weeks[0].period.zone)}:")
    yield Line("  customer " + "".join(f"{week.customer:>5,}" for week in weeks))
    yield Line("  user     " + "".join(f"{week.user:>5,}" for week in weeks))


def _wrapped(sentence: str | None) -> list[Line]:
    return [Line(row) for row in textwrap.wrap(sentence, WIDTH)] if sentence else []

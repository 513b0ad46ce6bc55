"""The digest as a Slack message: about a dozen blocks, on one screen.

Three levels for what Slack accepts: ``chart`` has the native chart and a table, ``table`` the table alone,
``text`` neither. Each level says everything; a level that Slack refuses is tried again as the next one down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.digest import Digest, Quote, ThemeLine, WeekPoint
from bot.views import digest_words as words
from bot.views.blocks import HEADER_TEXT, SECTION_TEXT, Block, context, header, section
from bot.views.text import escape, quote
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side

_BLOCK_ID_LIMIT = 255
_NAME_LIMIT = 60
_QUOTE_LIMIT = 300
_THEMES = 4
_QUOTES = 2
_PERSONAS = 6
_WARNINGS = 4
_WEEKS = 20
"""The most points that Slack's chart takes."""


class Level(StrEnum):
    """How much of Block Kit a digest uses."""

    CHART = "chart"
    TABLE = "table"
    TEXT = "text"


FALL_BACK: dict[Level, Level | None] = {Level.CHART: Level.TABLE, Level.TABLE: Level.TEXT, Level.TEXT: None}
"""What to post next when Slack answers ``invalid_blocks``; None: the plain text alone."""


def build_blocks(digest: Digest, taxonomy: Taxonomy, *, block_id: str, level: Level = Level.CHART) -> list[Block]:
    """Render the digest as blocks, the first of which carries ``block_id`` (at most 255 characters)."""
    if not 0 < len(block_id) <= _BLOCK_ID_LIMIT:
        message = f"a block id has 1 to {_BLOCK_ID_LIMIT} characters, this one {len(block_id)}"
        raise ValueError(message)
    return [
        header(quote(words.title(digest), HEADER_TEXT), block_id=block_id),
        section(_opening(digest)),
        *_numbers(digest, taxonomy, level),
        *(block for side in Side for block in _side(digest, side, taxonomy, level)),
        *_apart(digest, taxonomy),
        *_notes(digest),
        context(words.footer(digest)),
    ]


def _opening(digest: Digest) -> str:
    lean = words.lean_sentence(digest)
    return f"*{escape(words.headline(digest))}*" + (f"\n{escape(lean)}" if lean else "")


def _numbers(digest: Digest, taxonomy: Taxonomy, level: Level) -> Iterator[Block]:
    weeks = digest.trend[-_WEEKS:]
    if words.has_trend(weeks):
        yield _chart(weeks) if level is Level.CHART else context(_trend_words(weeks))
    if level is not Level.TEXT and any(digest.themes.get(side) for side in Side):
        yield _table(digest, taxonomy)


def _side(digest: Digest, side: Side, taxonomy: Taxonomy, level: Level) -> Iterator[Block]:
    count = digest.balance.sides[side]
    said = digest.quotes.get(side, ())[:_QUOTES]
    if not count.problems and not said:
        return
    lines = [f"*{escape(words.side_name(side, taxonomy))}*: {words.side_count(count)}"]
    if level is Level.TEXT:
        lines += [_theme_words(line, taxonomy) for line in digest.themes.get(side, ())[:_THEMES]]
    yield section("\n".join(lines))
    for one in said:
        yield section(_quote_words(one, digest.period.zone))


def _apart(digest: Digest, taxonomy: Taxonomy) -> Iterator[Block]:
    personas = ", ".join(
        f"{quote(words.persona_name(line.persona, taxonomy), _NAME_LIMIT)} {line.problems:,}"
        for line in digest.personas[:_PERSONAS]
    )
    bugs = words.bugs_sentence(digest)
    lines = [*([f"*Personas*: {personas}"] if personas else []), *([escape(bugs)] if bugs else [])]
    if lines:
        yield section("\n".join(lines))


def _notes(digest: Digest) -> Iterator[Block]:
    awaiting = words.awaiting_sentence(digest)
    notes = [*([escape(awaiting)] if awaiting else [])]
    notes += [f"Note: {quote(note, _QUOTE_LIMIT)}" for note in words.warnings(digest, _WARNINGS)]
    if notes:
        yield context("\n".join(notes))


def _theme_words(line: ThemeLine, taxonomy: Taxonomy) -> str:
    accounts = [words.counted(line.accounts, "account")] if line.accounts else []
    facts = [f"{line.problems:,}", *([words.change(line)] if words.change(line) else []), *accounts]
    return f"• {quote(words.theme_name(line.theme, taxonomy), _NAME_LIMIT)}: {', '.join(facts)}"


def _quote_words(said: Quote, zone: str) -> str:
    link = words.web_link(said.permalink)
    source = quote(words.source_words(said, zone), _QUOTE_LIMIT)
    open_it = f" · <{escape(link)}|Open the message>" if link and len(link) < SECTION_TEXT // 4 else ""
    return f"> “{quote(words.printable(said.words), _QUOTE_LIMIT)}”\n> {source}{open_it}"


def _trend_words(weeks: Sequence[WeekPoint]) -> str:
    first = words.day(weeks[0].period.start, weeks[0].period.zone)
    customer = ", ".join(f"{week.customer:,}" for week in weeks)
    user = ", ".join(f"{week.user:,}" for week in weeks)
    return f"Last {len(weeks)} weeks, oldest first, from {first}.\nCustomer problems: {customer}\nUser problems: {user}"


def _chart(weeks: Sequence[WeekPoint]) -> Block:
    labels = [words.day(week.period.start, week.period.zone) for week in weeks]
    heard = {
        "Customer problems": [week.customer for week in weeks],
        "User problems": [week.user for week in weeks],
    }
    return {
        "type": "data_visualization",
        "title": f"Problems heard a week, last {len(weeks)} weeks",
        "chart": {
            "type": "line",
            "series": [
                {"name": name, "data": [{"label": label, "value": n} for label, n in zip(labels, counts, strict=True)]}
                for name, counts in heard.items()
            ],
            "axis_config": {"categories": labels, "x_label": "Week from", "y_label": "Problems"},
        },
    }


def _table(digest: Digest, taxonomy: Taxonomy) -> Block:
    rows = [["Theme", "Whose problem", "Heard", "Change", "Accounts"]]
    for side in Side:
        for line in digest.themes.get(side, ())[:_THEMES]:
            name = quote(words.theme_name(line.theme, taxonomy), _NAME_LIMIT)
            numbers = [f"{line.problems:,}", words.change(line) or words.DASH, f"{line.accounts:,}"]
            rows.append([name or words.DASH, escape(taxonomy.sides[side].name), *numbers])
    right = {"align": "right"}
    return {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"is_wrapped": True}, right, right, right],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }

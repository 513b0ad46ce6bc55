"""Answers to questions: a summary line, then what people said, with labels, links and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest import Digest
from bot.period_words import EVERYTHING
from bot.questions import Question, Topic, write_more
from bot.views import digest_words as words
from bot.views import ids
from bot.views.blocks import Block, actions, button, context, section
from bot.views.labels import ERASED, label_words
from bot.views.text import escape, quote
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side
from storage.records import Heard
from storage.vocabulary import Standing

PAGE = 8
"""So that an answer stays within a screen."""
_QUOTE_LENGTH = 280
_SOURCE_LENGTH = 150
_THEMES = 3
_WITHHELD = "Said in a channel that is not public; its words are shown only there."


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one page of an answer, and, with the first, what is counted over the whole of it."""

    page: Sequence[Heard]
    more: bool
    """Whether there is a next page."""
    customer: int = 0
    user: int = 0
    unsure: int = 0


def build_answer(
    question: Question, found: Found, taxonomy: Taxonomy, *, command: str, first: bool = True
) -> tuple[str, list[Block]]:
    """Make an answer's plain text, complete by itself, and its blocks; a later page leaves the summary out."""
    if not found.page:
        said = _nothing(question, taxonomy, command) if first else "That was all."
        return said, [section(said)]
    zone = question.period.zone
    heading = _summary(question, found, taxonomy) if first else f"More about {_about(question, taxonomy)}"
    lines = [_said(heard, taxonomy, zone, linked=True) for heard in found.page]
    blocks = [section(f"*{heading}*"), *map(section, lines)]
    if found.more:
        last = found.page[-1]
        value = write_more(question, (last.said_at, last.insight_id))
        blocks.append(actions([button("More", ids.ANSWER_MORE, value)]))
    plain = [_said(heard, taxonomy, zone, linked=False) for heard in found.page]
    return "\n".join([heading, *plain]), blocks


def build_balance(digest: Digest, taxonomy: Taxonomy) -> tuple[str, list[Block]]:
    """Make the answer to "balance": what was heard a side, how that departs from the norm, and the top themes."""
    lean = words.lean_sentence(digest)
    opening = [f"*{escape(digest.period.name)}*: {escape(words.headline(digest))}", *([escape(lean)] if lean else [])]
    sides = [_side_line(digest, side, taxonomy) for side in Side] if digest.balance.customer_share else []
    apart = [words.bugs_sentence(digest), words.awaiting_sentence(digest), *words.warnings(digest, 2)]
    notes = [quote(note, _QUOTE_LENGTH) for note in apart if note]
    blocks = [section("\n".join(opening)), *map(section, sides), *([context("\n".join(notes))] if notes else [])]
    return "\n".join([*opening, *sides, *notes]), blocks


def _side_line(digest: Digest, side: Side, taxonomy: Taxonomy) -> str:
    count = digest.balance.sides[side]
    themes = ", ".join(
        f"{quote(words.theme_name(line.theme, taxonomy), _SOURCE_LENGTH)} {line.problems:,}"
        for line in digest.themes.get(side, ())[:_THEMES]
    )
    named = f"\nMost often: {themes}" if themes else ""
    return f"*{escape(words.side_name(side, taxonomy))}*: {escape(words.side_count(count))}{named}"


def _summary(question: Question, found: Found, taxonomy: Taxonomy) -> str:
    total = words.counted(found.customer + found.user, "problem")
    sides = f" ({found.customer:,} customer, {found.user:,} user)" if found.customer and found.user else ""
    unsure = f", and {words.counted(found.unsure, 'unsure one')} not counted" if found.unsure else ""
    return f"{_about(question, taxonomy)}: {total}{sides}{unsure}"


def _about(question: Question, taxonomy: Taxonomy) -> str:
    """Name subject and period, escaped: "Economic buyer, 23 Oct–21 Nov 2026"."""
    match question.topic:
        case Topic.PERSONA:
            subject = next((one.name for one in taxonomy.personas.values() if one.key == question.subject), "Persona")
        case Topic.THEME:
            subject = next((one.name for one in taxonomy.themes.values() if one.key == question.subject), "Theme")
        case Topic.ACCOUNT | Topic.SEARCH:
            subject = f"“{question.subject}”"
    return f"{quote(subject, _SOURCE_LENGTH)}, {escape(question.period.name)}"


def _said(heard: Heard, taxonomy: Taxonomy, zone: str, *, linked: bool) -> str:
    """Quote one insight with its labels and where it was said, escaped."""
    mark = " (unsure, not counted)" if heard.standing is Standing.UNSURE else ""
    account = [heard.account] if heard.account else []
    source = quote(" · ".join([*account, words.day(heard.said_at, zone)]), _SOURCE_LENGTH)
    link = words.web_link(heard.permalink)
    opened = f" · <{escape(link)}|Open the message>" if link and linked else ""
    # Nothing is quoted of a message whose words were erased when their time was over, or belong to a closed channel.
    unsaid = f"_{_WITHHELD if heard.withheld else ERASED}_"
    said = f"“{quote(words.printable(heard.quote), _QUOTE_LENGTH)}”" if heard.quote else unsaid
    return f"> {said}\n> {label_words(heard.labels, taxonomy)}{mark} · {source}{opened}"


def _nothing(question: Question, taxonomy: Taxonomy, command: str) -> str:
    said = f"{_about(question, taxonomy)}: nothing was heard."
    if question.period.name == EVERYTHING:
        return said
    key = question.topic in {Topic.PERSONA, Topic.THEME}
    subject = question.subject.replace("_", " ") if key else question.subject
    # Whatever was asked lies within "all"; the last 90 days may be shorter, or other days.
    asked = escape(f"{command} {question.topic.value} {subject} all")
    return f"{said} Try a longer period: `{quote(asked, _SOURCE_LENGTH)}`"

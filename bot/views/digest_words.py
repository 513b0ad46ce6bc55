"""The sentences of a digest, written once: every rendering shows these, each in its own form.

Nothing here is escaped; the view that sends or writes a sentence escapes it for its own place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.balance import Interval, Lean, SideCount
from bot.digest import Digest, PersonaLine, Quote, ThemeLine, WeekPoint
from bot.period import MONTHS
from bot.views.text import readable, shorten
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Persona, Side, Theme
from storage.vocabulary import Voice

FEWEST_WEEKS = 2
"""A trend of fewer weeks is no trend."""
_NAME_LIMIT = 60
_LINK_LIMIT = 2000
_LINK_ENDS = frozenset('<>|"`\\ ')
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_VOICES = {Voice.FIRST_HAND: "First-hand", Voice.RELAYED: "Relayed", Voice.DOCUMENT: "Document"}
_SIDE_WORDS = {Side.CUSTOMER: "customer", Side.USER: "user"}
# Directions and isolates can make a line read as something that was not written.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def title(digest: Digest) -> str:
    """Name the digest by its period."""
    return f"Ballast digest · {shorten(printable(digest.period.name), _NAME_LIMIT)}"


def headline(digest: Digest) -> str:
    """Say what was heard, a side each; or, where nothing was, why there is nothing to show."""
    if digest.messages == 0:
        return "Nothing was shared in this period."
    heard = digest.balance.sides
    if heard[Side.CUSTOMER].problems + heard[Side.USER].problems == 0:
        return _nothing_counted(digest)
    sides = " and ".join(_problems(heard[side].problems, _SIDE_WORDS[side]) for side in Side)
    return f"You heard {sides} in {counted(digest.messages, 'message')}."


def lean_sentence(digest: Digest) -> str | None:
    """Say the customers' share and how it departs from the team's own norm; None when nothing was heard."""
    share = digest.balance.customer_share
    if share is None:
        return None
    said = f"Customers are {percent(share.share)} of that ({interval(share)})"
    return said + _lean_words(digest.balance.lean, share)


def has_trend(weeks: Sequence[WeekPoint]) -> bool:
    """Tell whether the weeks are worth showing: two or more, and something heard in one of them."""
    return len(weeks) >= FEWEST_WEEKS and any(week.customer or week.user for week in weeks)


def side_name(side: Side, taxonomy: Taxonomy) -> str:
    """Name a side as people see it everywhere: with its meaning."""
    entry = taxonomy.sides[side]
    return f"{entry.name} · {entry.gloss}"


def side_count(count: SideCount) -> str:
    """Count a side: "14 from 9 accounts"."""
    told = told_accounts(count) or " from accounts that Ballast could not tell"
    return f"{count.problems:,}{told}" if count.problems else "none"


def told_accounts(count: SideCount) -> str:
    """Say after a number of problems from how many accounts they are: " from 9 accounts"; "" where none is known.

    Where only some are of a known account it says of how many that is known: ", of which 12 from 9 known accounts".
    """
    if not count.accounts:
        return ""
    if not count.unnamed:
        return f" from {counted(count.accounts, 'account')}"
    return f", of which {count.problems - count.unnamed:,} from {counted(count.accounts, 'known account')}"


def theme_name(theme: Theme, taxonomy: Taxonomy) -> str:
    """Name a theme for people; one that the taxonomy no longer has goes by its key."""
    entry = taxonomy.themes.get(theme)
    return shorten(printable(entry.name if entry else theme), _NAME_LIMIT)


def persona_name(persona: Persona, taxonomy: Taxonomy) -> str:
    """Name a persona for people; one that the team has since removed goes by its key."""
    entry = taxonomy.personas.get(persona)
    return shorten(printable(entry.name if entry else persona), _NAME_LIMIT)


def change(line: ThemeLine) -> str:
    """Write a theme's change against the period before: "+2", "same", or nothing when there is none."""
    if line.change is None:
        return ""
    return signed(line.change) if line.change else "same"


def bugs_sentence(digest: Digest) -> str | None:
    """Count the bugs, which stand apart from the balance; None when there were none."""
    bugs = digest.bugs
    if bugs is None:
        return None
    accounts = f" from {counted(bugs.accounts, 'account')}" if bugs.accounts else ""
    known = f", {change_words(bugs)}" if bugs.change is not None else ""
    return f"Bugs, apart from the balance: {counted(bugs.problems, 'report')}{accounts}{known}."


def change_words(line: ThemeLine) -> str:
    """Write a change for a sentence or a screen reader: "2 more than the period before"."""
    if not line.change:
        return "as many as in the period before"
    return f"{abs(line.change):,} {'more' if line.change > 0 else 'fewer'} than in the period before"


def persona_words(line: PersonaLine, taxonomy: Taxonomy) -> str:
    """Count one persona: "Daily practitioner 20"."""
    return f"{persona_name(line.persona, taxonomy)} {line.problems:,}"


def awaiting_sentence(digest: Digest) -> str | None:
    """Say what is left out of the balance until a person or the classifier has decided; None when nothing is."""
    awaiting = digest.awaiting
    parts = [
        (awaiting.unsure, f"{counted(awaiting.unsure, 'unsure problem')} for a person to review"),
        (awaiting.waiting, f"{counted(awaiting.waiting, 'message')} still to be read"),
        (awaiting.failed, f"{counted(awaiting.failed, 'message')} that could not be classified"),
    ]
    said = [words for number, words in parts if number]
    return f"Not counted yet: {', '.join(said)}." if said else None


def source_words(quote: Quote, zone: str) -> str:
    """Say whose words a quote is: its voice, the account where known, and the day in the digest's zone."""
    account = [shorten(printable(quote.account), _NAME_LIMIT)] if quote.account else []
    said = [day(quote.said_at, zone)] if quote.said_at else []
    return ", ".join([_VOICES[quote.voice], *account, *said])


def warnings(digest: Digest, limit: int) -> list[str]:
    """Give the first warnings, each on one line."""
    return [shorten(printable(warning), 300) for warning in digest.warnings[:limit]]


def footer(digest: Digest) -> str:
    """Say what the numbers count and what they leave out, and once that the model's budget was spent."""
    counts = (
        "Counted: problems that the classifier is sure of or that a person decided. Not in the balance: bugs, and "
        "what is unsure, waiting or failed. In brackets: the 95 % interval. The usual share is this team's own, of "
        "the twelve weeks before."
    ).replace(" %", "\N{NO-BREAK SPACE}%")
    if not digest.over_budget:
        return counts
    read = f"{counted(digest.over_budget, 'message')} {'was' if digest.over_budget == 1 else 'were'} read locally"
    return f"{counts} {read}: the day's tokens for the language model were spent."


def quoted(words: str, limit: int) -> str:
    """Return somebody's words on one line of printable characters, at most ``limit`` of them, in quote marks."""
    return f"“{shorten(printable(readable(words)), limit)}”"


def printable(text: str) -> str:
    """Put a text on one line, without control characters: a terminal would obey them."""
    calm = "".join(" " if character.isspace() else character for character in text if not _unprintable(character))
    return " ".join(calm.split())


def web_link(permalink: str | None) -> str | None:
    """Return a permalink that may be linked: http or https, without spaces or marks that end a link; else None.

    Imported files bring any text in their link column, ``javascript:`` among it.
    """
    if permalink is None or len(permalink) > _LINK_LIMIT or not permalink.isprintable():
        return None
    if any(character in permalink for character in _LINK_ENDS):
        return None
    try:
        parts = urlsplit(permalink)
    except ValueError:
        return None
    return permalink if parts.scheme in {"http", "https"} and parts.netloc else None


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: "1 message", "2 messages"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """Write a share of one as a whole per cent."""
    return f"{round(share * 100)}\N{NO-BREAK SPACE}%"


def interval(share: Interval) -> str:
    """Write the bounds of an interval: "20–45 %"."""
    return f"{round(share.low * 100)}{DASH}{percent(share.high)}"


def signed(number: int) -> str:
    """Write a number with its sign."""
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{abs(number):,}"


def day(at: datetime, zone: str) -> str:
    """Write the day of a moment as people in that zone see it: "18 Nov"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]}"


def _nothing_counted(digest: Digest) -> str:
    shared = counted(digest.messages, "message")
    if digest.awaiting.failed == digest.messages:
        return f"{shared} {'was' if digest.messages == 1 else 'were'} shared, and none could be classified yet."
    if digest.awaiting.waiting == digest.messages:
        return f"{shared} {'was' if digest.messages == 1 else 'were'} shared, and none has been read yet."
    return f"{shared} {'was' if digest.messages == 1 else 'were'} shared, with no problem counted on either side."


def _lean_words(lean: Lean, share: Interval) -> str:
    if lean.missing is not None or lean.norm is None:
        needs = f": needs {lean.missing}" if lean.missing else ""
        return f". Too few to tell whether that is usual for you{needs}."
    if lean.toward is None:
        return f", within your usual {percent(lean.norm)}."
    points = round((lean.departure if lean.departure is not None else share.share - lean.norm) * 100)
    return (
        f", against your usual {percent(lean.norm)} ({signed(points)} points): "
        f"you heard {_SIDE_WORDS[lean.toward]}s more than usual."
    )


def _problems(number: int, kind: str) -> str:
    return f"no {kind} problem" if number == 0 else counted(number, f"{kind} problem")


def _unprintable(character: str) -> bool:
    category = unicodedata.category(character)
    return (category in {"Cc", "Cs"} and not character.isspace()) or character in _TURNING

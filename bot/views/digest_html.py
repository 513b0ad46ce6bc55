"""The digest as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.

The page's own policy forbids all of that too, so that words from a file could never fetch or run anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib import resources

from bot.digest import Digest, Quote, ThemeLine, WeekPoint
from bot.views import digest_words as words
from bot.views.digest_charts import balance_chart, trend_chart
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side

GENERATOR = '<meta name="generator" content="Ballast digest">'
"""Marks a file as ours, so that it may be written again."""
_THEMES = 8
_QUOTE_LIMIT = 600
_PERSONAS = 12
_WARNINGS = 8


def build_html(digest: Digest, taxonomy: Taxonomy) -> str:
    """Render the digest as a whole page: light and dark, for screen, print and screen reader."""
    style = resources.files("bot.views").joinpath("digest.css").read_text(encoding="utf-8")
    name = escape(words.title(digest))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        f'{GENERATOR}\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{name}</title>\n<style>{style}</style>\n</head>\n'
        f"<body>\n<main>\n{_body(digest, taxonomy)}\n</main>\n</body>\n</html>\n"
    )


def _policy(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _body(digest: Digest, taxonomy: Taxonomy) -> str:
    parts = [
        _opening(digest),
        _balance(digest),
        _trend(digest.trend),
        _sides(digest, taxonomy),
        _apart(digest, taxonomy),
        f"<footer><p>{escape(words.footer(digest))}</p></footer>",
    ]
    return "\n".join(part for part in parts if part)


def _opening(digest: Digest) -> str:
    lean = words.lean_sentence(digest)
    said = f'<p class="lean">{escape(lean)}</p>' if lean else ""
    period = escape(words.title(digest).partition(" · ")[2])
    return (
        f'<header><p class="period">Ballast digest · <strong>{period}</strong></p>'
        f"<h1>{escape(words.headline(digest))}</h1>{said}</header>"
    )


def _balance(digest: Digest) -> str:
    if digest.balance.customer_share is None:
        return ""
    caption = "Customers are those who buy, approve or govern; users are those who work in the product."
    return (
        f'<section aria-labelledby="h-balance"><h2 id="h-balance">Balance</h2><p class="gloss">{caption}</p>'
        f'<figure class="charts">{balance_chart(digest.balance)}</figure></section>'
    )


def _trend(weeks: Sequence[WeekPoint]) -> str:
    if not words.has_trend(weeks):
        return ""
    rows = "".join(
        f"<tr><th scope='row'>{escape(week.period.name)}</th><td>{week.customer:,}</td><td>{week.user:,}</td></tr>"
        for week in weeks
    )
    return (
        f'<section aria-labelledby="h-trend"><h2 id="h-trend">Last {len(weeks)} weeks</h2>'
        f'<p class="gloss">Problems heard a week, by its first day.</p>'
        f'<figure class="charts">{trend_chart(weeks)}</figure><details><summary>The same as a table</summary>'
        "<table><thead><tr><th scope='col'>Week</th><th scope='col'>Customer problems</th>"
        f"<th scope='col'>User problems</th></tr></thead><tbody>{rows}</tbody></table></details></section>"
    )


def _sides(digest: Digest, taxonomy: Taxonomy) -> str:
    shown = [
        _side(digest, side, taxonomy) for side in Side if digest.balance.sides[side].problems or digest.quotes.get(side)
    ]
    return f'<div class="sides">{"".join(shown)}</div>' if shown else ""


def _side(digest: Digest, side: Side, taxonomy: Taxonomy) -> str:
    entry, count = taxonomy.sides[side], digest.balance.sides[side]
    quotes = _quotes(digest.quotes.get(side, ()), digest.period.zone, taxonomy)
    problems = "problem" if count.problems == 1 else "problems"
    return (
        f'<section class="side {side.value}" aria-labelledby="h-{side.value}">'
        f'<h2 id="h-{side.value}">{escape(entry.name)}</h2><p class="gloss">{escape(entry.gloss)}</p>'
        f'<p class="heard"><b>{count.problems:,}</b> {problems}{words.told_accounts(count)}</p>'
        f"<h3>Themes</h3>{_themes(digest.themes.get(side, ())[:_THEMES], taxonomy)}"
        f"{quotes}</section>"
    )


def _themes(lines: Sequence[ThemeLine], taxonomy: Taxonomy) -> str:
    """Tabulate themes; without the column of changes where there is no period before to compare with."""
    compared = any(line.change is not None for line in lines)
    rows = "".join(
        f"<tr><th scope='row'>{escape(words.theme_name(line.theme, taxonomy))}</th><td>{line.problems:,}</td>"
        f"{_change(line) if compared else ''}<td>{line.accounts:,}</td></tr>"
        for line in lines
    )
    names = ("Theme", "Heard", "Change", "Accounts") if compared else ("Theme", "Heard", "Accounts")
    columns = "".join(f"<th scope='col'>{name}</th>" for name in names)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"


def _change(line: ThemeLine) -> str:
    return f"<td>{words.change(line)}</td>" if line.change is not None else f'<td class="none">{words.DASH}</td>'


def _quotes(quotes: Sequence[Quote], zone: str, taxonomy: Taxonomy) -> str:
    return "".join(["<h3>In their words</h3>", *(_quote(said, zone, taxonomy) for said in quotes)]) if quotes else ""


def _quote(said: Quote, zone: str, taxonomy: Taxonomy) -> str:
    link = words.web_link(said.permalink)
    about = escape(f"{words.source_words(said, zone)} · {words.theme_name(said.theme, taxonomy)}")
    opened = f' · <a href="{escape(link)}" rel="noreferrer">Open the message</a>' if link else ""
    return (
        f"<blockquote><p>{escape(words.quoted(said.words, _QUOTE_LIMIT))}</p>"
        f"<footer>{about}{opened}</footer></blockquote>"
    )


def _apart(digest: Digest, taxonomy: Taxonomy) -> str:
    shown = [part for part in (_personas(digest, taxonomy), _notes(digest)) if part]
    return f'<div class="apart">{"".join(shown)}</div>' if shown else ""


def _personas(digest: Digest, taxonomy: Taxonomy) -> str:
    if not digest.personas:
        return ""
    rows = "".join(
        f"<tr><th scope='row'>{escape(words.persona_name(line.persona, taxonomy))}</th><td>{line.problems:,}</td>"
        f"<td>{line.customer:,}</td><td>{line.user:,}</td></tr>"
        for line in digest.personas[:_PERSONAS]
    )
    columns = "".join(f"<th scope='col'>{name}</th>" for name in ("Persona", "All", "Customer", "User"))
    return (
        '<section aria-labelledby="h-personas"><h2 id="h-personas">Whose needs they are</h2>'
        '<p class="gloss">Problems by persona and side.</p>'
        f"<table class='spaced'><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _notes(digest: Digest) -> str:
    said = [words.bugs_sentence(digest), words.awaiting_sentence(digest), *words.warnings(digest, _WARNINGS)]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said if sentence)
    if not items:
        return ""
    return (
        '<section aria-labelledby="h-notes"><h2 id="h-notes">Beside the balance</h2>'
        f'<p class="gloss">What to know when you read these numbers.</p><ul>{items}</ul></section>'
    )

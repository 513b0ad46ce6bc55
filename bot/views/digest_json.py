"""The digest as JSON, for scripts. The keys are a promise: they may be added to, never renamed.

``format`` ("ballast-digest") and ``version`` (1); ``period`` {start, end (ISO 8601, UTC, half open), name, zone};
``headline``; ``messages``; ``balance`` {customer, user: {problems, accounts, unnamed (problems of no known account)},
customer_share: {share, low, high} or null, lean: {toward, norm, departure, missing}};
``trend`` [{start, end, customer, user}], oldest first;
``themes`` {customer, user: [{theme, name, problems, change, accounts}]}; ``bugs`` (such a theme, or null);
``personas`` [{persona, name, problems, customer, user}]; ``quotes`` {customer, user: [{theme, persona, words,
voice, said_at, account, permalink}]}; ``awaiting`` {unsure, waiting, failed}; ``warnings`` [sentence];
``over_budget`` (messages).
Shares and departures are fractions of one; words are verbatim.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.balance import Balance
from bot.digest import Digest, PersonaLine, Quote, ThemeLine, WeekPoint
from bot.period import Period
from bot.views import digest_words as words
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side

FORMAT_VERSION = 1


def build_json(digest: Digest, taxonomy: Taxonomy) -> str:
    """Render the digest as one JSON object, indented, in ASCII so that any terminal and pipe carries it."""
    return json.dumps(_digest(digest, taxonomy), indent=2)


def _digest(digest: Digest, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "format": "ballast-digest",
        "version": FORMAT_VERSION,
        "period": {**_bounds(digest.period), "name": digest.period.name, "zone": digest.period.zone},
        "headline": words.headline(digest),
        "messages": digest.messages,
        "balance": _balance(digest.balance),
        "trend": [_week(week) for week in digest.trend],
        "themes": {side.value: [_theme(line, taxonomy) for line in digest.themes.get(side, ())] for side in Side},
        "bugs": _theme(digest.bugs, taxonomy) if digest.bugs else None,
        "personas": [_persona(line, taxonomy) for line in digest.personas],
        "quotes": {side.value: [_quote(said) for said in digest.quotes.get(side, ())] for side in Side},
        "awaiting": asdict(digest.awaiting),
        "warnings": list(digest.warnings),
        "over_budget": digest.over_budget,
    }


def _balance(balance: Balance) -> dict[str, Any]:
    lean = balance.lean
    return {
        **{side.value: asdict(balance.sides[side]) for side in Side},
        "customer_share": asdict(balance.customer_share) if balance.customer_share else None,
        "lean": {
            "toward": lean.toward.value if lean.toward else None,
            "norm": lean.norm,
            "departure": lean.departure,
            "missing": lean.missing,
        },
    }


def _week(week: WeekPoint) -> dict[str, Any]:
    return {**_bounds(week.period), "customer": week.customer, "user": week.user}


def _theme(line: ThemeLine, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "theme": line.theme,
        "name": words.theme_name(line.theme, taxonomy),
        "problems": line.problems,
        "change": line.change,
        "accounts": line.accounts,
    }


def _persona(line: PersonaLine, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "persona": line.persona,
        "name": words.persona_name(line.persona, taxonomy),
        "problems": line.problems,
        "customer": line.customer,
        "user": line.user,
    }


def _quote(said: Quote) -> dict[str, Any]:
    return {
        "theme": said.theme,
        "persona": said.persona,
        "words": said.words,
        "voice": said.voice.value,
        "said_at": _moment(said.said_at) if said.said_at else None,
        "account": said.account,
        "permalink": said.permalink,
    }


def _bounds(period: Period) -> dict[str, str]:
    return {"start": _moment(period.start), "end": _moment(period.end)}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

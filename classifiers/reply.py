"""What a language model said, read strictly: labels of the taxonomy and words of the message, or an error. Pure.

A reply is not trusted. What it must hold and does not is a ``ReplyError`` whose message names the place and the rule,
never the words, for it is sent back to the model and written to logs. What an insight may hold beside its labels and
its quote is left out where it cannot be believed: an account that the message does not name, a stake without its words,
a rationale with a link in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

from classifiers.errors import ReplyError
from classifiers.evidence import Span, evidence_at
from classifiers.locating import locate
from classifiers.schema import CERTAINTIES, UNSURE_BELOW
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Evidence, Insight, Remarks, Side, Stake, Theme

MOST_INSIGHTS = 12
LONGEST_RATIONALE = 200
LONGEST_ACCOUNT = 80
AT_ODDS = 0.4
"""The confidence where the side that a model gives is not the side of the theme it gives: one of them is wrong."""

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_FIRST_SENTENCE = re.compile(r".+?[.!?…](?=\s|$)")
_LEADS_ELSEWHERE = re.compile(
    r"""://|www\.|<|>|\[|\]|`|\||[@#]\S|\bmailto:|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|dev|app|co|example|test)\b""",
    re.IGNORECASE,
)

Found = dict[str, tuple[Insight, ...]]


def parse_reply(said: str, messages: Mapping[str, str], taxonomy: Taxonomy) -> Found:
    """Return the insights of each message, by its id, in reading order; the texts are those that were sent.

    Raises ReplyError when it is no JSON of the form, when an id is missing, strange or given twice, when a label is not
    of the taxonomy, when a quote does not stand in its message, and when a message has more than ``MOST_INSIGHTS``.
    """
    parts = _list_of(_object(said), "messages", "the reply")
    named = [_name(part, place) for place, part in enumerate(parts, start=1)]
    if len(parts) == 1 and len(messages) == 1 and named == [None]:
        named = list(messages)
    if sorted(map(str, named)) != sorted(messages):
        message = f"it must hold each of the {len(messages)} ids that were given exactly once"
        raise ReplyError(message)
    given = dict(zip(named, parts, strict=True))
    return {name: _insights(given[name], name, text, taxonomy) for name, text in messages.items()}


def _object(said: str) -> Mapping[str, Any]:
    """Read the one JSON object of a reply; servers without schemas wrap it in words or in a fence of code."""
    found = _OBJECT.search(said)
    try:
        value = json.loads(found[0]) if found else None
    except (ValueError, RecursionError):
        value = None
    if not _is_object(value):
        message = "it is not one whole JSON object"
        raise ReplyError(message)
    return value


def _list_of(value: Mapping[str, Any], field: str, place: str) -> list[Any]:
    found = value.get(field)
    if not isinstance(found, list):
        message = f"{place} lacks the list “{field}”"
        raise ReplyError(message)
    return found


def _name(part: object, place: int) -> str | None:
    if not _is_object(part):
        message = f"entry {place} of “messages” is no object"
        raise ReplyError(message)
    name = part.get("id")
    return name if isinstance(name, str) else None


def _insights(part: Mapping[str, Any], name: str, text: str, taxonomy: Taxonomy) -> tuple[Insight, ...]:
    """Read the insights of one message; one that is given twice is one."""
    given = _list_of(part, "insights", name)
    if len(given) > MOST_INSIGHTS:
        message = f"{name} has {len(given)} insights; give at most {MOST_INSIGHTS}, the clearest"
        raise ReplyError(message)
    insights: dict[object, Insight] = {}
    for number, fields in enumerate(given, start=1):
        insight = _insight(fields, f"insight {number} of {name}", text, taxonomy)
        insights.setdefault((insight.labels, insight.evidence), insight)
    return tuple(sorted(insights.values(), key=lambda insight: insight.evidence.start))


def _insight(fields: object, place: str, text: str, taxonomy: Taxonomy) -> Insight:
    if not _is_object(fields):
        message = f"{place} is no object"
        raise ReplyError(message)
    theme = taxonomy.themes[Theme(_key(fields, "theme", taxonomy.themes, place))]
    persona = _key(fields, "persona", taxonomy.personas, place)
    side = _key(fields, "side", [side.value for side in Side], place)
    certainty = CERTAINTIES[_key(fields, "certainty", CERTAINTIES, place)]
    confidence = certainty if side == theme.side.value else min(certainty, AT_ODDS)
    return Insight(
        labels=taxonomy.labels(theme.key, persona),
        evidence=_evidence(fields.get("quote"), place, text),
        confidence=confidence,
        unsure=confidence < UNSURE_BELOW,
        remarks=_remarks(fields, text),
    )


def _key(fields: Mapping[str, Any], field: str, known: Collection[str], place: str) -> str:
    given = fields.get(field)
    if isinstance(given, str) and given in known:
        return given
    message = f"{place} has a {field} that is not one of the keys listed"
    raise ReplyError(message)


def _evidence(quote: object, place: str, text: str) -> Evidence:
    """Locate a quote and trim it. Raises ReplyError when it is not there, or has no letter or figure."""
    found = locate(text, quote) if isinstance(quote, str) else None
    if found is None or not any(map(str.isalnum, text[found.start : found.end])):
        message = f"the quote of {place} does not stand in the message; copy its words exactly"
        raise ReplyError(message)
    return evidence_at(text, found)


def _remarks(fields: Mapping[str, Any], text: str) -> Remarks:
    """Keep of what is said beside the labels what the message bears out."""
    stated, stake = fields.get("persona_stated"), fields.get("stake")
    words = _words(fields.get("stake_quote"), text)
    staked = Stake(stake) if isinstance(stake, str) and stake in set(Stake) and words else Stake.NONE
    account = _words(fields.get("account"), text)
    return Remarks(
        persona_stated=stated if isinstance(stated, bool) else None,
        rationale=_rationale(fields.get("rationale")),
        account=account if account and len(account) <= LONGEST_ACCOUNT else None,
        stake=staked,
        stake_quote=words if staked is not Stake.NONE else None,
    )


def _words(given: object, text: str) -> str | None:
    """Return the text's own words for those that a model gives, or None when the text has no such words."""
    found = locate(text, given) if isinstance(given, str) else None
    return text[slice(*_trimmed(found, text))] or None if found else None


def _rationale(given: object) -> str | None:
    """Return one short sentence, or None when there is none or when it could lead a reader elsewhere."""
    if not isinstance(given, str):
        return None
    line = " ".join("".join(mark for mark in given if mark.isprintable() or mark.isspace()).split())
    first = _FIRST_SENTENCE.match(line)
    sentence = first[0] if first else line
    if not sentence or len(sentence) > LONGEST_RATIONALE or _LEADS_ELSEWHERE.search(sentence):
        return None
    return sentence


def _trimmed(span: Span, text: str) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)

"""Questions put to the history, as values: a topic, a subject and a period, and the button that asks for more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.errors import InputError
from bot.period import Period
from storage.ids import InsightId


class Topic(StrEnum):
    """What a question is about."""

    PERSONA = "persona"
    THEME = "theme"
    ACCOUNT = "account"
    SEARCH = "search"


Place = tuple[datetime, InsightId]
"""Where a page ends: the time and id of its last insight."""


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what is asked: a topic, its subject (a key, an account's name, or words) and a period."""

    topic: Topic
    subject: str
    period: Period


def write_more(question: Question, place: Place) -> str:
    """Write a button's value with which anybody can ask for the next page at any time.

    It holds what was asked and where the page ended. What was asked is the words of a search as they were typed, and of
    an account the name that the history has for it; never a word of what was said.
    """
    period, (said_at, insight_id) = question.period, place
    kept = {**asdict(question), "period": [period.start.isoformat(), period.end.isoformat(), period.name, period.zone]}
    return json.dumps({**kept, "place": [said_at.isoformat(), insight_id]}, separators=(",", ":"))


def parse_more(value: str) -> tuple[Question, Place]:
    """Read what ``write_more`` wrote. Raises InputError for a button of an older version."""
    try:
        kept: Mapping[str, Sequence[str]] = json.loads(value)
        start, end, name, zone = kept["period"]
        period = Period(_moment(start), _moment(end), name, zone)
        said_at, insight_id = kept["place"]
        question = Question(Topic(str(kept["topic"])), str(kept["subject"]), period)
        return question, (_moment(said_at), InsightId(int(insight_id)))
    except (ValueError, KeyError, TypeError) as error:
        message = "This button belongs to an older version of Ballast. Ask again."
        raise InputError(message) from error


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)

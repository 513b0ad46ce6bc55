"""Reading what a person asks after ``persona``, ``theme``, ``account`` or ``search``, and asking it of the history."""

from __future__ import annotations

from difflib import get_close_matches

from bot.errors import InputError
from bot.parts import Parts
from bot.period_words import parse_period, split_period
from bot.questions import Question, Topic
from bot.views.text import readable
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Persona, Theme
from storage.history import History, Query
from storage.ids import ChannelId, TeamId
from storage.text import fold
from storage.vocabulary import Standing

USUAL_PERIOD = "last 30d"
_LONGEST_SUBJECT = 120
_ACCOUNTS_COMPARED = 500
_ACCOUNTS_NAMED = 5
_QUOTE_MARKS = " \"'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}“”„"
_LISTED = frozenset({Standing.SURE, Standing.UNSURE})


def query_of(question: Question, team_id: TeamId, audience: ChannelId) -> Query:
    """Ask it of the history for the channel that will see the answer; what is unsure is listed and marked."""
    topic, subject = question.topic, question.subject
    return Query(
        team_id,
        since=question.period.start,
        until=question.period.end,
        audience=audience,
        persona=Persona(subject) if topic is Topic.PERSONA else None,
        theme=Theme(subject) if topic is Topic.THEME else None,
        account=subject if topic is Topic.ACCOUNT else None,
        words=subject if topic is Topic.SEARCH else None,
        standings=_LISTED,
    )


def parse_question(
    parts: Parts, topic: Topic, words: str, *, team_id: TeamId, audience: ChannelId, zone: str
) -> Question:
    """Read a question; without a period it is of the last 30 days.

    Raises InputError or TaxonomyError, each with an example or "did you mean".
    """
    now = parts.clock()
    subject, period = split_period(readable(words), now, zone)
    subject = subject.strip(_QUOTE_MARKS)
    if not subject:
        raise InputError(_example(parts, topic))
    if len(subject) > _LONGEST_SUBJECT:
        message = f"Ask with at most {_LONGEST_SUBJECT} characters. {_example(parts, topic)}"
        raise InputError(message)
    found = _subject(parts, topic, subject, parts.taxonomy_of(team_id), team_id, audience)
    return Question(topic, found, period or parse_period(USUAL_PERIOD, now, zone))


def _subject(parts: Parts, topic: Topic, words: str, taxonomy: Taxonomy, team_id: TeamId, audience: ChannelId) -> str:
    match topic:
        case Topic.PERSONA:
            return taxonomy.find_persona(words).key
        case Topic.THEME:
            return taxonomy.find_theme(words).key
        case Topic.ACCOUNT:
            return _account(parts, words, team_id, audience)
        case Topic.SEARCH:
            return words


def _account(parts: Parts, words: str, team_id: TeamId, audience: ChannelId) -> str:
    """Find the account that is meant: the whole name, else the only one that holds the words."""
    history = parts.store.history
    holding = history.accounts_like(team_id, words, audience=audience, limit=_ACCOUNTS_COMPARED)
    exact = [name for name in holding if fold(name) == fold(words)]
    if exact or len(holding) == 1:
        return (exact or list(holding))[0]
    if holding:
        named = ", ".join(f"“{name[:60]}”" for name in holding[:_ACCOUNTS_NAMED])
        message = f"Several accounts are called so: {named}. Name one of them in full."
        raise InputError(message)
    near = near_account(parts.store.history, words, team_id, audience)
    hint = f"Did you mean “{near[:60]}”?" if near else "Nothing that was shared so far names it."
    message = f"No account called “{words}” has been heard. {hint}"
    raise InputError(message)


def near_account(history: History, words: str, team_id: TeamId, audience: ChannelId | None) -> str | None:
    """Return the account whose name is most like a mistyped one, of those that count for an audience."""
    names = history.accounts_like(team_id, "", audience=audience, limit=_ACCOUNTS_COMPARED)
    known = {fold(name): name for name in names}
    near = get_close_matches(fold(words), known, n=1, cutoff=0.6)
    return known[near[0]] if near else None


def _example(parts: Parts, topic: Topic) -> str:
    examples = {
        Topic.PERSONA: "persona economic buyer last 90d",
        Topic.THEME: "theme audit logs this quarter",
        Topic.ACCOUNT: "account Acme since 2026-10-01",
        Topic.SEARCH: "search slow export last 90d",
    }
    return f"Type for example: {parts.command} {examples[topic]}"

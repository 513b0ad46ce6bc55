"""Sub-commands that answer from the history: the balance, and what was heard of a persona, theme, account or words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.asking import USUAL_PERIOD, parse_question, query_of
from bot.commands.command import Asked, Command, Reply, zone_of_person
from bot.digest_of import compose_from_history
from bot.parts import Parts
from bot.period_words import parse_period
from bot.presses import Pressed
from bot.questions import Place, Question, Topic, parse_more
from bot.rights import admit
from bot.views.answers import PAGE, Found, build_answer, build_balance
from bot.views.text import readable
from classifiers.vocabulary import Side
from storage.ids import ChannelId, TeamId
from storage.query import Query
from storage.vocabulary import Standing

_SURE = frozenset({Standing.SURE})
_UNSURE = frozenset({Standing.UNSURE})


def answer_about(topic: Topic) -> Callable[[Parts, Asked], Reply]:
    """Make the sub-command that answers questions of one topic."""

    def answer(parts: Parts, asked: Asked) -> Reply:
        zone = zone_of_person(asked.person) or parts.default_zone
        question = parse_question(
            parts, topic, asked.words, team_id=asked.team_id, audience=asked.channel_id, zone=zone
        )
        return _page(parts, question, asked.team_id, asked.channel_id)

    return answer


def answer_balance(parts: Parts, asked: Asked) -> Reply:
    """Show the balance of a period, the last 30 days where none is named."""
    now, zone = parts.clock(), zone_of_person(asked.person) or parts.default_zone
    period = parse_period(readable(asked.words).strip() or USUAL_PERIOD, now, zone)
    digest = compose_from_history(parts.store.history, asked.team_id, period, asked.channel_id, now)
    return Reply(*build_balance(digest, parts.taxonomy_of(asked.team_id)))


def answer_more(parts: Parts, pressed: Pressed) -> Reply:
    """Show the next page to whoever pressed, however long after the first: what they may see is asked anew."""
    admit(parts, pressed.user_id)
    question, place = parse_more(pressed.value)
    return _page(parts, question, pressed.team_id, pressed.channel_id, after=place)


def _page(
    parts: Parts, question: Question, team_id: TeamId, audience: ChannelId, *, after: Place | None = None
) -> Reply:
    query = query_of(question, team_id, audience)
    listed = parts.store.history.heard(query, after=after, limit=PAGE + 1)
    found = Found(listed[:PAGE], more=len(listed) > PAGE)
    if after is None:  # only the first page tells the sums
        found = _counted(parts, found, query)
    taxonomy = parts.taxonomy_of(team_id)
    return Reply(*build_answer(question, found, taxonomy, command=parts.command, first=after is None))


def _counted(parts: Parts, found: Found, query: Query) -> Found:
    count = parts.store.history.count
    return replace(
        found,
        customer=count(replace(query, side=Side.CUSTOMER, standings=_SURE)),
        user=count(replace(query, side=Side.USER, standings=_SURE)),
        unsure=count(replace(query, standings=_UNSURE)),
    )


ANSWER_COMMANDS = (
    Command("balance", "balance [period]", "how much was heard of each side, and how usual that is", answer_balance),
    Command("persona", "persona <name> [period]", "what was heard of a persona", answer_about(Topic.PERSONA)),
    Command("theme", "theme <name> [period]", "what was heard of a theme", answer_about(Topic.THEME)),
    Command("account", "account <name> [period]", "what was heard of an account", answer_about(Topic.ACCOUNT)),
    Command("search", "search <words> [period]", "problems in messages with these words", answer_about(Topic.SEARCH)),
)

"""The rules of capture: what a team's choices come to in one channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from storage.ids import ChannelId, TeamId, UserId
from storage.rows import AppRow, ChannelRow, OptOutRow, SettingRow
from storage.vocabulary import Chosen


@dataclass(frozen=True, slots=True)
class CaptureRules:
    """Hold what is taken in of one channel; as it stands here where nobody chose anything."""

    allowed_apps: frozenset[str] = frozenset()
    """The apps and bots whose posts are taken in, by id; those of all others are not."""
    opted_out: frozenset[UserId] = frozenset()
    """The people whose messages are not taken in."""
    ignored_words: tuple[str, ...] = ()
    """A message that holds one of these is not taken in."""
    least_length: int = 0
    """A message with fewer characters is not taken in."""
    keep_threads: bool = True
    """Whether replies are taken in."""
    people_since: Mapping[UserId, datetime] = field(default_factory=dict)
    """Since when people who had opted out are in again."""
    apps_since: Mapping[str, datetime] = field(default_factory=dict)
    """Since when each app is allowed."""


def rules_of(said: Sequence[tuple[str, str, str]]) -> CaptureRules:
    """Read the rules of a channel from the rows of ``what_was_chosen``."""
    settings = {name: json.loads(value) for kind, name, value in said if kind == "setting"}
    return CaptureRules(
        allowed_apps=frozenset(_names(said, "app")),
        opted_out=frozenset(UserId(name) for kind, name, until in said if kind == "person" and not until),
        ignored_words=tuple(settings.get(Chosen.IGNORED_WORDS, ())),
        least_length=settings.get(Chosen.LEAST_LENGTH, 0),
        keep_threads=not _names(said, "no threads"),
        people_since={UserId(name): _moment(until) for kind, name, until in said if kind == "person" and until},
        apps_since={name: _moment(at) for kind, name, at in said if kind == "app" and at},
    )


@cache
def what_was_chosen() -> CompoundSelect[Any]:
    """Give the statement, made once, of what a team chose: a kind, a name and a value a row.

    To be told ``team_id`` and ``channel_id``.
    """
    team_id: BindParameter[TeamId] = bindparam("team_id")
    channel_id: BindParameter[ChannelId] = bindparam("channel_id")
    nothing = _constant("").label("value")
    setting = _constant("setting").label("kind")
    settings = select(setting, SettingRow.name.label("name"), SettingRow.value.label("value"))
    apps = select(_constant("app"), AppRow.app, _written(AppRow.decided_at)).where(
        AppRow.team_id == team_id, AppRow.allowed.is_(True)
    )
    people = select(_constant("person"), OptOutRow.user_id, _written(OptOutRow.ended_at))
    threads = select(_constant("no threads"), ChannelRow.channel_id, nothing).where(
        ChannelRow.team_id == team_id, ChannelRow.channel_id == channel_id, ChannelRow.keep_threads.is_(False)
    )
    # Not IN, of which SQLAlchemy would write the list anew each time.
    asked = or_(*(SettingRow.name == _constant(name) for name in (Chosen.IGNORED_WORDS, Chosen.LEAST_LENGTH)))
    mine = settings.where(SettingRow.team_id == team_id, asked), people.where(OptOutRow.team_id == team_id)
    return union_all(*mine, apps, threads)


def _constant(word: str) -> ColumnClause[str]:
    """Give a word of ours as it stands: as a parameter it would be handed over anew each time."""
    return literal_column(f"'{word}'", String)


def _written(at: SQLColumnExpression[datetime | None]) -> ColumnElement[str]:
    """Write a time as text, and one that is not there as none."""
    return func.coalesce(cast(at, String), _constant(""))


def _moment(written: str) -> datetime:
    """Read a time as a database writes it: SQLite in UTC without saying so."""
    at = datetime.fromisoformat(written)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _names(said: Sequence[tuple[str, str, str]], kind: str) -> list[str]:
    return [name for each, name, _ in said if each == kind]

"""What a team chose to take in: which apps, whose words, which replies, and what is too little to keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all

from storage.database import Database
from storage.ids import ChannelId, TeamId, UserId
from storage.rows import AppRow, ChannelRow, OptOutRow, SettingRow

IGNORED_WORDS = "ignored_words"
"""The setting that holds them: a JSON list of strings."""
LEAST_LENGTH = "least_length"
"""The setting that holds it: a JSON number of characters."""


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


class Choices:
    """Read what a team chose; always what is committed now, for another process may have changed it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team_id: TeamId, channel_id: ChannelId) -> CaptureRules:
        """Read the rules of a channel, by one statement; a channel that nobody met has the defaults."""
        with self._database.reading() as session:
            chosen = [(row.kind, row.name, row.value) for row in session.execute(_chosen(team_id, channel_id))]
        settings = {name: json.loads(value) for kind, name, value in chosen if kind == "setting"}
        return CaptureRules(
            allowed_apps=frozenset(_names(chosen, "app")),
            opted_out=frozenset(UserId(name) for name in _names(chosen, "person")),
            ignored_words=tuple(settings.get(IGNORED_WORDS, ())),
            least_length=settings.get(LEAST_LENGTH, 0),
            keep_threads=not _names(chosen, "no threads"),
        )


def _chosen(team_id: TeamId, channel_id: ChannelId) -> Any:  # noqa: ANN401 - a union of rows of three columns
    nothing = cast(literal(""), String)
    settings = select(literal("setting").label("kind"), SettingRow.name.label("name"), SettingRow.value.label("value"))
    apps = select(literal("app"), AppRow.app, nothing).where(AppRow.team_id == team_id, AppRow.allowed.is_(True))
    people = select(literal("person"), OptOutRow.user_id, nothing).where(OptOutRow.team_id == team_id)
    threads = select(literal("no threads"), ChannelRow.channel_id, nothing).where(
        ChannelRow.team_id == team_id, ChannelRow.channel_id == channel_id, ChannelRow.keep_threads.is_(False)
    )
    named = settings.where(SettingRow.team_id == team_id, SettingRow.name.in_((IGNORED_WORDS, LEAST_LENGTH)))
    return union_all(named, apps, people, threads)


def _names(chosen: Sequence[tuple[str, str, str]], kind: str) -> list[str]:
    return [name for each, name, _ in chosen if each == kind]

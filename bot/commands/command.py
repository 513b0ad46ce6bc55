"""What a sub-command is: a name, how it is typed, what it does in a line, and who answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.errors import InputError
from bot.parts import Parts
from bot.period import zone_of
from bot.port import Block, PersonFacts
from storage.ids import ChannelId, TeamId, UserId

_PERSON = re.compile(r"<@([A-Za-z0-9_-]+)(?:\|[^>]*)?>")
_PLAIN_ID = re.compile(r"(?<!\S)@?([UW](?=\S*[0-9_])[A-Z0-9_]+)(?!\S)")
"""An id as it is, for servers that escape nobody: capitals with a digit or a line in them, so that no word is one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what a person asked, after the sub-command's name was taken off. They are no outsider."""

    team_id: TeamId
    channel_id: ChannelId
    person: PersonFacts
    words: str
    """As Slack sends them with ``should_escape``: people as ``<@U…|name>``, ``&``, ``<`` and ``>`` escaped."""
    trigger: str = ""
    """Opens a modal; empty where a server gives none."""
    channel_name: str = ""
    """As Slack names the channel in a command: of closed ones it tells the kind alone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold an answer: escaped mrkdwn and blocks, for the one who asked unless ``to_channel``."""

    text: str
    blocks: Sequence[Block] = ()
    to_channel: bool = False
    in_place: bool = False
    """Whether it stands in the place of the message that was pressed, where that was shown to one person alone."""


@dataclass(frozen=True, slots=True)
class Command:
    """Describe a sub-command. ``usage`` lacks the slash command itself: "watch [all | request | off]"."""

    name: str
    usage: str
    summary: str
    answer: Callable[[Parts, Asked], Reply]
    verbatim: bool = False
    """Whether it takes the words with their lines and blanks as they were typed."""


def zone_of_person(person: PersonFacts) -> str | None:
    """Return the zone that Slack names for a person; None where it names none, or one that this machine lacks."""
    if not person.zone:
        return None
    with suppress(InputError):
        return str(zone_of(person.zone))
    return None


def read_person(words: str, example: str) -> UserId:
    """Read the one person whom somebody named. Raises InputError that shows ``example``."""
    named = _PERSON.findall(words) or _PLAIN_ID.findall(words)
    if len(named) == 1:
        return UserId(named[0])
    if words.strip().startswith("@"):
        message = f"Slack did not say who that is. Pick the person from the list that appears as you type: {example}"
    else:
        message = f"Name one person: {example}"
    raise InputError(message)


def words_beside_person(words: str) -> str:
    """Return what stands beside the person whom ``read_person`` reads; empty where nothing does."""
    form = _PERSON if _PERSON.search(words) else _PLAIN_ID
    return form.sub("", words).strip()

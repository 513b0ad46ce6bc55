"""The table of sub-commands, and how one is found in what a person typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from bot.commands.add import ADD_COMMANDS
from bot.commands.answers import ANSWER_COMMANDS
from bot.commands.backfill import BACKFILL_COMMANDS
from bot.commands.channels import CHANNEL_COMMANDS
from bot.commands.choices import CHOICE_COMMANDS
from bot.commands.command import Asked, Command, Reply
from bot.commands.digests import DIGEST_COMMANDS
from bot.commands.people import PEOPLE_COMMANDS
from bot.commands.privacy import PRIVACY_COMMANDS
from bot.commands.standing import STANDING_COMMANDS
from bot.parts import Parts
from bot.views.text import escape, quote

COMMANDS: tuple[Command, ...] = (
    *ANSWER_COMMANDS,
    *DIGEST_COMMANDS,
    *ADD_COMMANDS,
    *CHANNEL_COMMANDS,
    *BACKFILL_COMMANDS,
    *CHOICE_COMMANDS,
    *PEOPLE_COMMANDS,
    *PRIVACY_COMMANDS,
    *STANDING_COMMANDS,
)

_NAMED = {command.name: command for command in COMMANDS}
_QUESTIONS = {command.name for command in ANSWER_COMMANDS}
_HELP = "help"
_LONGEST_NAME = 40


def answer(parts: Parts, asked: Asked) -> Reply:
    """Answer what a person typed after the slash command: all of it is in ``asked.words``."""
    typed = asked.words.split()
    if not typed or typed[0].lower() == _HELP:
        return build_help(parts)
    place = _place_of_name(typed)
    if place is None:
        return build_unknown(parts, typed[0])
    command = _NAMED[typed[place].lower()]
    rest = " ".join(typed[:place] + typed[place + 1 :])
    if command.verbatim and place == 0:
        rest = asked.words.strip().removeprefix(typed[0]).lstrip(" \t")
    return command.answer(parts, replace(asked, words=rest))


def _place_of_name(typed: Sequence[str]) -> int | None:
    """Find the sub-command: the first word, else the only other one that names a question ("cfo persona last 90d")."""
    if typed[0].lower() in _NAMED:
        return 0
    asking = [place for place, word in enumerate(typed) if word.lower() in _QUESTIONS]
    return asking[0] if len(asking) == 1 else None


def build_help(parts: Parts) -> Reply:
    """List every sub-command with what it does."""
    lines = [f"• `{escape(f'{parts.command} {command.usage}')}`: {escape(command.summary)}" for command in COMMANDS]
    first = "Ballast shows which side you are hearing: those who buy your product or those who work in it. Type:"
    return Reply("\n".join([first, *lines]))


def build_unknown(parts: Parts, typed: str) -> Reply:
    """Say that a sub-command is unknown, name the nearest, and show them all."""
    near = get_close_matches(typed.lower(), [_HELP, *(command.name for command in COMMANDS)], n=1, cutoff=0.6)
    hint = f" Did you mean `{escape(f'{parts.command} {near[0]}')}`?" if near else ""
    return Reply(f"“{quote(typed, _LONGEST_NAME)}” is nothing that Ballast knows.{hint}\n{build_help(parts).text}")

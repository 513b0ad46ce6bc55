"""The table of sub-commands, and how one is found in what a person typed."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from bot.commands.channels import CHANNEL_COMMANDS
from bot.commands.command import Asked, Command, Reply
from bot.commands.digests import DIGEST_COMMANDS
from bot.commands.people import PEOPLE_COMMANDS
from bot.commands.standing import STANDING_COMMANDS
from bot.parts import Parts
from bot.views.text import escape, quote

COMMANDS: tuple[Command, ...] = (
    *DIGEST_COMMANDS,
    *CHANNEL_COMMANDS,
    *PEOPLE_COMMANDS,
    *STANDING_COMMANDS,
)

_HELP = "help"
_LONGEST_NAME = 40


def answer(parts: Parts, asked: Asked) -> Reply:
    """Answer what a person typed after the slash command: all of it is in ``asked.words``."""
    name, _, rest = asked.words.strip().partition(" ")
    if name.lower() in {"", _HELP}:
        return build_help(parts)
    command = next((command for command in COMMANDS if command.name == name.lower()), None)
    return command.answer(parts, replace(asked, words=rest.strip())) if command else build_unknown(parts, name)


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

"""After the day: whoever watches may speak and type commands, until Ctrl+C or the end of the input."""

from __future__ import annotations

import re
from html import escape

from rich.console import Console

from bot.sandbox.day import Day
from bot.sandbox.errors import SandboxError

_AS = re.compile(r"@(\w+)\s+(.+)")
_USUAL = "max"


def prompt(day: Day, console: Console) -> None:
    """Read lines: ``text``, ``/ballast words``, either with ``@name`` before it to be somebody else."""
    while True:
        try:
            line = console.input("[bold]#feedback>[/bold] ").strip()
        except EOFError:
            return
        if not line:
            continue
        try:
            act(day, line)
        except SandboxError as error:
            day.screen.say(str(error))


def act(day: Day, line: str) -> None:
    """Do what a line says, and show what comes of it."""
    named = _AS.fullmatch(line)
    who, words = (named[1], named[2]) if named else (_USUAL, line)
    command, _, rest = words.partition(" ")
    if command == day.command:
        day.type_command(who, day.workspace.feedback, rest)
        _show_form(day, who)
        return
    day.slack.people.say(day.workspace.feedback, who, escape(words, quote=False))
    day.until_idle()
    day.screen.news()


def _show_form(day: Day, who: str) -> None:
    """Show the form that a command has opened, and close it again: a terminal cannot fill it in."""
    opened = day.slack.modals(who)
    if not opened:
        return
    day.screen.modal(opened[-1])
    day.screen.say("In Slack this form would wait to be filled in. Here it is only shown, and closed again.")
    day.slack.presses.close_view(who)

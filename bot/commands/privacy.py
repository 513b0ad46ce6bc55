"""Sub-commands for owners who have something forgotten, or want everything out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.commands.command import Asked, Command, Reply, read_person
from bot.errors import InputError, SlackError
from bot.exporting import packed, sent_words
from bot.forgetting import copies_lines, held_lines
from bot.parts import Parts
from bot.presses import Submitted
from bot.rights import admit, must_own
from bot.unknown_names import check_account
from bot.views.forget import LONGEST_NAME, build_forget, read_subject
from bot.views.ids import ERASE, FORGET_CONFIRM, FORGET_NAME
from bot.views.text import escape, readable
from storage.exporting import Scope
from storage.held import Target
from storage.vocabulary import Whose

_USAGE = "forget reporter @person | account <name> | channel | name <name>"
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>|#?([CDG](?=\S*[0-9_])[A-Z0-9_]+)")
"""As Slack writes one that was picked, or its id as it is, for servers that escape none."""
_WITH_REPORTERS = "with-reporters"
_CANNOT_SEND = {"missing_scope", "unknown_method"}
_AT_THE_TERMINAL = (
    "Everything that Ballast keeps comes out as files at the terminal of whoever runs it: `ballast export FOLDER`, and "
    "a page explains each column. `--with-reporters` adds who shared what, `--with-private` what was said in "
    "channels that are not public. To have it sent to you here, let the app have its optional permission files:write."
)
_QUOTE_MARKS = " \"'“”„"


def answer_forget(parts: Parts, asked: Asked) -> Reply:
    """Show an owner what is kept of somebody or something, with a button that erases it."""
    must_own(parts, asked.team_id, asked.person)
    target = _target(parts, asked)
    held = parts.store.forgetting.count(target)
    if held.is_nothing:
        check_account(parts.store.history, target, asked.channel_id)
        return Reply("\n".join(map(escape, held_lines(held, target.whose))))
    if not asked.trigger:
        typed = escape("ballast forget")
        message = f"Nothing was erased: no form can be opened here. At the terminal, `{typed}` does the same."
        return Reply(message)
    parts.slack.open_view(asked.trigger, build_forget(target, held, asked.channel_id))
    return Reply("Look at what would be erased, and confirm it in the form.")


def submit_forget(parts: Parts, submitted: Submitted) -> str | Mapping[str, Any]:
    """Erase what was shown and say how much; return the form anew where it is not what was shown any more."""
    person = admit(parts, submitted.user_id)
    must_own(parts, submitted.team_id, person)
    whose, value, shown = read_subject(submitted.note.subject)
    target = Target(submitted.team_id, whose, value or _name(submitted.inputs.get(FORGET_NAME, "")))
    if submitted.inputs.get(FORGET_CONFIRM) != ERASE:
        return "Nothing was erased."
    held = parts.store.forgetting.count(target)
    if held.extent != shown:
        return build_forget(target, held, submitted.note.channel_id, changed=True)
    parts.store.forgetting.forget(target, by=person.user_id, at=parts.clock())
    parts.wake()
    return "\n".join(["Erased:", *held_lines(held, whose), *copies_lines(parts.store.forgetting.copies())])


def answer_export(parts: Parts, asked: Asked) -> Reply:
    """Send an owner everything that may be shown everywhere, as one file; without the scope, say how else it comes."""
    must_own(parts, asked.team_id, asked.person)
    if asked.words.split() not in ([], [_WITH_REPORTERS]):
        message = f"Type {parts.command} export or {parts.command} export {_WITH_REPORTERS}."
        raise InputError(message)
    scopes = parts.slack.granted_scopes()
    if scopes is not None and "files:write" not in scopes:
        return Reply(_AT_THE_TERMINAL)
    try:
        return _send_export(parts, asked)
    except SlackError as error:
        if error.code not in _CANNOT_SEND:
            raise
        return Reply(_AT_THE_TERMINAL)


def _send_export(parts: Parts, asked: Asked) -> Reply:
    """Send it to the owner alone. What was said in closed channels is for their members, and stays out."""
    scope = Scope(asked.team_id, with_people=bool(asked.words.strip()))
    channel = parts.slack.direct_channel(asked.person.user_id)
    with packed(parts.store.exporting, scope, at=parts.clock()) as (file, exported):
        parts.slack.send_file(channel, file, text=escape(sent_words(exported, with_people=scope.with_people)))
    return Reply("The export is in your direct messages with Ballast.")


def _target(parts: Parts, asked: Asked) -> Target:
    kind, _, rest = asked.words.strip().partition(" ")
    if kind.lower() not in list(Whose):
        message = f"Type {parts.command} {_USAGE}."
        raise InputError(message)
    whose = Whose(kind.lower())
    return Target(asked.team_id, whose, _value(parts, asked, whose, rest))


def _value(parts: Parts, asked: Asked, whose: Whose, words: str) -> str:
    match whose:
        case Whose.REPORTER:
            return read_person(words, f"{parts.command} forget reporter @person")
        case Whose.CHANNEL:
            return _channel(parts, words) if words.strip() else asked.channel_id
        case Whose.ACCOUNT | Whose.NAME:
            return _name(readable(words))


def _channel(parts: Parts, words: str) -> str:
    named = _CHANNEL.fullmatch(words.strip())
    if named is None:
        message = (
            f"Pick one channel from the list that appears as you type: {parts.command} forget channel #channel. "
            f"With nothing after it, {parts.command} forget channel means this one."
        )
        raise InputError(message)
    return named[1] or named[2]


def _name(typed: str) -> str:
    name = typed.strip(_QUOTE_MARKS)
    if not name or len(name) > LONGEST_NAME:
        message = f"Write the name, of at most {LONGEST_NAME} characters."
        raise InputError(message)
    return name


PRIVACY_COMMANDS = (
    Command("forget", _USAGE, "erase what is kept of somebody or something, for owners", answer_forget),
    Command("export", "export [with-reporters]", "get everything that is kept as files, for owners", answer_export),
)

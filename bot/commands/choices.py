"""Sub-commands of choice: the settings, who changed them, and whether one's own messages are taken in."""

from __future__ import annotations

import re

from bot.commands.command import Asked, Command, Reply, zone_of_person
from bot.errors import InputError
from bot.parts import Parts
from bot.presses import Pressed
from bot.rights import admit, is_owner, who_decides
from bot.team_settings import app_names, show
from bot.views import ids
from bot.views.blocks import actions, button, section
from bot.views.greeting import months
from bot.views.labels import mention
from bot.views.settings import build_settings, build_settings_read_only, settings_text
from bot.views.settings_words import logged
from bot.views.text import escape
from storage.ids import ChannelId, TeamId, UserId

_USAGE = "settings [apps <page> | log]"
_LOGGED_AT_ONCE = 10
_PAGE = re.compile("[1-9][0-9]{0,2}")


def answer_settings(parts: Parts, asked: Asked) -> Reply:
    """Open the settings, for owners to change and for others to read; or show the log of changes."""
    match asked.words.lower().split():
        case []:
            return _open(parts, asked, page=1)
        case ["apps"]:
            return _open(parts, asked, page=1)
        case ["apps", page] if _PAGE.fullmatch(page):
            return _open(parts, asked, page=int(page))
        case ["log"]:
            is_whole = is_owner(parts, asked.team_id, asked.person)
            zone = zone_of_person(asked.person) or parts.default_zone
            return _log(parts, asked.team_id, None if is_whole else asked.channel_id, zone, before=None)
    message = f"Type {parts.command} settings, {parts.command} settings apps 2 or {parts.command} settings log."
    raise InputError(message)


def answer_log_more(parts: Parts, pressed: Pressed) -> Reply:
    """Show the next page of the log to whoever pressed; what they may see is asked anew."""
    person = admit(parts, pressed.user_id)
    is_whole = is_owner(parts, pressed.team_id, person)
    zone = zone_of_person(person) or parts.default_zone
    return _log(parts, pressed.team_id, None if is_whole else pressed.channel_id, zone, before=int(pressed.value))


def answer_me(parts: Parts, asked: Asked) -> Reply:
    """Say whether one's own messages are taken in, or choose it."""
    choices, user = parts.store.choices, asked.person.user_id
    match asked.words.lower().split():
        case []:
            return Reply(_state(parts, asked.team_id, user, is_out=choices.has_opted_out(asked.team_id, user)))
        case ["off"]:
            choices.opt_out(asked.team_id, user, parts.clock())
            return Reply(_state(parts, asked.team_id, user, is_out=True))
        case ["on"]:
            choices.opt_in(asked.team_id, user, parts.clock())
            return Reply(_state(parts, asked.team_id, user, is_out=False))
    message = f"Type {parts.command} me, {parts.command} me off or {parts.command} me on."
    raise InputError(message)


def _open(parts: Parts, asked: Asked, *, page: int) -> Reply:
    shown = show(parts, asked.team_id, asked.channel_id, page=page)
    if not asked.trigger:
        return Reply(settings_text(shown))
    if is_owner(parts, asked.team_id, asked.person):
        parts.slack.open_view(asked.trigger, build_settings(shown, command=parts.command))
        return Reply("The settings are open. What you save is told in the channels where it holds.")
    decides = who_decides(parts, asked.team_id)
    parts.slack.open_view(asked.trigger, build_settings_read_only(shown, command=parts.command, who_decides=decides))
    return Reply("The settings are open, for you to read. Owners change them.")


def _log(parts: Parts, team_id: TeamId, channel_id: ChannelId | None, zone: str, *, before: int | None) -> Reply:
    """List changes, newest first: all of the workspace to owners, those that hold here to everybody else."""
    found = parts.store.choices.log.changes(team_id, channel_id=channel_id, before=before, limit=_LOGGED_AT_ONCE + 1)
    if not found:
        return Reply("That was all." if before else "Nobody has changed a setting yet.")
    shown, apps = found[:_LOGGED_AT_ONCE], app_names(parts, team_id)
    lines = [logged(change, apps, zone) for change in shown]
    blocks = [section(line) for line in lines]
    if len(found) > len(shown):
        blocks.append(actions([button("More", ids.LOG_MORE, str(shown[-1].change_id))]))
    return Reply("\n".join(lines), blocks)


def _state(parts: Parts, team_id: TeamId, user: UserId, *, is_out: bool) -> str:
    if not is_out:
        off = escape(f"{parts.command} me off")
        return (
            "What you write is taken in where a channel is watched, like everybody's. No figure is made about a "
            f"person. `{off}` keeps your messages out from then on."
        )
    kept = months(parts.store.choices.of_workspace(team_id).kept_months)
    on, forget = escape(f"{parts.command} me on"), escape(f"{parts.command} forget reporter")
    return (
        "What you write is not taken in, in no channel, and not when somebody else saves it either. What was kept of "
        f"you before stays until it is {kept} old, or until you ask an owner to forget it with "
        f"`{forget}` {mention(user)}. `{on}` lets in what you write from then on."
    )


CHOICE_COMMANDS = (
    Command("settings", _USAGE, "see every setting and who changed it; owners change them", answer_settings),
    Command("me", "me [off | on]", "keep your own messages out", answer_me),
)

"""The settings as a form, for owners to change and for everybody else to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.views import ids
from bot.views.blocks import Block, context, field, modal, option, section, select
from bot.views.settings_words import ANSWER_CHOICES, EXPLAINED, NAMES, WATCH_CHOICES, YES_NO, value_words
from bot.views.text import escape, quote
from storage.chosen import KnownApp, WorkspaceChoices
from storage.ids import ChannelId
from storage.records import Channel
from storage.vocabulary import ChannelKind, Chosen, Watch

MOST_APPS = 40
"""In one form: a modal holds 100 blocks."""
LONGEST_WORDS = 3000
TITLE = "Ballast's settings"
_AGREED = "Every new message; the other organisation agreed"
_APP_CHOICES = {"allowed": "Allow: take in what it posts", "ignored": "Ignore"}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what the form shows."""

    channel_id: ChannelId
    channel: Channel | None
    """None where the bot never was: then only what holds everywhere is shown."""
    workspace: WorkspaceChoices
    apps: Sequence[KnownApp]
    more_apps: bool
    seen: int
    """The number of the last change: what is submitted on an older one is not taken."""


def build_settings(shown: Shown, *, command: str) -> Block:
    """Ask an owner for every setting, each with its value now and what it does."""
    blocks = [*_channel_fields(shown), section("*In the whole workspace*"), *_workspace_fields(shown.workspace)]
    blocks += [section(f"*Apps and bots*\n{escape(EXPLAINED[Chosen.APP])}"), *map(_app_field, shown.apps)]
    blocks.append(context(escape(_about_apps(shown, command))))
    note = ids.write_note(str(shown.seen), shown.channel_id)
    return modal(TITLE, blocks, callback_id=ids.SETTINGS_SUBMIT, note=note, submit="Save")


def build_settings_read_only(shown: Shown, *, command: str, who_decides: str) -> Block:
    """Show every setting to somebody who may not change it; ``who_decides`` is escaped."""
    blocks = [
        section(who_decides),
        *(section(line) for line in _lines(shown)),
        context(escape(_about_apps(shown, command))),
    ]
    return modal(TITLE, blocks, callback_id=ids.SETTINGS_SUBMIT, note=ids.write_note("", shown.channel_id))


def settings_text(shown: Shown) -> str:
    """Say every setting in words, escaped, where no form can be opened."""
    return "\n".join(_lines(shown))


def _channel_fields(shown: Shown) -> list[Block]:
    channel = shown.channel
    if channel is None or channel.kind is ChannelKind.DIRECT:
        return [section("Open the settings in a channel that Ballast was invited to, to see what holds there.")]
    watch, chosen = dict(WATCH_CHOICES), str(channel.watch)
    if channel.kind is ChannelKind.SHARED:
        del watch[Watch.ALL]
        watch = {ids.WATCH_ALL_SHARED: _AGREED, **watch}
        chosen = ids.WATCH_ALL_SHARED if channel.watch is Watch.ALL else chosen
    fields = [
        section("*In this channel*"),
        _choice(Chosen.WATCH, watch, chosen),
        _choice(Chosen.ANSWER, ANSWER_CHOICES, channel.answer),
        _choice(Chosen.KEEP_THREADS, YES_NO, _yes(channel.keep_threads)),
    ]
    if channel.kind is not ChannelKind.PUBLIC:
        fields.append(_choice(Chosen.COUNTED_ELSEWHERE, YES_NO, _yes(channel.counted_elsewhere)))
    return fields


def _workspace_fields(workspace: WorkspaceChoices) -> list[Block]:
    words = "\n".join(workspace.ignored_words)
    return [
        _typed(Chosen.IGNORED_WORDS, words, longest=LONGEST_WORDS, multiline=True),
        _typed(Chosen.LEAST_LENGTH, str(workspace.least_length), longest=5),
        _typed(Chosen.SAVE_EMOJI, workspace.save_emoji, longest=100),
        _typed(Chosen.KEPT_MONTHS, str(workspace.kept_months), longest=5),
    ]


def _choice(name: Chosen, choices: Mapping[str, str], chosen: str) -> Block:
    options = {value: option(label, value) for value, label in choices.items()}
    element = select(list(options.values()), action_id=ids.CHOICE, chosen=options.get(chosen))
    return field(NAMES[name], element, block_id=ids.setting_block(name), hint=EXPLAINED[name])


def _typed(name: Chosen, value: str, *, longest: int, multiline: bool = False) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": ids.TYPED, "max_length": longest, "multiline": multiline}
    element |= {"initial_value": value[:longest]} if value else {}
    made = field(NAMES[name], element, block_id=ids.setting_block(name), hint=EXPLAINED[name])
    return made | {"optional": True}


def _app_field(app: KnownApp) -> Block:
    options = {value: option(label, value) for value, label in _APP_CHOICES.items()}
    chosen = options["allowed" if app.allowed else "ignored"]
    element = select(list(options.values()), action_id=ids.CHOICE, chosen=chosen)
    return field((app.name or app.app)[:_LONGEST_NAME], element, block_id=ids.app_block(app.app))


def _lines(shown: Shown) -> list[str]:
    values: dict[Chosen, str | None] = {}
    if shown.channel is not None:
        values |= {
            Chosen.WATCH: str(shown.channel.watch),
            Chosen.ANSWER: str(shown.channel.answer),
            Chosen.KEEP_THREADS: _yes(shown.channel.keep_threads),
        }
        if shown.channel.kind is not ChannelKind.PUBLIC:
            values[Chosen.COUNTED_ELSEWHERE] = _yes(shown.channel.counted_elsewhere)
    values |= {
        Chosen.IGNORED_WORDS: "\n".join(shown.workspace.ignored_words) or "none",
        Chosen.LEAST_LENGTH: str(shown.workspace.least_length),
        Chosen.SAVE_EMOJI: shown.workspace.save_emoji,
        Chosen.KEPT_MONTHS: str(shown.workspace.kept_months),
    }
    lines = [
        f"*{NAMES[name]}*: {value_words(name, value)}\n{escape(EXPLAINED[name])}" for name, value in values.items()
    ]
    apps = [
        f"{quote(app.name or app.app, _LONGEST_NAME)}: {'allowed' if app.allowed else 'ignored'}" for app in shown.apps
    ]
    return [*lines, f"*Apps and bots*\n{escape(EXPLAINED[Chosen.APP])}", *(["\n".join(apps)] if apps else [])]


def _about_apps(shown: Shown, command: str) -> str:
    if not shown.apps:
        return "No app or bot has posted in a watched channel yet; each is listed here once it has."
    if shown.more_apps:
        return f"More apps have posted: type {command} settings apps and a number for the next page."
    return f"These apps have posted in watched channels. Every change is logged: {command} settings log"


def _yes(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "yes" if value else "no"

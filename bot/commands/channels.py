"""Sub-commands that choose how a channel is watched and answered."""

from __future__ import annotations

from bot.commands.command import Asked, Command, Reply
from bot.errors import InputError
from bot.parts import Parts
from bot.views.greeting import WATCH_WORDS, months
from bot.views.labels import mention
from bot.views.text import escape
from bot.watching import SHARED_WORD, set_answer, watch
from storage.vocabulary import AnswerMode, Watch

ANSWER_WORDS = {
    AnswerMode.REACTION: "one emoji on a message in which a problem was found",
    AnswerMode.CARD: "a card in the message's thread",
    AnswerMode.SILENT: "nothing",
}


def answer_watch(parts: Parts, asked: Asked) -> Reply:
    """Choose a watch mode, ``all`` where none is named, and tell the channel what was chosen and by whom."""
    words = asked.words.lower().split()
    confirmed = SHARED_WORD in words
    modes = [word for word in words if word != SHARED_WORD] or [Watch.ALL.value]
    if len(modes) > 1 or modes[0] not in list(Watch):
        message = f"Type one of: {', '.join(f'{parts.command} watch {mode.value}' for mode in Watch)}."
        raise InputError(message)
    return _chosen(parts, asked, Watch(modes[0]), shared_confirmed=confirmed)


def answer_unwatch(parts: Parts, asked: Asked) -> Reply:
    """Stop keeping anything from the channel."""
    return _chosen(parts, asked, Watch.OFF)


def answer_answer(parts: Parts, asked: Asked) -> Reply:
    """Choose how Ballast answers in the channel, and tell it there."""
    mode = asked.words.strip().lower()
    if mode not in list(AnswerMode):
        message = f"Type one of: {', '.join(f'{parts.command} answer {one.value}' for one in AnswerMode)}."
        raise InputError(message)
    set_answer(parts, asked.team_id, asked.channel_id, AnswerMode(mode), asked.person)
    chosen = f"{mention(asked.person.user_id)} chose: Ballast answers here with {ANSWER_WORDS[AnswerMode(mode)]}."
    return Reply(chosen, to_channel=True)


def _chosen(parts: Parts, asked: Asked, mode: Watch, *, shared_confirmed: bool = False) -> Reply:
    was_read = watch(parts, asked.team_id, asked.channel_id, mode, asked.person, shared_confirmed=shared_confirmed)
    chosen = f"{mention(asked.person.user_id)} chose: Ballast keeps {WATCH_WORDS[mode]} here."
    if mode is Watch.OFF:
        kept = months(parts.store.choices.of_workspace(asked.team_id).kept_months)
        ended = " The reading of its past has ended, too." if was_read else ""
        return Reply(f"{chosen}{ended} What was kept before stays until it is {kept} old.", to_channel=True)
    return Reply(f"{chosen} {escape(parts.words_go_to)}", to_channel=True)


CHANNEL_COMMANDS = (
    Command("watch", "watch [all | request | off]", "choose what is kept from this channel", answer_watch),
    Command("unwatch", "unwatch", "keep nothing from this channel", answer_unwatch),
    Command("answer", "answer reaction | card | silent", "choose how Ballast answers in this channel", answer_answer),
)

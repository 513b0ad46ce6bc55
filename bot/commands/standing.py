"""The sub-command that tells how things stand in a channel."""

from __future__ import annotations

from bot.commands.channels import ANSWER_WORDS
from bot.commands.command import Asked, Command, Reply
from bot.parts import Parts
from bot.rights import is_owner, who_decides
from bot.views.greeting import WATCH_WORDS, months
from bot.views.text import escape
from storage.records import Channel
from storage.vocabulary import FeedbackState


def answer_status(parts: Parts, asked: Asked) -> Reply:
    """Tell what is kept here, how it is answered, where words go, what waits and who decides."""
    channel = parts.store.workspaces.channel(asked.team_id, asked.channel_id)
    kept = months(parts.store.choices.of_workspace(asked.team_id).kept_months)
    lines = [_kept_here(channel), f"{escape(parts.words_go_to)} Words are kept for {kept}."]
    if is_owner(parts, asked.team_id, asked.person):
        lines += _troubles(parts, asked)
    return Reply("\n".join([*lines, who_decides(parts, asked.team_id)]))


def _kept_here(channel: Channel | None) -> str:
    if channel is None:
        return "From this channel Ballast keeps nothing."
    answer = ANSWER_WORDS[channel.answer]
    return f"From this channel Ballast keeps {WATCH_WORDS[channel.watch]}; it answers with {answer}."


def _troubles(parts: Parts, asked: Asked) -> list[str]:
    counts = parts.store.queue.counts(asked.team_id)
    waiting, failed = counts.get(FeedbackState.WAITING, 0), counts.get(FeedbackState.FAILED, 0)
    lines = [f"In all channels {waiting} waiting to be read and {failed} that could not be read."]
    if parts.store.intake.unreadable(asked.team_id, limit=1):
        lines.append("Some deliveries of Slack could not be understood. They are kept for whoever runs Ballast.")
    return lines


STANDING_COMMANDS = (Command("status", "status", "what is kept here, where words go, who decides", answer_status),)

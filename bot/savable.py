"""What may be saved by hand, and where.

What a team leaves out of its watch (apps, words, length, replies, what was said before) may be saved by hand. What
may not: words of somebody who opted out, messages of a channel of which an owner chose to keep nothing, and messages of
a channel that is shared with another organisation and was not confirmed. What somebody types for Ballast alone is
their own, wherever they type it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import InputError, NotAllowedError, SlackError, SlackUnavailableError
from bot.parts import Parts
from bot.payloads import is_tombstone
from bot.port import ChannelFacts, Message
from bot.rights import who_decides
from bot.setting_aside import Odd, set_aside
from bot.shapes.feedback import parse_message
from bot.shapes.fields import UnreadablePayloadError
from bot.shapes.meanings import Arrival, Ignored
from bot.shapes.mentions import is_request, only_asks
from bot.shapes.message import ASKS_ONLY, WORDLESS
from bot.wanted import has_opted_out
from bot.watching import SHARED_WORD
from storage.errors import NotFoundError
from storage.ids import ChannelId, TeamId
from storage.records import Channel, NewFeedback, Workspace
from storage.vocabulary import ChannelKind, Source, Watch, more_closed

_DELETED = "Nothing was saved: this message was deleted in Slack."
_CALLED = {"privategroup": ChannelKind.PRIVATE, "directmessage": ChannelKind.DIRECT}
"""What Slack calls channels in a press whose names it does not tell."""


@dataclass(frozen=True, slots=True)
class Where:
    """Know a channel in which something may be saved."""

    team_id: TeamId
    channel_id: ChannelId
    kind: ChannelKind
    name: str | None = None
    """None where Slack did not tell it."""


def find_where(
    parts: Parts,
    team_id: TeamId,
    channel_id: ChannelId,
    *,
    called: str = "",
    known_kind: ChannelKind = ChannelKind.PUBLIC,
) -> Where:
    """Find out who can be in a channel, also in one that the bot is not in.

    ``called`` is its name in a press, ``known_kind`` what was found out before: it is no more open now. One that
    Slack does not show to the bot counts as closed. Raises SlackUnavailableError when Slack does not answer.
    """
    known, facts = parts.store.workspaces.channel(team_id, channel_id), _facts(parts, channel_id)
    told = facts.kind if facts else _unseen_kind(channel_id, known)
    kind = more_closed(told, _CALLED.get(called, told), known.kind if known else told, known_kind)
    return Where(team_id, channel_id, kind, facts.name if facts else None)


def must_be_open(parts: Parts, where: Where, *, to_the_form: bool) -> None:
    """Raise InputError where messages may not be saved, with what lets them be.

    An owner's choice to keep nothing holds for every way in. Where nobody has chosen yet, the form saves, as it does
    where the bot is not, but a reaction or a mention does not.
    """
    known = parts.store.workspaces.channel(where.team_id, where.channel_id)
    if where.kind is ChannelKind.SHARED and not _is_confirmed(known):
        message = (
            "This channel is shared with another organisation, whose people would be recorded too, so nothing was "
            f"saved. If that is agreed, an owner confirms with {parts.command} watch request {SHARED_WORD}."
        )
        raise InputError(message)
    is_off = known is None or known.watch is Watch.OFF
    if where.kind is ChannelKind.DIRECT or not is_off:
        return
    if not to_the_form or (known is not None and known.decided_by is not None):
        message = (
            "Ballast keeps nothing of this channel, so nothing was saved. An owner lets people save messages here with "
            f"{parts.command} watch request. {who_decides(parts, where.team_id)}"
        )
        raise InputError(message)


def must_bring_more(parts: Parts, team_id: TeamId, message: Message) -> None:
    """Raise InputError that says how to save, for a message that mentions Ballast and only asks it for something."""
    if is_request(message, _workspace(parts, team_id)):
        raise InputError(_why_not(parts, ASKS_ONLY))


def read_message(parts: Parts, where: Where, message: Message) -> Arrival:
    """Read a message that is to be saved. Raises InputError or NotAllowedError with the reason where it cannot be."""
    if is_tombstone(message):
        raise InputError(_DELETED)
    try:
        meaning = parse_message(
            message, _workspace(parts, where.team_id), channel_id=where.channel_id, channel_kind=where.kind
        )
    except UnreadablePayloadError as error:
        raise InputError(_set_aside(parts, where, message, str(error))) from error
    if isinstance(meaning, Ignored):
        raise InputError(_why_not(parts, meaning.why))
    feedback = meaning.feedback
    if where.kind is ChannelKind.DIRECT and feedback.source is Source.CHANNEL and only_asks(feedback.text):
        raise InputError(_why_not(parts, ASKS_ONLY))
    must_not_have_opted_out(parts, feedback)
    return meaning


def must_not_have_opted_out(parts: Parts, feedback: NewFeedback) -> None:
    """Raise NotAllowedError for words of somebody who wants none of theirs kept."""
    rules = parts.store.choices.of(feedback.team_id, feedback.channel_id or ChannelId(""))
    if has_opted_out(feedback, rules):
        message = (
            "Whoever wrote or shared this keeps their messages out of Ballast, so it was not saved. "
            f"Each person chooses that for themselves with {parts.command} me off and {parts.command} me on."
        )
        raise NotAllowedError(message)


def _set_aside(parts: Parts, where: Where, message: Message, reason: str) -> str:
    """Keep raw what cannot be read, where that channel's messages and these people's are kept; say what was done."""
    known = parts.store.workspaces.channel(where.team_id, where.channel_id)
    rules = parts.store.choices.of(where.team_id, where.channel_id)
    odd = Odd(where.team_id, dict(message), reason, by_hand=True)
    if not set_aside(parts.store, parts.clock, odd, known, rules):
        return (
            "Ballast cannot read this message yet, so nothing of it was saved. Its words can be, typed or pasted "
            f"after {parts.command} add."
        )
    return "Ballast cannot read this message yet. It was set aside, and “ballast doctor” names it."


def _facts(parts: Parts, channel_id: ChannelId) -> ChannelFacts | None:
    try:
        return parts.slack.channel(channel_id)
    except SlackUnavailableError:
        raise  # it may well show the channel later, and who is in it must not be guessed
    except SlackError:
        return None  # a private channel in which the bot is not


def _unseen_kind(channel_id: ChannelId, known: Channel | None) -> ChannelKind:
    if known is not None:
        return known.kind
    return ChannelKind.DIRECT if channel_id.startswith("D") else ChannelKind.PRIVATE


def _is_confirmed(known: Channel | None) -> bool:
    """Tell whether an owner chose to keep something of a channel after it was shared."""
    return known is not None and known.kind is ChannelKind.SHARED and known.watch is not Watch.OFF


def _workspace(parts: Parts, team_id: TeamId) -> Workspace:
    workspace = parts.store.workspaces.find(team_id)
    if workspace is None:
        message = "Ballast does not know this workspace. Whoever runs Ballast can start it anew."
        raise NotFoundError(message)
    return workspace


def _why_not(parts: Parts, reason: str) -> str:
    if reason == ASKS_ONLY:
        return (
            "To save a message, mention Ballast in its thread, or choose “Save as feedback” in its menu. "
            f"What you write to Ballast directly is saved as feedback. {parts.command} help lists the rest."
        )
    if reason == WORDLESS:
        return "Nothing was saved: Ballast finds no words here, and it opens no files. Write what they show."
    return f"Nothing was saved: {reason}."

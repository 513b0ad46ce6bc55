"""Choosing how a channel is watched and answered: who may, for which channels, and what must hold before."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.announcing import announce_in
from bot.errors import ChannelGoneError, InputError
from bot.parts import Parts, Store
from bot.port import ChannelFacts, PersonFacts
from bot.reach.telling import Telling
from bot.rights import must_own
from bot.shapes.times import read_ts, write_ts
from bot.views.ids import shared_key
from bot.views.text import escape
from storage.ids import ChannelId, TeamId, Ts
from storage.records import Channel, NewPost
from storage.vocabulary import AnswerMode, ChannelKind, PostKind, Watch

_NOTICE_LIVES = timedelta(days=7)
SHARED_WORD = "shared"
"""What an owner adds to the command to watch a channel of two organisations."""


def watch(
    parts: Parts,
    team_id: TeamId,
    channel_id: ChannelId,
    mode: Watch,
    person: PersonFacts,
    *,
    shared_confirmed: bool = False,
) -> bool:
    """Set a channel's watch mode; ``all`` keeps what is posted from now on.

    ``off`` also ends a reading of the channel's past, and says so in its message: True where one ran.

    Raises NotAllowedError for who is no owner, InputError for a channel that cannot be watched: a direct message,
    an archived one, one that the bot is not in, or one shared with another organisation and not confirmed.
    """
    must_own(parts, team_id, person)
    check_watch(parts, team_id, channel_id, mode, shared_confirmed=shared_confirmed)
    now = parts.clock()
    parts.store.workspaces.set_watch(team_id, channel_id, mode, person.user_id, now, write_ts(now))
    if mode is Watch.OFF:
        return Telling(parts).end_with_watch(team_id, channel_id, now)
    # The greeting above may be older than the choice of the model, and say that nothing leaves this machine.
    announce_in(parts, team_id, channel_id)
    return False


def check_watch(parts: Parts, team_id: TeamId, channel_id: ChannelId, mode: Watch, *, shared_confirmed: bool) -> None:
    """Raise InputError for a channel that cannot be watched so, as ``watch`` does; else the channel is known after."""
    if mode is not Watch.OFF:
        facts = look_up(parts, channel_id)
        _check(parts, facts, mode, shared_confirmed=shared_confirmed)
        meet(parts, team_id, facts)
    # Keeping nothing needs no leave of Slack: it works also when the bot was removed or the channel archived.
    elif parts.store.workspaces.channel(team_id, channel_id) is None:
        message = "Ballast keeps nothing here already."
        raise InputError(message)


def tell_shared(store: Store, channel: Channel, *, command: str, at: datetime) -> bool:
    """Owe a watched channel the sentence that it is shared now, once each time that keeping its messages stops.

    False where that was owed before, and nobody chose anew and nothing was kept since.
    """
    team_id, channel_id = channel.team_id, channel.channel_id
    kept = store.shown.newest_watched(team_id, channel_id), channel.chosen_since
    last = max((ts for ts in kept if ts is not None), key=read_ts, default=None)
    return store.posts.owe(team_id, shared_notice(channel_id, last, command=command, at=at), at)


def shared_notice(channel_id: ChannelId, last: Ts | None = None, *, command: str, at: datetime) -> NewPost:
    """Say that a watched channel is shared now and no longer kept, and what confirms it; ``last`` as ``shared_key``."""
    body = escape(
        "This channel is shared with another organisation now, whose people would be recorded too, so Ballast has "
        f"stopped keeping its messages. If that is agreed, an owner confirms with {command} watch all {SHARED_WORD}."
    )
    key, expires_at = shared_key(channel_id, last), at + _NOTICE_LIVES
    return NewPost(key=key, kind=PostKind.NOTICE, channel_id=channel_id, expires_at=expires_at, body=body)


def set_answer(
    parts: Parts, team_id: TeamId, channel_id: ChannelId, answer: AnswerMode, person: PersonFacts
) -> Channel:
    """Set how the bot answers in a channel. Raises NotAllowedError for who is no owner."""
    must_own(parts, team_id, person)
    if parts.store.workspaces.channel(team_id, channel_id) is None:
        meet(parts, team_id, look_up(parts, channel_id))
    return parts.store.workspaces.set_answer(team_id, channel_id, answer, person.user_id, parts.clock())


def meet(parts: Parts, team_id: TeamId, facts: ChannelFacts) -> None:
    """Note a channel's name and kind as they are now; that it is shared must have been confirmed before."""
    known = parts.store.workspaces.meet_channel(team_id, facts.channel_id, facts.name, facts.kind)
    if known.kind is not facts.kind:
        parts.store.workspaces.correct_kind(team_id, facts.channel_id, facts.kind)


def look_up(parts: Parts, channel_id: ChannelId) -> ChannelFacts:
    """Ask Slack about a channel. Raises InputError for one that is archived, or that the bot is not in."""
    try:
        facts = parts.slack.channel(channel_id)
    except ChannelGoneError as error:
        message = "Ballast cannot see this channel. Invite it first: type /invite @Ballast here, then choose again."
        raise InputError(message) from error
    if facts.is_archived:
        message = "This channel is archived, so nothing new can be said in it. Choose in a channel that is in use."
        raise InputError(message)
    if facts.is_member is False:
        message = "Ballast is not in this channel. Invite it first: type /invite @Ballast here, then choose again."
        raise InputError(message)
    return facts


def _check(parts: Parts, facts: ChannelFacts, mode: Watch, *, shared_confirmed: bool) -> None:
    if facts.kind is ChannelKind.DIRECT:
        message = "Direct messages cannot be watched. Choose in a channel."
        raise InputError(message)
    if facts.kind is ChannelKind.SHARED and not shared_confirmed:
        message = (
            "This channel is shared with another organisation, whose people would be recorded too. "
            f"If that is agreed, confirm with {parts.command} watch {mode.value} {SHARED_WORD}."
        )
        raise InputError(message)

"""The sub-command that reads a channel's past: asked for by owners, told in the channel, cancelled by a button."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.commands.command import Asked, Command, Reply
from bot.errors import InputError
from bot.parts import Parts
from bot.period import day_of, name_of_days
from bot.port import ChannelFacts
from bot.presses import Pressed
from bot.reach.telling import Telling
from bot.retention import kept_since
from bot.rights import admit, must_own
from bot.shapes.times import write_ts
from bot.views.greeting import months
from bot.watching import SHARED_WORD, look_up, meet
from storage.ids import BackfillId, ChannelId, TeamId, UserId
from storage.past import Backfill
from storage.vocabulary import BackfillState, ChannelKind, Watch

_SPAN = re.compile(r"(\d{1,4})\s*(d|days?|w|weeks?|m|months?)", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30}
_CANCEL = "cancel"


def answer_backfill(parts: Parts, asked: Asked) -> Reply:
    """Begin to read the channel's past as far back as was asked, or cancel that."""
    must_own(parts, asked.team_id, asked.person)
    words = asked.words.lower().split()
    if words == [_CANCEL]:
        return Reply(cancel(parts, asked.team_id, _running(parts, asked).backfill_id))
    confirmed = SHARED_WORD in words
    back = parse_span(" ".join(word for word in words if word != SHARED_WORD), command=parts.command)
    facts = look_up(parts, asked.channel_id)
    check_watch_first(parts, asked.team_id, facts)
    check_readable(facts, f"“{parts.command} backfill 90d {SHARED_WORD}”", shared_confirmed=confirmed)
    meet(parts, asked.team_id, facts)
    since, why_not_before = as_long_as_kept(parts, asked.team_id, parts.clock() - back)
    begin(parts, asked.team_id, asked.channel_id, since=since, by=asked.person.user_id)
    day = day_of(since, parts.default_zone)
    said = (
        f"Ballast reads this channel back to {name_of_days(day, day)} and tells here how far it is.",
        why_not_before,
        "What is found is kept like any message of this channel; nothing is posted under old messages.",
    )
    return Reply(" ".join(sentence for sentence in said if sentence))


def begin(parts: Parts, team_id: TeamId, channel_id: ChannelId, *, since: datetime, by: UserId) -> Backfill:
    """Write down that the past is to be read, and wake the reader. Raises InputError while one runs already."""
    now = parts.clock()
    asked = parts.store.backfills.ask(team_id, channel_id, oldest=write_ts(since), latest=write_ts(now), by=by, at=now)
    if asked is None:
        message = (
            "The past of this channel is being read already; its message in the channel says how far it is. "
            f"“{parts.command} backfill cancel” ends it."
        )
        raise InputError(message)
    parts.wake_reader()
    return asked


def cancel_backfill(parts: Parts, pressed: Pressed) -> str | None:
    """Cancel by the button of the message that tells how far it is."""
    must_own(parts, pressed.team_id, admit(parts, pressed.user_id))
    cancel(parts, pressed.team_id, BackfillId(int(pressed.value)))
    return None


def cancel(parts: Parts, team_id: TeamId, backfill_id: BackfillId) -> str:
    """End a back-fill and say so where it was told. Raises InputError when it has ended already."""
    ended = parts.store.backfills.cancel(team_id, backfill_id, at=parts.clock())
    if ended is None:
        message = "That reading has ended already."
        raise InputError(message)
    Telling(parts).end(ended)
    return "Cancelled. What was kept until now stays."


def parse_span(words: str, *, command: str) -> timedelta:
    """Read how far back: "90d", "12w", "3 months". Raises InputError that shows the form."""
    back = span_of(words)
    if not back:
        message = f"Say how far back: “{command} backfill 90d” or “{command} backfill 12w”."
        raise InputError(message)
    return back


def span_of(words: str) -> timedelta | None:
    """Read a span, 0 to some 800 years; None when it is none."""
    found = _SPAN.fullmatch(words.strip())
    return timedelta(days=int(found[1]) * _DAYS[found[2][0].lower()]) if found else None


def as_long_as_kept(parts: Parts, team_id: TeamId, since: datetime) -> tuple[datetime, str]:
    """Bound how far back by how long the workspace keeps words; return also why, empty where nothing was cut off."""
    kept = parts.store.choices.of_workspace(team_id).kept_months
    oldest = kept_since(parts.clock(), kept)
    if since >= oldest:
        return since, ""
    return oldest, f"Words are kept for {months(kept)}, then erased: what was said before that is not read."


def check_readable(facts: ChannelFacts, confirm: str, *, shared_confirmed: bool) -> None:
    """Raise InputError for a direct message, and for a channel of two organisations that was not confirmed.

    ``confirm`` is what confirms it.
    """
    if facts.kind is ChannelKind.DIRECT:
        message = "The past of direct messages is not read. Ask in a channel."
        raise InputError(message)
    if facts.kind is ChannelKind.SHARED and not shared_confirmed:
        message = (
            "This channel is shared with another organisation, whose people would be recorded too. "
            f"If that is agreed, confirm with {confirm}."
        )
        raise InputError(message)


def check_watch_first(parts: Parts, team_id: TeamId, facts: ChannelFacts) -> None:
    """Raise InputError for a channel that became shared while it was watched.

    To note it as shared says that its watch was confirmed, and whoever asks for the past says nothing of that.
    """
    known = parts.store.workspaces.channel(team_id, facts.channel_id)
    if facts.kind is not ChannelKind.SHARED or known is None or known.kind is ChannelKind.SHARED:
        return
    if known.watch is not Watch.OFF:
        message = (
            "This channel is shared with another organisation now, so Ballast has stopped keeping its messages. Decide "
            f"that first: “{parts.command} watch {known.watch.value} {SHARED_WORD}” there if it is agreed, "
            f"or “{parts.command} unwatch”. Then ask for its past again."
        )
        raise InputError(message)


def _running(parts: Parts, asked: Asked) -> Backfill:
    newest = parts.store.backfills.of_channel(asked.team_id, asked.channel_id)
    if newest is None or newest.state is not BackfillState.RUNNING:
        message = "Nothing of this channel's past is being read."
        raise InputError(message)
    return newest


BACKFILL_COMMANDS = (
    Command("backfill", "backfill 90d | cancel", "read what was said in this channel before", answer_backfill),
)

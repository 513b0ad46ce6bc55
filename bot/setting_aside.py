"""What nobody can read: kept raw, but only where what can be read would have come in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.parts import Clock, Store
from bot.shapes.fields import mapping_at, message_ts_or_none
from bot.shapes.posters import app_of
from bot.shapes.times import read_ts
from bot.wanted import A_LITTLE_OFF, was_said_before_choice
from storage.ids import TeamId, Ts
from storage.records import Channel
from storage.rules import CaptureRules
from storage.vocabulary import ChannelKind, Watch


@dataclass(frozen=True, slots=True)
class Odd:
    """Hold what nobody can read, and by which way it came."""

    team_id: TeamId
    payload: Mapping[str, object]
    """A delivery, or a message of a page."""
    reason: str
    event_id: str | None = None
    is_shared: bool = False
    """Whether it tells that another organisation shares the channel."""
    is_past: bool = False
    """Whether an owner asked for what was said before."""
    by_hand: bool = False
    """Whether somebody handed it over to be saved."""


def set_aside(store: Store, clock: Clock, odd: Odd, channel: Channel | None, rules: CaptureRules) -> bool:
    """Keep it raw where it may be kept; False where it may not.

    Rule: the channel is watched with ``all`` and, where it is shared, an owner confirmed that; nobody who opted out
    stands in it; no app posted it that is not allowed; and it was said since all of that holds. What is handed over
    by hand needs no more than that something of the channel is kept and that nobody in it opted out.
    """
    ts = next(filter(None, (message_ts_or_none(one, "ts") for one in _messages(odd))), None)
    if channel is None or not _may_be_kept(odd, channel, rules, ts):
        return False
    at, where = clock(), channel.channel_id
    store.intake.keep_unreadable(odd.team_id, odd.payload, odd.reason, odd.event_id, at, channel_id=where, ts=ts)
    return True


def _may_be_kept(odd: Odd, channel: Channel, rules: CaptureRules, ts: Ts | None) -> bool:
    written = repr(odd.payload)  # whoever stands anywhere in it may be its author
    if any(person in written for person in rules.opted_out):
        return False
    if odd.by_hand:
        return channel.watch is not Watch.OFF
    if channel.watch is not Watch.ALL or (odd.is_shared and channel.kind is not ChannelKind.SHARED):
        return False
    apps = {app for one in _messages(odd) if (app := app_of(one)) is not None}
    let_in = [at for person, at in rules.people_since.items() if person in written]
    if not odd.is_past:
        let_in += [rules.apps_since[app] for app in apps if app in rules.apps_since]
    is_early = ts is not None and any(read_ts(ts) < at - A_LITTLE_OFF for at in let_in)
    is_before_choice = ts is not None and not odd.is_past and was_said_before_choice(ts, channel)
    return apps <= rules.allowed_apps and not is_early and not is_before_choice


def _messages(odd: Odd) -> Sequence[Mapping[str, object]]:
    """Find the message in it: the event of a delivery, or what the event says that it was changed to and from."""
    said = mapping_at(odd.payload, "event") or odd.payload
    changed = [mapping_at(said, field) for field in ("message", "previous_message")]
    return [one for one in changed if one] or [said]

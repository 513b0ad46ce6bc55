"""Taking in the messages of a page: what is new, what was edited since it was kept, and what left a tombstone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.parts import Parts
from bot.payloads import is_tombstone
from bot.port import Message
from bot.reach.doubts import VANISHES_AFTER, erase_deleted
from bot.reach.times import is_before, moment, order, ts_of
from bot.setting_aside import Odd, set_aside
from bot.shapes.feedback import parse_message
from bot.shapes.fields import UnreadablePayloadError, mapping_at, message_ts_or_none
from bot.shapes.meanings import Arrival, Ignored
from bot.shapes.message import ASKS_ONLY, WORDLESS
from bot.shapes.times import read_ts
from bot.wanted import has_opted_out, reason_not_wanted, was_let_in_later
from storage.ids import Ts
from storage.records import Channel, Place, Taken, Workspace
from storage.rules import CaptureRules
from storage.shown import KeptMessage

_NOTHING_TO_KEEP = (WORDLESS, ASKS_ONLY)


@dataclass(frozen=True, slots=True)
class Brought:
    """Count what a page brought."""

    seen: int = 0
    new: int = 0
    changed: int = 0


class Taking:
    """Take in what Slack shows, by the rules that capture goes by. What is known is not classified anew."""

    def __init__(self, parts: Parts, *, is_past: bool = False) -> None:
        """Write to the history of ``parts``; ``is_past`` says that an owner asked for what was said before."""
        self._parts = parts
        self._is_past = is_past

    def take_in(self, workspace: Workspace, channel: Channel, messages: Sequence[Message], *, since: Ts) -> Brought:
        """Take in messages, none said before ``since``, whatever a server shows; each commits by itself."""
        wanted = {ts: one for one in messages if (ts := ts_of(one)) is not None and not is_before(ts, since)}
        store = self._parts.store
        kept = store.shown.kept(channel.team_id, channel.channel_id, wanted)
        rules = store.choices.of(channel.team_id, channel.channel_id)
        for untimed in (one for one in messages if ts_of(one) is None):
            self._meaning(workspace, channel, untimed, rules)  # kept raw: without a time nobody can name it
        new = changed = 0
        for ts, message in wanted.items():
            known = kept.get(ts)
            if known is None:
                new += self._take(workspace, channel, message, rules)
            elif not known.is_erased:
                changed += self._bring_up_to_date(workspace, channel, message, known, rules)
        store.threads.note_shown(channel.team_id, channel.channel_id, threads_shown(messages))
        return Brought(seen=len(wanted), new=new, changed=changed)

    def _take(self, workspace: Workspace, channel: Channel, message: Message, rules: CaptureRules) -> bool:
        meaning = self._meaning(workspace, channel, message, rules)
        arrival = None if meaning is None else self._wanted(channel, meaning, rules)
        if arrival is None or was_let_in_later(arrival.feedback, rules, apps=not self._is_past):
            return False
        return self._keep(arrival, rules).new

    def _bring_up_to_date(
        self, workspace: Workspace, channel: Channel, message: Message, known: KeptMessage, rules: CaptureRules
    ) -> bool:
        if is_tombstone(message):
            return self._is_young(known.ts) and erase_deleted(self._parts, channel, known.ts)
        edited_ts = message_ts_or_none(mapping_at(message, "edited"), "ts")
        if edited_ts is None or (known.edited_ts is not None and order(edited_ts) <= order(known.edited_ts)):
            return False
        meaning = self._meaning(workspace, channel, message, rules)
        if meaning is None or (isinstance(meaning, Ignored) and meaning.why not in _NOTHING_TO_KEEP):
            return False  # what nobody can read takes nothing away: it is kept raw beside the words as they were
        arrival = self._wanted(channel, meaning, rules) or self._saved_by_hand(channel, meaning, rules)
        if arrival is not None:
            return self._keep(arrival, rules).changed
        place = Place(channel.team_id, channel.channel_id, known.ts, read_ts(known.ts), channel.kind)
        return self._parts.store.amending.empty(place, edited_ts, self._parts.clock(), remember=False)

    def _saved_by_hand(self, channel: Channel, meaning: Arrival | Ignored, rules: CaptureRules) -> Arrival | None:
        """Let a message stay that somebody saved by hand, whatever else the team leaves out."""
        if isinstance(meaning, Ignored) or has_opted_out(meaning.feedback, rules):
            return None
        by_hand = self._parts.store.stating.is_saved_by_hand(channel.team_id, meaning.feedback.origin)
        return meaning if by_hand else None

    def _keep(self, arrival: Arrival, rules: CaptureRules) -> Taken:
        comment = arrival.comment
        if comment is not None and reason_not_wanted(comment, rules, is_broadcast=arrival.is_broadcast):
            comment = None
        return self._parts.store.intake.take_in(arrival.feedback, self._parts.clock(), comment=comment)

    def _wanted(self, channel: Channel, meaning: Arrival | Ignored, rules: CaptureRules) -> Arrival | None:
        if isinstance(meaning, Ignored):
            return None
        feedback = meaning.feedback
        if feedback.app is not None and feedback.app not in rules.allowed_apps:
            # An owner is shown whom to allow.
            self._parts.store.choices.note_app(channel.team_id, feedback.app, feedback.author_name, self._parts.clock())
        return meaning if reason_not_wanted(feedback, rules, is_broadcast=meaning.is_broadcast) is None else None

    def _meaning(
        self, workspace: Workspace, channel: Channel, message: Message, rules: CaptureRules
    ) -> Arrival | Ignored | None:
        """Read a message; None for one that cannot be read, which is kept raw where it may be."""
        try:
            return parse_message(message, workspace, channel_id=channel.channel_id, channel_kind=channel.kind)
        except UnreadablePayloadError as error:
            odd = Odd(channel.team_id, dict(message), str(error), is_past=self._is_past)
            set_aside(self._parts.store, self._parts.clock, odd, channel, rules)
            return None

    def _is_young(self, ts: Ts) -> bool:
        return read_ts(ts) > self._parts.clock() - VANISHES_AFTER


def begins_thread(message: Message) -> bool:
    """Tell whether a message has replies; servers tell it in one way or another."""
    return bool(message.get("reply_count")) or ("thread_ts" in message and message["thread_ts"] == message.get("ts"))


def threads_shown(messages: Sequence[Message]) -> Mapping[Ts, datetime]:
    """Name the threads that messages belong to or begin, each with the newest message that they tell of."""
    latest: dict[Ts, datetime] = {}
    for message in messages:
        root = message_ts_or_none(message, "thread_ts") or ts_of(message)
        is_silent_root = root == ts_of(message) and not begins_thread(message)
        said = None if is_silent_root else message_ts_or_none(message, "latest_reply") or ts_of(message)
        at = None if said is None else moment(said)
        if root is not None and at is not None:
            latest[root] = max(at, latest.get(root, at))
    return latest

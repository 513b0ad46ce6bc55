"""What happens in a watched channel: messages are taken in, and what is kept stays in step with edits and deletions.

Each of these is one local transaction after a look at what a team chose, whatever order the deliveries come in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.logs import said
from bot.parts import Clock, Store
from bot.shapes.meanings import Arrival, Deleted, Edited, Ignored
from bot.shapes.times import read_ts
from bot.wanted import (
    has_opted_out,
    reason_by_source,
    reason_not_wanted,
    was_let_in_later,
    was_said_before_choice,
)
from bot.watching import tell_shared
from storage.records import Channel, NewFeedback, Place, Taken
from storage.rules import CaptureRules
from storage.scenes import Scene
from storage.vocabulary import ChannelKind, Watch, more_closed

log = logging.getLogger(__name__)

_SAME_CLOCK = timedelta(days=2)
"""A server whose clock is further off than this tells times that say nothing of ours; Slack repeats for a day."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Keep what is said in watched channels, and keep it in step."""

    store: Store
    clock: Clock
    wake: Callable[[], None]
    """Tells the worker and the poster that there is something to do."""
    command: str
    """The slash command, to name to people."""

    def arrive(self, arrival: Arrival, scene: Scene) -> None:
        """Take in a message where the channel is watched and the team's choices let it in."""
        feedback, channel, rules = arrival.feedback, scene.channel, scene.rules
        if channel is None or not self._watches(channel, feedback.channel_kind):
            return
        # It may be the late repeat of a delivery that nobody acknowledged.
        if self._is_wanted(arrival, rules) and not self._is_too_old(feedback, scene, feedback.said_at):
            self._note(feedback, self._take_in(arrival, channel, rules))

    def edit(self, edited: Edited, scene: Scene) -> None:
        """Bring what is kept to the words of an edit; take it in where the watch would, for an edit may come first.

        Words that the team's choices leave out, or no words at all, empty what is kept.
        """
        channel, rules = scene.channel, scene.rules
        if channel is None:
            return
        if isinstance(edited.now, Ignored) or not self._may_stay(edited.now, rules):
            self._empty(edited, channel, rules)
            return
        feedback = edited.now.feedback
        is_too_old = self._is_too_old(feedback, scene, read_ts(edited.event_ts), apps=False)
        if self._watches(channel, feedback.channel_kind) and not is_too_old:
            taken: Taken | None = self._take_in(edited.now, channel, rules)
        else:
            comment = _comment(edited.now, channel, rules)
            taken = self.store.amending.edit(_of_kind(edited.now, channel), self.clock(), comment=comment)
        if taken is not None:
            self._note(feedback, taken)

    def delete(self, deleted: Deleted, scene: Scene) -> None:
        """Erase what is kept of a message that is gone, and remember that it is where it may come in yet."""
        channel = scene.channel
        if channel is None:
            return
        kind = deleted.channel_kind if deleted.kind_is_told else channel.kind
        place = Place(
            deleted.team_id, deleted.channel_id, deleted.ts, read_ts(deleted.ts), more_closed(kind, channel.kind)
        )
        if self.store.amending.delete(place, self.clock(), remember=channel.watch is not Watch.OFF):
            self.wake()
            log.info("a deleted message was erased", extra=said("capture.deleted", team=deleted.team_id))

    def _empty(self, edited: Edited, channel: Channel, rules: CaptureRules) -> None:
        if edited.edited_ts is None:
            return  # nobody meant its words to change
        place = Place(edited.team_id, edited.channel_id, edited.ts, read_ts(edited.ts), channel.kind)
        may_come_yet = channel.watch is Watch.ALL and _may_be_wanted(edited.now, rules)
        if self.store.amending.empty(place, edited.edited_ts, self.clock(), remember=may_come_yet):
            self.wake()
            log.info("an edit left nothing to keep", extra=said("capture.emptied", team=edited.team_id))

    def _take_in(self, arrival: Arrival, channel: Channel, rules: CaptureRules) -> Taken:
        comment = _comment(arrival, channel, rules)
        return self.store.intake.take_in(_of_kind(arrival, channel), self.clock(), comment=comment)

    def _may_stay(self, arrival: Arrival, rules: CaptureRules) -> bool:
        """Tell whether changed words are kept: by the team's choices, or because somebody saved them by hand."""
        if self._is_wanted(arrival, rules):
            return True
        feedback = arrival.feedback
        by_hand = self.store.stating.is_saved_by_hand(feedback.team_id, feedback.origin)
        return by_hand and not has_opted_out(feedback, rules)

    def _is_wanted(self, arrival: Arrival, rules: CaptureRules) -> bool:
        feedback = arrival.feedback
        if feedback.app is not None and feedback.app not in rules.allowed_apps:
            self.store.choices.note_app(feedback.team_id, feedback.app, feedback.author_name, self.clock())
        reason = reason_not_wanted(feedback, rules, is_broadcast=arrival.is_broadcast)
        if reason is not None:
            log.debug("ignored: %s", reason, extra=said("capture.ignored"))
        return reason is None

    def _is_too_old(self, feedback: NewFeedback, scene: Scene, told_at: datetime, *, apps: bool = True) -> bool:
        """Tell whether it was said before the choice to watch, or while its author was out: neither is taken in late.

        ``told_at`` is when, by the server's clock, the message came or was changed.
        """
        if scene.channel is None or feedback.ts is None or abs(told_at - self.clock()) > _SAME_CLOCK:
            return False
        is_before_choice = was_said_before_choice(feedback.ts, scene.channel)
        return is_before_choice or was_let_in_later(feedback, scene.rules, apps=apps)

    def _watches(self, channel: Channel, told: ChannelKind) -> bool:
        if channel.watch is not Watch.ALL:
            return False
        if told is not ChannelKind.SHARED or channel.kind is ChannelKind.SHARED:
            return True
        # It was shared with another organisation after an owner chose, and that needs a choice of its own.
        log.warning(
            "not captured: %s is shared now", channel.channel_id, extra=said("capture.shared", team=channel.team_id)
        )
        if tell_shared(self.store, channel, command=self.command, at=self.clock()):
            self.wake()
        return False

    def _note(self, feedback: NewFeedback, taken: Taken) -> None:
        if taken.new or taken.changed:
            self.wake()
        action = "capture.taken" if taken.new else "capture.changed" if taken.changed else "capture.repeated"
        ids = said(action, team=feedback.team_id, feedback=taken.feedback_id, event=feedback.event_id)
        log.info("captured feedback %s", taken.feedback_id, extra=ids)


def _may_be_wanted(now: Arrival | Ignored, rules: CaptureRules) -> bool:
    """Tell whether the first words of a message may be let in that an edit has taken away."""
    if isinstance(now, Ignored):
        return True
    return reason_by_source(now.feedback, rules, is_broadcast=now.is_broadcast) is None


def _comment(arrival: Arrival, channel: Channel, rules: CaptureRules) -> NewFeedback | None:
    if arrival.comment is None or reason_not_wanted(arrival.comment, rules, is_broadcast=arrival.is_broadcast):
        return None
    return _of_kind(replace(arrival, feedback=arrival.comment), channel)


def _of_kind(arrival: Arrival, channel: Channel) -> NewFeedback:
    told = arrival.feedback.channel_kind if arrival.kind_is_told else channel.kind
    return replace(arrival.feedback, channel_kind=more_closed(told, channel.kind))

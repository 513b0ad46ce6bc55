"""What people hand over by a reaction, a mention or a direct message: written down before the acknowledgement.

Slack has to be asked who they are, and mostly for the message too. That is done after the acknowledgement, by
``bot.fetching``; what is committed here is that it is to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.emoji import is_same_emoji
from bot.logs import said
from bot.parts import Clock, Store
from bot.shapes.meanings import Deleted, Edited, HandedOver
from bot.shapes.times import read_ts
from storage.drafts import Draft
from storage.fetches import NewFetch
from storage.ids import TeamId, Ts, UserId, slack_origin
from storage.records import Place
from storage.vocabulary import ChannelKind, Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handing:
    """Write down what is handed over, and follow what becomes of it until it is settled."""

    store: Store
    clock: Clock
    wake: Callable[[], None]
    """Tells the one who fetches that there is something to do."""

    def hand_over(self, handed: HandedOver) -> None:
        """Write down that a message is to be saved, once however often the delivery comes."""
        if handed.emoji is None or is_same_emoji(handed.emoji, self._save_emoji(handed.team_id)):
            self._ask(handed)

    def edited(self, edited: Edited) -> None:
        """Let go of the words of a message that were changed meanwhile; Slack is asked for the new ones."""
        if edited.edited_ts is None:
            return
        self.store.drafts.drop_message(edited.team_id, edited.channel_id, edited.ts)
        if edited.author is not None and edited.is_to_the_bot:
            self._ask_for_edited(edited, edited.author, edited.edited_ts)

    def deleted(self, deleted: Deleted) -> None:
        """Let go of a deleted message, and remember that it is gone where it may yet be saved."""
        place = Place(deleted.team_id, deleted.channel_id, deleted.ts, read_ts(deleted.ts), deleted.channel_kind)
        self.store.drafts.drop_message(place.team_id, place.channel_id, place.ts)
        is_direct = deleted.kind_is_told and deleted.channel_kind is ChannelKind.DIRECT
        if is_direct or self.store.fetches.is_due(place.team_id, place.channel_id, place.ts):
            self.store.amending.delete(place, self.clock(), remember=True)

    def _save_emoji(self, team_id: TeamId) -> str:
        return self.store.choices.of_workspace(team_id).save_emoji

    def _ask_for_edited(self, edited: Edited, author: UserId, edited_ts: Ts) -> None:
        """Hand over a direct message of which only the edit has come, or that was refused as it read before.

        What it said first does not come in late then: it was handed over before.
        """
        if self.store.history.by_origin(edited.team_id, slack_origin(edited.channel_id, edited.ts)) is None:
            self._ask(
                HandedOver(edited.team_id, edited.channel_id, edited.ts, author, Source.COMMAND, event_ts=edited_ts)
            )

    def _ask(self, handed: HandedOver) -> None:
        now = self.clock()
        wanted = NewFetch(
            team_id=handed.team_id,
            channel_id=handed.channel_id,
            ts=handed.ts,
            thread_ts=handed.thread_ts,
            source=handed.source,
            asked_by=handed.by,
            asked_at=read_ts(handed.event_ts),
        )
        if not self.store.fetches.ask(wanted, now):
            return
        self._keep(handed, now)
        self.wake()
        log.info("a message was handed over", extra=said("capture.handed_over", team=handed.team_id))

    def _keep(self, handed: HandedOver, now: datetime) -> None:
        """Keep the message where the delivery holds it, so that Slack need not be asked for it."""
        if handed.message is not None:
            kind = handed.channel_kind or ChannelKind.PRIVATE
            draft = Draft(handed.team_id, handed.channel_id, kind, handed.ts, handed.by, handed.message)
            self.store.drafts.keep(draft, now)

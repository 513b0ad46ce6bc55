"""Telling a channel how far the reading of its past is: one message, brought up to date every few seconds at most."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.errors import SlackError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.views.backfill import backfill_key, build_progress
from storage.ids import BackfillId, ChannelId, TeamId, Ts
from storage.past import Backfill
from storage.vocabulary import BackfillState

log = logging.getLogger(__name__)

TOLD_EVERY = timedelta(seconds=5)


@dataclass(slots=True)
class Telling:
    """Post and update. Where Slack will not, nothing is told and the reading goes on."""

    parts: Parts
    _told_at: dict[BackfillId, datetime] = field(default_factory=dict)

    def begin(self, claim: Backfill) -> Backfill:
        """Say that the reading has begun, once: what an earlier try posted, here or before a take-over, is found."""
        was_tried = claim.is_taken_over or claim.backfill_id in self._told_at
        self._told_at[claim.backfill_id] = self.parts.clock()
        if claim.told_ts is not None:
            return claim
        text, blocks = build_progress(claim, self.parts.default_zone)
        key, channel = backfill_key(claim.backfill_id), claim.channel_id
        try:
            found = self._find(claim) if was_tried else None
            told_ts = found or self.parts.slack.post(channel, text=text, blocks=blocks, key=key)
        except SlackError as error:
            self._log(claim, error)
            return claim
        self.parts.store.backfills.note_told(claim, told_ts)
        return replace(claim, told_ts=told_ts)

    def progress(self, claim: Backfill) -> Backfill:
        """Say how far it is, unless that was said a moment ago."""
        now = self.parts.clock()
        told_at = self._told_at.get(claim.backfill_id)
        if told_at is not None and now - told_at < TOLD_EVERY:
            return claim
        self._told_at[claim.backfill_id] = now
        told = self.begin(claim)
        self._update(told)
        return told

    def end(self, claim: Backfill) -> None:
        """Say how it ended, as the history has it now."""
        self._told_at.pop(claim.backfill_id, None)
        newest = self.parts.store.backfills.of_channel(claim.team_id, claim.channel_id)
        if newest is not None and newest.backfill_id == claim.backfill_id:
            self._update(newest if newest.told_ts else self._found(newest))

    def end_with_watch(self, team_id: TeamId, channel_id: ChannelId, at: datetime) -> bool:
        """Say how it ended where the choice of that moment, to keep nothing of the channel, cancelled one."""
        newest = self.parts.store.backfills.of_channel(team_id, channel_id)
        if newest is None or newest.state is not BackfillState.CANCELLED or newest.ended_at != at:
            return False
        self.end(newest)
        return True

    def _found(self, claim: Backfill) -> Backfill:
        """Look for the message of one that ended before Slack was heard to have taken it."""
        try:
            return replace(claim, told_ts=self._find(claim))
        except SlackError as error:
            self._log(claim, error)
            return claim

    def _find(self, claim: Backfill) -> Ts | None:
        return self.parts.slack.find_own(claim.channel_id, backfill_key(claim.backfill_id), since=claim.latest)

    def _update(self, claim: Backfill) -> None:
        if claim.told_ts is None:
            return
        text, blocks = build_progress(claim, self.parts.default_zone)
        try:
            self.parts.slack.update(claim.channel_id, claim.told_ts, text=text, blocks=blocks)
        except SlackError as error:
            self._log(claim, error)

    def _log(self, claim: Backfill, error: SlackError) -> None:
        ids = said("backfill.untold", team=claim.team_id, channel=claim.channel_id)
        log.warning("How far a back-fill is could not be told: %s", describe(error), extra=ids)

"""Catching up: reads what each watched channel said while the bot was away, and moves the mark over it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import ChannelGoneError, SlackError, TokenRefusedError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.payloads import Arrival, UnreadablePayloadError, parse_message, read_ts, write_ts
from bot.port import Message
from bot.watching import shared_notice
from storage.ids import TeamId, Ts
from storage.records import Channel, Workspace
from storage.vocabulary import ChannelKind, Watch

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=1)
"""Read twice: Slack may show a message in the history a moment after it was sent. Taking in twice is harmless."""
_MOST_PAGES = 1000
_LACKS_SCOPE = "missing_scope"
"""Said of one kind of channels, the private ones, while the token is good for the others."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Read every watched channel from its mark to now."""

    parts: Parts
    is_stopping: Callable[[], bool]

    def run(self, team_id: TeamId) -> int:
        """Catch up in every channel watched with ``all``; return how many messages were new.

        A channel that cannot be read now keeps its mark and is read at the next run; so do all when the
        token itself is refused.
        """
        workspace = self.parts.store.workspaces.find(team_id)
        new = 0
        for channel in _watched(self.parts, team_id) if workspace else ():
            if self.is_stopping():
                break
            try:
                new += self._read_channel(workspace, channel) if workspace else 0
            except SlackError as error:
                self._log_unread(channel, error)
                if isinstance(error, TokenRefusedError) and error.code != _LACKS_SCOPE:
                    break
        if new:
            self.parts.wake()
        return new

    def _read_channel(self, workspace: Workspace, channel: Channel) -> int:
        if self._needs_a_new_choice(channel):
            return 0
        started_at = self.parts.clock()
        oldest = channel.read_through or write_ts(started_at)
        latest = write_ts(started_at)
        seen = new = 0
        for message in self._messages(channel, oldest, latest):
            seen += 1
            new += self._take_in(workspace, channel, message)
        self.parts.store.workspaces.move_read_through(
            channel.team_id, channel.channel_id, max(oldest, write_ts(started_at - OVERLAP), key=_as_number)
        )
        if new:
            ids = said("catch_up.read", team=channel.team_id, channel=channel.channel_id, seen=seen, new=new)
            log.info("Caught up on messages that were missed.", extra=ids)
        return new

    def _needs_a_new_choice(self, channel: Channel) -> bool:
        """Tell whether the channel was shared with another organisation after an owner chose to watch it."""
        facts = self.parts.slack.channel(channel.channel_id)
        if facts.kind is not ChannelKind.SHARED or channel.kind is ChannelKind.SHARED:
            return False
        ids = said("catch_up.shared", team=channel.team_id, channel=channel.channel_id)
        log.warning("A watched channel is shared now; it is not read until an owner chooses anew.", extra=ids)
        now = self.parts.clock()
        notice = shared_notice(channel.channel_id, command=self.parts.command, at=now)
        if self.parts.store.posts.owe(channel.team_id, notice, now):
            self.parts.wake()
        return True

    def _messages(self, channel: Channel, oldest: Ts, latest: Ts) -> Iterator[Message]:
        """Give every message of the range; raises before the end, never ends early, when a page cannot be read."""
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = self.parts.slack.history(channel.channel_id, oldest=oldest, latest=latest, cursor=cursor)
            # A server may not heed the range, and what was said before an owner chose is not ours to take.
            yield from (message for message in page.messages if not _is_before(message, oldest))
            if self.is_stopping():
                message = "stopping while a channel is read; it is read again after the start"
                raise SlackError(message, code="stopping")
            cursor = page.cursor
            if cursor is None:
                return
        message = f"more than {_MOST_PAGES} pages wait in one channel; narrow its range by turning the watch off and on"
        raise SlackError(message, code="too_many_pages")

    def _take_in(self, workspace: Workspace, channel: Channel, message: Message) -> bool:
        try:
            meaning = parse_message(message, workspace, channel_id=channel.channel_id, channel_kind=channel.kind)
        except UnreadablePayloadError as error:
            now = self.parts.clock()
            self.parts.store.intake.keep_unreadable(channel.team_id, dict(message), str(error), None, now)
            return False
        if not isinstance(meaning, Arrival) or meaning.feedback.app or meaning.feedback.thread_ts:
            return False
        return self.parts.store.intake.take_in(meaning.feedback, self.parts.clock()).new

    def _log_unread(self, channel: Channel, error: SlackError) -> None:
        ids = said("catch_up.unread", team=channel.team_id, channel=channel.channel_id)
        if isinstance(error, ChannelGoneError):
            log.warning("A watched channel is out of reach: %s", describe(error), extra=ids)
        else:
            log.warning("A channel will be caught up on later: %s", describe(error), extra=ids)


def _watched(parts: Parts, team_id: TeamId) -> Iterator[Channel]:
    """Give the channels watched with ``all``."""
    page = parts.store.workspaces.channels(team_id)
    while page:
        yield from (channel for channel in page if channel.watch is Watch.ALL)
        page = parts.store.workspaces.channels(team_id, after=page[-1].channel_id)


def _is_before(message: Message, oldest: Ts) -> bool:
    """Tell whether a message is surely older, by whole seconds: some servers count messages in the fraction."""
    try:
        return int(read_ts(Ts(str(message.get("ts")))).timestamp()) < int(read_ts(oldest).timestamp())
    except (ValueError, OverflowError):
        return False


def _as_number(ts: Ts) -> float:
    return float(ts)

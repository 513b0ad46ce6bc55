"""The port to Slack: what the bot asks of it, in the bot's words. ``bot.slack`` is the one implementation.

Every call has a time-out and obeys ``Retry-After``; every failure is one of the ``SlackError`` branches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind

Block = Mapping[str, Any]
View = Mapping[str, Any]
Message = Mapping[str, Any]
"""A message as Slack gives it, in an event or in a history page."""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """Know a channel as Slack tells it now."""

    channel_id: ChannelId
    name: str | None
    kind: ChannelKind
    is_member: bool | None
    """Whether the bot is in it; None when Slack does not tell."""
    is_archived: bool


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Know a person as Slack tells them now."""

    user_id: UserId
    team_id: TeamId | None
    name: str
    governs: bool
    """Whether they are an admin or owner of the workspace."""
    is_outsider: bool
    """A guest, or a member of another organisation: they can ask nothing."""
    is_bot: bool
    zone: str | None
    """An IANA name such as ``Europe/Berlin``."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page of messages, a channel's newest first, a thread's oldest first, and where the next one begins."""

    messages: Sequence[Message]
    cursor: str | None


class Slack(Protocol):
    """Do what the bot needs of Slack. Text given here is already escaped; unfurling is always off."""

    def identify(self) -> Workspace:
        """Ask who the bot is (``auth.test``)."""

    def post(
        self,
        channel: ChannelId,
        *,
        text: str,
        blocks: Sequence[Block] | None = None,
        thread: Ts | None = None,
        key: str | None = None,
    ) -> Ts:
        """Post; ``key`` (else the first ``block_id``) is the name by which ``find_own`` finds the message."""

    def post_only_to(
        self,
        channel: ChannelId,
        person: UserId,
        *,
        text: str,
        blocks: Sequence[Block] | None = None,
        thread: Ts | None = None,
    ) -> None:
        """Post what only one person in the channel sees; ``thread`` must have replies, or they would not see it."""

    def update(self, channel: ChannelId, ts: Ts, *, text: str, blocks: Sequence[Block] | None = None) -> None:
        """Replace what our message says."""

    def send_file(self, channel: ChannelId, file: Path, *, text: str) -> None:
        """Send a file with a sentence, where the optional scope for it was granted."""

    def delete(self, channel: ChannelId, ts: Ts) -> None:
        """Delete our message; being gone already is success."""

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Add a reaction; having added it already is success."""

    def find_own(
        self, channel: ChannelId, block_id: str, *, thread: Ts | None = None, since: Ts | None = None
    ) -> Ts | None:
        """Find our own message by a block id, in a thread or in the channel since ``since``."""

    def history(
        self, channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = 200
    ) -> Page:
        """Read the root messages between two times, both bounds included, newest first."""

    def replies(
        self,
        channel: ChannelId,
        thread: Ts,
        *,
        oldest: Ts | None = None,
        latest: Ts | None = None,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page:
        """Read a thread between two times, both bounds included, oldest first; its root is always among them."""

    def message(self, channel: ChannelId, ts: Ts, *, thread: Ts | None = None) -> Message | None:
        """Read one message, of the channel or of a thread; None when it does not stand there any more."""

    def channel(self, channel: ChannelId) -> ChannelFacts:
        """Ask about a channel."""

    def person(self, person: UserId) -> PersonFacts:
        """Ask about a person."""

    def direct_channel(self, person: UserId) -> ChannelId:
        """Open (or find) the direct message with a person."""

    def open_view(self, trigger: str, view: View) -> None:
        """Open a modal on a trigger that a person's press gave."""

    def granted_scopes(self) -> frozenset[str] | None:
        """Tell the scopes of the bot token, from the header of the last answer; None when Slack does not say."""

    def answered_at(self) -> datetime | None:
        """Tell Slack's time at its last answer, from its header; None when it did not say."""

    def check_app_token(self, app_token: str) -> None:
        """Ask for one Socket Mode address and throw it away: raises TokenRefusedError when the token is no good."""

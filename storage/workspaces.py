"""Workspaces, who decides in them, their channels and their own personas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from classifiers.vocabulary import PersonaEntry
from storage.database import Database
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Channel, Workspace
from storage.vocabulary import AnswerMode, ChannelKind, Duty, Watch


class Workspaces:
    """Keep what a workspace is and what its owners chose."""

    def __init__(self, database: Database) -> None: ...

    def remember(self, workspace: Workspace, at: datetime) -> None:
        """Insert the workspace or bring its name, url and bot ids up to date."""

    def find(self, team_id: TeamId) -> Workspace | None: ...

    def teams(self) -> Sequence[TeamId]:
        """List every workspace: the one query that has no team."""

    def name_duty(self, team_id: TeamId, user_id: UserId, duty: Duty, by: UserId, at: datetime) -> bool:
        """Give a person a duty; False when they had it already."""

    def end_duty(self, team_id: TeamId, user_id: UserId, duty: Duty) -> bool: ...

    def has_duty(self, team_id: TeamId, user_id: UserId, duty: Duty) -> bool: ...

    def with_duty(self, team_id: TeamId, duty: Duty) -> Sequence[UserId]: ...

    def meet_channel(self, team_id: TeamId, channel_id: ChannelId, name: str | None, kind: ChannelKind) -> Channel:
        """Know a channel by name and kind, new ones with watch off and answer ``reaction``; choices stay.

        A known kind never becomes more open by itself: public may become private or shared, not the reverse,
        unless ``correct_kind`` says so.
        """

    def correct_kind(self, team_id: TeamId, channel_id: ChannelId, kind: ChannelKind) -> None:
        """Set the kind as ``conversations.info`` gives it."""

    def channel(self, team_id: TeamId, channel_id: ChannelId) -> Channel | None: ...

    def channels(self, team_id: TeamId, *, after: ChannelId | None = None, limit: int = 100) -> Sequence[Channel]:
        """List the channels met, by id; the next page begins after the last id."""

    def set_watch(
        self, team_id: TeamId, channel_id: ChannelId, watch: Watch, by: UserId, at: datetime, since: Ts
    ) -> Channel:
        """Choose how a channel captures. Turning ``all`` on sets the read-through mark to ``since``; already
        on, the mark stays; turning it off clears the mark."""

    def set_answer(self, team_id: TeamId, channel_id: ChannelId, answer: AnswerMode, by: UserId) -> Channel: ...

    def move_read_through(self, team_id: TeamId, channel_id: ChannelId, through: Ts) -> None:
        """Move the mark forward, never back, and only while the channel is watched with ``all``."""

    def personas(self, team_id: TeamId) -> Sequence[PersonaEntry]: ...

    def add_persona(self, team_id: TeamId, persona: PersonaEntry, by: UserId, at: datetime) -> None: ...

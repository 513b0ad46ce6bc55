"""Rows of a workspace: itself, who decides in it, its channels and its own personas."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import by_value
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.rows.base import Row
from storage.vocabulary import AnswerMode, ChannelKind, Duty, Watch


class WorkspaceRow(Row):
    """A Slack workspace, or the one that lives at the terminal."""

    __tablename__ = "workspaces"

    team_id: Mapped[TeamId] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str | None]
    name: Mapped[str]
    url: Mapped[str | None]
    """Such as ``https://acme.slack.com/``; permalinks are made of it, so that none needs a call."""
    bot_id: Mapped[str | None]
    bot_user_id: Mapped[UserId | None]
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    """When it removed Ballast: it is being deleted, and nobody finds it any more."""


class DutyRow(Row):
    """A person who may decide. The admins of the workspace may too and need no row."""

    __tablename__ = "duties"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    duty: Mapped[Duty] = mapped_column(by_value(Duty, "duty"), primary_key=True)
    named_by: Mapped[UserId]
    named_at: Mapped[datetime]


class ChannelRow(Row):
    """A channel that the bot has met: how it captures and answers there, and how far it has read."""

    __tablename__ = "channels"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[ChannelId] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    kind: Mapped[ChannelKind] = mapped_column(by_value(ChannelKind, "kind"))
    watch: Mapped[Watch] = mapped_column(by_value(Watch, "watch"))
    answer: Mapped[AnswerMode] = mapped_column(by_value(AnswerMode, "answer"))
    decided_by: Mapped[UserId | None]
    """Who chose the watch mode; null as long as nobody did, and then nothing is captured."""
    decided_at: Mapped[datetime | None]
    answer_by: Mapped[UserId | None]
    """Who chose how the bot answers; null as long as nobody did."""
    read_through: Mapped[Ts | None]
    """Everything up to here has been read whole. Null while the channel is not watched."""
    reading_to: Mapped[Ts | None]
    """The end of the range that is being read now, newest first; null between two readings."""
    reading_down_to: Mapped[Ts | None]
    """How far down that range has been read: a reading that was cut off goes on from here."""
    rereading_down_to: Mapped[Ts | None]
    """How far down the last seven days have been read again; null between two readings."""
    reread_at: Mapped[datetime | None]
    """When the last seven days were last read again for missed edits and deletions."""
    keep_threads: Mapped[bool | None]
    """Whether replies are taken in; null is the default, yes."""
    counted_elsewhere: Mapped[bool | None]
    """Whether what is said here counts in digests and answers elsewhere although it is not public; null is no."""
    chosen_since: Mapped[Ts | None]
    """From when on the channel is watched: what was said before an owner chose is not taken in."""


class TeamPersonaRow(Row):
    """A persona that a team added ("Mary, the CFO")."""

    __tablename__ = "team_personas"

    team_id: Mapped[TeamId] = mapped_column(ForeignKey(WorkspaceRow.team_id, ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    gloss: Mapped[str]
    definition: Mapped[str]
    motivations: Mapped[str]
    pains: Mapped[str]
    success: Mapped[str]
    aliases: Mapped[str]
    """One a line."""
    examples: Mapped[str]
    """One a line."""
    added_by: Mapped[UserId]
    added_at: Mapped[datetime]

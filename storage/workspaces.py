"""Workspaces, who decides in them, and their channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage.backfills import cancel_running
from storage.choice_log import Choosing
from storage.chosen import Change
from storage.database import Database
from storage.errors import DatabaseUnavailableError, NotFoundError
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Channel, Workspace
from storage.rows import ChannelRow, DutyRow, FeedbackRow, WorkspaceRow
from storage.standing_in import prefer_open
from storage.statements import changed, insert_once, upsert
from storage.vocabulary import AnswerMode, ChannelKind, Chosen, Duty, Source, Watch, more_closed


class Workspaces:
    """Keep what a workspace is and what its owners chose."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, workspace: Workspace, at: datetime) -> None:
        """Insert the workspace or bring its name, url and bot ids up to date.

        Raises DatabaseUnavailableError while what was kept of it before it removed Ballast is being deleted.
        """
        values = {
            "team_id": workspace.team_id,
            "name": workspace.name,
            "url": workspace.url,
            "bot_id": workspace.bot_id,
            "bot_user_id": workspace.bot_user_id,
            "enterprise_id": workspace.enterprise_id,
            "created_at": at,
        }
        with self._database.writing() as session:
            upsert(session, WorkspaceRow, values, keys=("team_id",), keep=("created_at",))
            left = select(WorkspaceRow.left_at).where(WorkspaceRow.team_id == workspace.team_id)
            if session.scalar(left) is not None:
                message = "what was kept of this workspace before it removed Ballast is being deleted: start again soon"
                raise DatabaseUnavailableError(message)

    def find(self, team_id: TeamId) -> Workspace | None:
        """Find a workspace; None when it was never remembered, or removed Ballast."""
        with self._database.asking() as connection:
            row = connection.execute(_one_workspace(), {"team_id": team_id}).one_or_none()
            return None if row is None else _workspace(row)

    def teams(self) -> Sequence[TeamId]:
        """List every workspace: the one query that has no team."""
        with self._database.reading() as session:
            known = select(WorkspaceRow.team_id).where(WorkspaceRow.left_at.is_(None))
            return session.scalars(known.order_by(WorkspaceRow.team_id)).all()

    def name_duty(self, team_id: TeamId, user_id: UserId, duty: Duty, by: UserId, at: datetime) -> bool:
        """Give a person a duty and log it; False when they had it already."""
        values = {"team_id": team_id, "user_id": user_id, "duty": duty, "named_by": by, "named_at": at}
        with self._database.writing() as session:
            if insert_once(session, DutyRow, values, returning=DutyRow.user_id) is None:
                return False
            Choosing(team_id, None, by, at).append(session, Chosen(duty.value), None, user_id)
            return True

    def end_duty(self, team_id: TeamId, user_id: UserId, duty: Duty, by: UserId, at: datetime) -> bool:
        """Take a duty from a person and log it; False when they had none."""
        gone = delete(DutyRow).where(DutyRow.team_id == team_id, DutyRow.user_id == user_id, DutyRow.duty == duty)
        with self._database.writing() as session:
            if session.scalar(gone.returning(DutyRow.user_id)) is None:
                return False
            Choosing(team_id, None, by, at).append(session, Chosen(duty.value), user_id, None)
            return True

    def has_duty(self, team_id: TeamId, user_id: UserId, duty: Duty) -> bool:
        """Tell whether a person was given a duty."""
        with self._database.reading() as session:
            return session.get(DutyRow, (team_id, user_id, duty)) is not None

    def with_duty(self, team_id: TeamId, duty: Duty) -> Sequence[UserId]:
        """List who was given a duty, the longest in it first."""
        wanted = select(DutyRow.user_id).where(DutyRow.team_id == team_id, DutyRow.duty == duty)
        with self._database.reading() as session:
            return session.scalars(wanted.order_by(DutyRow.named_at, DutyRow.user_id)).all()

    def meet_channel(self, team_id: TeamId, channel_id: ChannelId, name: str | None, kind: ChannelKind) -> Channel:
        """Know a channel by name and kind, new ones with watch off and answer ``reaction``; choices stay.

        A known kind never becomes more open by itself: public may become private or shared, not the reverse,
        unless ``correct_kind`` says so. Nor does a channel become shared while something of it is kept: that it is
        noted as shared says that an owner confirmed it. Without a name the known one stays.

        What was imported of a channel before anybody met it counted as private, for want of knowing: of one that is
        public when it is met first, it is public too.
        """
        values = {"team_id": team_id, "channel_id": channel_id, "name": name, "kind": kind}
        chosen = {"watch": Watch.OFF, "answer": AnswerMode.REACTION}
        with self._database.writing() as session:
            is_new = insert_once(session, ChannelRow, values | chosen, returning=ChannelRow.channel_id) is not None
            if is_new and kind is ChannelKind.PUBLIC:
                _open_imported(session, team_id, channel_id)
                prefer_open(session, team_id, channel_id)
            row = channel_row(session, team_id, channel_id)
            row.name = row.name if name is None else name
            closer = more_closed(row.kind, kind)
            _turn(session, row, row.kind if closer is ChannelKind.SHARED and row.watch is not Watch.OFF else closer)
            return channel_of(row)

    def correct_kind(self, team_id: TeamId, channel_id: ChannelId, kind: ChannelKind) -> None:
        """Set the kind as ``conversations.info`` gives it. Raises NotFoundError for a channel never met.

        Of a channel of which something is kept, shared is to be set where an owner confirmed it alone.
        That it counts elsewhere was chosen for a closed channel: one that was open since must be chosen for anew.
        """
        with self._database.writing() as session:
            row = channel_row(session, team_id, channel_id)
            _turn(session, row, kind)
            row.counted_elsewhere = None if kind is ChannelKind.PUBLIC else row.counted_elsewhere

    def channel(self, team_id: TeamId, channel_id: ChannelId) -> Channel | None:
        """Find a channel; None when the bot never met it."""
        with self._database.asking() as connection:
            row = connection.execute(_one_channel(), {"team_id": team_id, "channel_id": channel_id}).one_or_none()
            return None if row is None else channel_of(row)

    def channels(self, team_id: TeamId, *, after: ChannelId | None = None, limit: int = 100) -> Sequence[Channel]:
        """List the channels met, by id; the next page begins after the last id."""
        wanted = select(ChannelRow).where(ChannelRow.team_id == team_id)
        if after is not None:
            wanted = wanted.where(ChannelRow.channel_id > after)
        with self._database.reading() as session:
            return [channel_of(row) for row in session.scalars(wanted.order_by(ChannelRow.channel_id).limit(limit))]

    def set_watch(
        self, team_id: TeamId, channel_id: ChannelId, watch: Watch, by: UserId, at: datetime, since: Ts
    ) -> Channel:
        """Choose how a channel captures.

        Turning ``all`` on sets the read-through mark to ``since``, and nothing said before is taken in by the
        watch; already on, the mark stays; turning it off clears the marks, and cancels a reading of the channel's
        past. Raises NotFoundError for a channel never met.
        """
        with self._database.writing() as session:
            row = channel_row(session, team_id, channel_id)
            if watch is Watch.OFF:  # also where it was off: an owner may have asked for the past of such a channel
                cancel_running(session, team_id, channel_id, at)
            put_watch(session, row, watch, since, Choosing(team_id, channel_id, by, at))
            return channel_of(row)

    def set_answer(
        self, team_id: TeamId, channel_id: ChannelId, answer: AnswerMode, by: UserId, at: datetime
    ) -> Channel:
        """Choose how the bot answers in a channel. Raises NotFoundError for a channel never met."""
        with self._database.writing() as session:
            row = channel_row(session, team_id, channel_id)
            put_answer(session, row, answer, Choosing(team_id, channel_id, by, at))
            return channel_of(row)


def _turn(session: Session, row: ChannelRow, kind: ChannelKind) -> None:
    """Set a channel's kind; where that opens or closes it, other copies of its messages may be the ones to count."""
    before, row.kind = row.kind, kind
    if kind is not before:
        prefer_open(session, row.team_id, row.channel_id)


def _open_imported(session: Session, team_id: TeamId, channel_id: ChannelId) -> None:
    imported = update(FeedbackRow).where(
        FeedbackRow.team_id == team_id,
        FeedbackRow.channel_id == channel_id,
        FeedbackRow.source == Source.IMPORT,
        FeedbackRow.channel_kind == ChannelKind.PRIVATE,
    )
    changed(session, imported.values(channel_kind=ChannelKind.PUBLIC))


def put_watch(session: Session, row: ChannelRow, watch: Watch, since: Ts, choosing: Choosing) -> Change | None:
    """Choose how a channel captures, as ``set_watch`` does, and log it; None when it captured so already."""
    before = row.watch
    if watch is not Watch.ALL or before is not Watch.ALL:
        row.read_through = row.chosen_since = since if watch is Watch.ALL else None
        row.reading_to = row.reading_down_to = row.rereading_down_to = row.reread_at = None
    row.watch, row.decided_by, row.decided_at = watch, choosing.by, choosing.at
    return choosing.append(session, Chosen.WATCH, before, watch)


def put_answer(session: Session, row: ChannelRow, answer: AnswerMode, choosing: Choosing) -> Change | None:
    """Choose how the bot answers in a channel and log it; None when it answered so already."""
    before, row.answer, row.answer_by = row.answer, answer, choosing.by
    return choosing.append(session, Chosen.ANSWER, before, answer)


def lock_workspace(session: Session, team_id: TeamId) -> None:
    """Let what is decided of a workspace follow one another, so that each sees the one before; capture goes on."""
    # Without the key: what is inserted meanwhile only asks that the workspace stays.
    one = select(WorkspaceRow.team_id).where(WorkspaceRow.team_id == team_id)
    session.execute(one.with_for_update(key_share=True))


def channel_row(session: Session, team_id: TeamId, channel_id: ChannelId) -> ChannelRow:
    """Lock a channel's row. Raises NotFoundError for a channel never met."""
    row = session.get(ChannelRow, (team_id, channel_id), with_for_update=True)
    if row is None:
        message = "the bot never met that channel in this workspace: invite it there first"
        raise NotFoundError(message)
    return row


@cache
def _one_workspace() -> Select[Any]:
    """Give the statement that every delivery asks, made once; of the table, for a mapped row takes longer."""
    known = WorkspaceRow.__table__
    return select(*known.c).where(known.c.team_id == bindparam("team_id"), known.c.left_at.is_(None))


@cache
def _one_channel() -> Select[Any]:
    """Give the other one."""
    return select(*ChannelRow.__table__.c).where(
        ChannelRow.team_id == bindparam("team_id"), ChannelRow.channel_id == bindparam("channel_id")
    )


def _workspace(row: WorkspaceRow | sqlalchemy.Row[Any]) -> Workspace:
    return Workspace(
        team_id=row.team_id,
        name=row.name,
        url=row.url,
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
        enterprise_id=row.enterprise_id,
    )


def channel_of(row: ChannelRow | sqlalchemy.Row[Any]) -> Channel:
    """Read a channel from its row."""
    return Channel(
        team_id=row.team_id,
        channel_id=row.channel_id,
        name=row.name,
        kind=row.kind,
        watch=row.watch,
        answer=row.answer,
        decided_by=row.decided_by,
        read_through=row.read_through,
        keep_threads=row.keep_threads is not False,
        counted_elsewhere=row.counted_elsewhere is True,
        chosen_since=row.chosen_since,
    )

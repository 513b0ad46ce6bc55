"""Following what becomes of channels, and of the workspace itself."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.logs import said
from bot.parts import Store
from bot.shapes.places import Converted, Gone, Left, Move, Renamed
from bot.shapes.times import write_ts
from storage.ids import ChannelId, TeamId, UserId
from storage.vocabulary import BackfillState, ChannelKind, Watch

log = logging.getLogger(__name__)

SLACK = UserId("USLACKBOT")
"""Who is named in the log of changes where Slack itself did it."""


def follow(store: Store, move: Move, at: datetime) -> None:
    """Keep in step with a channel's name, kind and end, and let a workspace that removed Ballast be deleted.

    Each may come twice or late: a second time changes nothing. What is known of no channel stays unknown.
    """
    match move:
        case Left():
            _leave(store, move.team_id, at)
        case Renamed():
            if known := store.workspaces.channel(move.team_id, move.channel_id):
                store.workspaces.meet_channel(move.team_id, move.channel_id, move.name, known.kind)
        case Converted():
            _convert(store, move)
        case Gone():
            _end_watch(store, move.team_id, move.channel_id, at)


def _leave(store: Store, team_id: TeamId, at: datetime) -> None:
    if store.leaving.leave(team_id, at):
        log.warning(
            "Ballast was removed from the workspace: everything that it kept of it is being deleted.",
            extra=said("workspace.left", team=team_id),
        )


def _convert(store: Store, move: Converted) -> None:
    """Close a channel at once; open only a private one, for who else is in a shared one Slack has yet to tell."""
    known = store.workspaces.channel(move.team_id, move.channel_id)
    if known is None:
        return
    if move.kind is ChannelKind.PRIVATE:
        store.workspaces.meet_channel(move.team_id, move.channel_id, None, move.kind)
    elif known.kind is ChannelKind.PRIVATE:
        store.workspaces.correct_kind(move.team_id, move.channel_id, move.kind)
    ids = said("channel.converted", team=move.team_id, channel=move.channel_id)
    log.info("A channel is %s now.", move.kind.value, extra=ids)


def _end_watch(store: Store, team_id: TeamId, channel_id: ChannelId, at: datetime) -> None:
    known = store.workspaces.channel(team_id, channel_id)
    if known is None:
        return
    if known.watch is not Watch.OFF:
        store.workspaces.set_watch(team_id, channel_id, Watch.OFF, SLACK, at, write_ts(at))
    past = store.backfills.of_channel(team_id, channel_id)
    if past is not None and past.state is BackfillState.RUNNING:  # one that an owner began where nothing is watched
        store.backfills.cancel(team_id, past.backfill_id, at=at)
    store.schedules.pause(team_id, channel_id, paused=True, by=SLACK, at=at)
    log.info("A channel was deleted.", extra=said("channel.gone", team=team_id, channel=channel_id))

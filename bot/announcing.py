"""Telling each watched channel, once a host, that its words go to a language model there."""

from __future__ import annotations

from datetime import timedelta

from bot.parts import Parts
from bot.views.text import escape
from storage.ids import ChannelId, TeamId
from storage.records import NewPost
from storage.vocabulary import PostKind, Watch

_PAGE = 100
_LIVES = timedelta(days=30)
"""Long enough that a Slack that is out of reach for a while keeps no channel from being told."""


def announce_model(parts: Parts, team_id: TeamId) -> None:
    """Owe every watched channel the notice; nothing where words go to no model, or where it was told before."""
    after: ChannelId | None = None
    while page := parts.store.workspaces.channels(team_id, after=after, limit=_PAGE):
        for channel in page:
            if channel.watch is not Watch.OFF:
                announce_in(parts, team_id, channel.channel_id)
        after = page[-1].channel_id


def announce_in(parts: Parts, team_id: TeamId, channel_id: ChannelId) -> None:
    """Owe one channel the notice, as ``announce_model`` does."""
    if parts.model_host is None:
        return
    now = parts.clock()
    body = escape(
        f"Ballast uses a language model here. {parts.words_go_to} An owner can end that with {parts.command} unwatch."
    )
    key = f"announce:{parts.model_host}:{channel_id}"
    if parts.store.posts.owe(team_id, NewPost(key, PostKind.NOTICE, channel_id, now + _LIVES, body=body), now):
        parts.wake()

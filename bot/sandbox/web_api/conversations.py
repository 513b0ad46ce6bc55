"""Channels and what was said in them: ``conversations.*``, ``users.conversations``."""

from __future__ import annotations

from bot.sandbox.channels import Channel, Kind
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace
from bot.sandbox.web_api.paging import page_of

_TYPES = {
    Kind.PUBLIC: "public_channel",
    Kind.SHARED: "public_channel",
    Kind.PRIVATE: "private_channel",
    Kind.DIRECT: "im",
}
_HISTORY = frozenset({"channels:history", "groups:history", "im:history"})
_READ = frozenset({"channels:read", "groups:read", "im:read"})


def history(workspace: Workspace, call: Call) -> Answer:
    """Page through the messages of a channel that the bot is in, newest first."""
    channel = workspace.world.joined_channel(call.text("channel"))
    within = [message for message in channel.roots() if _is_within(str(message["ts"]), call)]
    page, cursor = page_of(within[::-1], call, default=100)
    answer: Answer = {"messages": page, "has_more": bool(cursor), "pin_count": 0}
    return answer | _metadata(cursor) if cursor else answer


def replies(workspace: Workspace, call: Call) -> Answer:
    """Page through a thread, its root first and then the replies, oldest first."""
    channel = workspace.world.joined_channel(call.text("channel"))
    ts = call.text("ts")
    if ts not in channel.messages:
        code = "thread_not_found"
        raise RefusedCallError(code)
    root_ts = str(channel.messages[ts].get("thread_ts", ts))
    root, *rest = channel.thread(root_ts)
    within = [root, *(reply for reply in rest if _is_within(str(reply["ts"]), call))]
    page, cursor = page_of(within, call, default=1000)
    answer: Answer = {"messages": page, "has_more": bool(cursor)}
    return answer | _metadata(cursor) if cursor else answer


def information(workspace: Workspace, call: Call) -> Answer:
    """Tell what a channel is."""
    channel = workspace.world.known_channel(call.text("channel"))
    return {"channel": channel.as_slack(for_user=workspace.world.identity.bot_user_id)}


def list_channels(workspace: Workspace, call: Call) -> Answer:
    """Page through the channels that the bot can know of."""
    bot = workspace.world.identity.bot_user_id
    known = [one for one in workspace.world.channels.values() if not one.is_hidden or bot in one.members]
    return _channels_page(workspace, call, known)


def list_joined(workspace: Workspace, call: Call) -> Answer:
    """Page through the channels that a person is in, the bot unless another is named."""
    user_id = call.text("user", default=workspace.world.identity.bot_user_id)
    joined = [channel for channel in workspace.world.channels.values() if user_id in channel.members]
    return _channels_page(workspace, call, joined)


def members(workspace: Workspace, call: Call) -> Answer:
    """Page through the ids of those who are in a channel."""
    channel = workspace.world.known_channel(call.text("channel"))
    page, cursor = page_of(channel.members, call, default=100)
    return {"members": page} | _metadata(cursor)


def open_direct(workspace: Workspace, call: Call) -> Answer:
    """Find or open the direct message with a person."""
    user_id = call.text("users")
    if user_id not in workspace.world.people:
        code = "user_not_found"
        raise RefusedCallError(code)
    channel = workspace.world.direct_channel(user_id)
    return {
        "no_op": bool(channel.messages),
        "already_open": bool(channel.messages),
        "channel": {"id": channel.channel_id},
    }


def _channels_page(workspace: Workspace, call: Call, channels: list[Channel]) -> Answer:
    types = set(call.text("types", default="public_channel").replace(" ", "").split(","))
    if unknown := types - {*_TYPES.values(), "mpim"}:
        code = "invalid_types"
        raise RefusedCallError(code, response_metadata={"messages": [f"[ERROR] unknown types: {', '.join(unknown)}"]})
    is_wanted = [
        channel
        for channel in channels
        if _TYPES[channel.kind] in types and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    page, cursor = page_of(is_wanted, call, default=100)
    bot = workspace.world.identity.bot_user_id
    return {"channels": [channel.as_slack(for_user=bot) for channel in page]} | _metadata(cursor)


def _is_within(ts: str, call: Call) -> bool:
    """Compare as Slack does: the bounds belong to the range only when the call says ``inclusive``."""
    at = _micros(ts)
    oldest = _micros(call.text("oldest", default="0") or "0")
    latest = call.text("latest", default="")
    if call.flag("inclusive"):
        return oldest <= at and (not latest or at <= _micros(latest))
    return oldest < at and (not latest or at < _micros(latest))


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    try:
        return int(seconds) * 1_000_000 + int(f"{fraction:0<6}"[:6])
    except ValueError:
        code = "invalid_ts_oldest"
        raise RefusedCallError(code) from None


def _metadata(cursor: str) -> Answer:
    return {"response_metadata": {"next_cursor": cursor}}


METHODS = (
    Method("conversations.history", history, _HISTORY),
    Method("conversations.replies", replies, _HISTORY),
    Method("conversations.info", information, _READ),
    Method("conversations.list", list_channels, _READ),
    Method("conversations.members", members, _READ),
    Method("conversations.open", open_direct, frozenset({"im:write"})),
    Method("users.conversations", list_joined, _READ),
)

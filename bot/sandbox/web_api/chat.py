"""Messages of the app: ``chat.*``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.blocks.surfaces import check_message
from bot.sandbox.channels import Channel, Message
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.messages import app_message
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace
from bot.sandbox.world import Ephemeral, World

TEXT_IS_CUT_AT = 40_000
TEXT_OF_UPDATE = 4_000
_WRITE = frozenset({"chat:write"})


def post_message(workspace: Workspace, call: Call) -> Answer:
    """Post into a channel that the bot is in, or into a thread of it."""
    channel = _writable(workspace, call)
    fields = content_of(call)
    thread_ts = call.text("thread_ts", default="")
    if thread_ts:
        fields |= _thread_fields(channel, thread_ts, is_broadcast=call.flag("reply_broadcast"))
    metadata = call.json("metadata", or_refuse="invalid_metadata_format")
    if metadata is not None:
        fields["metadata"] = metadata
    world = workspace.world
    message = app_message(world.identity, ts=world.next_ts(), fields=named_blocks(fields, world))
    posted = workspace.happenings.post(channel, message)
    return {"channel": channel.channel_id, "ts": posted["ts"], "message": posted}


def update(workspace: Workspace, call: Call) -> Answer:
    """Replace a message of the app."""
    channel = _writable(workspace, call)
    ts = _own_message(workspace, channel, call, or_refuse="cant_update_message")
    fields = content_of(call)
    if len(fields["text"]) > TEXT_OF_UPDATE:
        code = "msg_too_long"
        raise RefusedCallError(code)
    # A call without blocks takes away those that are there, as Slack does when only text is given.
    fields = {"blocks": None, "attachments": None} | named_blocks(fields, workspace.world)
    message = workspace.happenings.change(channel, ts, fields)
    return {"channel": channel.channel_id, "ts": ts, "text": message["text"], "message": message}


def delete(workspace: Workspace, call: Call) -> Answer:
    """Delete a message of the app."""
    channel = workspace.world.joined_channel(call.text("channel"))
    ts = _own_message(workspace, channel, call, or_refuse="cant_delete_message")
    workspace.happenings.delete(channel, ts)
    return {"channel": channel.channel_id, "ts": ts}


def post_ephemeral(workspace: Workspace, call: Call) -> Answer:
    """Show a message to one member of a channel."""
    channel = _writable(workspace, call)
    user_id = call.text("user")
    if user_id not in workspace.world.people:
        code = "user_not_found"
        raise RefusedCallError(code)
    if user_id not in channel.members:
        code = "user_not_in_channel"
        raise RefusedCallError(code)
    fields = content_of(call)
    if thread_ts := call.text("thread_ts", default=""):
        fields["thread_ts"] = thread_ts
    message = show_only_to(workspace.world, channel, user_id, fields)
    return {"message_ts": message["ts"]}


def get_permalink(workspace: Workspace, call: Call) -> Answer:
    """Make the address of a message."""
    world = workspace.world
    channel = world.known_channel(call.text("channel"))
    ts = call.text("message_ts")
    message = channel.messages.get(ts)
    if message is None:
        code = "message_not_found"
        raise RefusedCallError(code)
    link = f"https://{world.identity.team_domain}.slack.com/archives/{channel.channel_id}/p{ts.replace('.', '')}"
    thread_ts = message.get("thread_ts", ts)
    suffix = "" if thread_ts == ts else f"?thread_ts={thread_ts}&cid={channel.channel_id}"
    return {"channel": channel.channel_id, "permalink": link + suffix}


def show_only_to(world: World, channel: Channel, user_id: str, fields: Mapping[str, Any]) -> Message:
    """Keep a message that only one person sees."""
    with world.changed:
        shown = named_blocks(fields, world) | {"is_ephemeral": True}
        message = app_message(world.identity, ts=world.next_ts(), fields=shown)
        world.ephemerals.append(Ephemeral(channel.channel_id, user_id, message))
        world.changed.notify_all()
    return message


def content_of(call: Call) -> dict[str, Any]:
    """Read text, blocks and attachments; refuse none at all and blocks that Slack would not show."""
    text = call.text("text", default="")
    blocks = call.json("blocks", or_refuse="invalid_blocks_format")
    attachments = call.json("attachments", or_refuse="invalid_attachments")
    if not (text or blocks or attachments):
        code = "no_text"
        raise RefusedCallError(code)
    content: dict[str, Any] = {"text": text[:TEXT_IS_CUT_AT]}
    if blocks:
        problems = check_message(blocks)
        if problems:
            code = "msg_blocks_too_long" if problems[0].code == "too_long_together" else "invalid_blocks"
            messages = [f"[ERROR] {problem}" for problem in problems]
            raise RefusedCallError(code, errors=messages, response_metadata={"messages": messages})
        content["blocks"] = blocks
    if attachments:
        content["attachments"] = attachments
    return content


def named_blocks(fields: Mapping[str, Any], world: World) -> dict[str, Any]:
    """Give each block without a ``block_id`` one of ours."""
    if not fields.get("blocks"):
        return dict(fields)
    with world.changed:
        named = [{"block_id": world.next_id("block-"), **block} for block in fields["blocks"]]
    return {**fields, "blocks": named}


def _writable(workspace: Workspace, call: Call) -> Channel:
    name = call.text("channel")
    world = workspace.world
    channel = world.direct_channel(name) if name in world.people else world.joined_channel(name)
    if channel.is_archived:
        code = "is_archived"
        raise RefusedCallError(code)
    return channel


def _thread_fields(channel: Channel, thread_ts: str, *, is_broadcast: bool) -> dict[str, Any]:
    if thread_ts not in channel.messages:
        code = "thread_not_found"
        raise RefusedCallError(code)
    root_ts = channel.messages[thread_ts].get("thread_ts", thread_ts)
    fields = {"thread_ts": root_ts}
    return fields | {"subtype": "thread_broadcast"} if is_broadcast else fields


def _own_message(workspace: Workspace, channel: Channel, call: Call, *, or_refuse: str) -> str:
    ts = call.text("ts")
    message = channel.messages.get(ts)
    if message is None:
        code = "message_not_found"
        raise RefusedCallError(code)
    if message.get("app_id") != workspace.world.identity.app_id:
        raise RefusedCallError(or_refuse)
    return ts


METHODS = (
    Method("chat.postMessage", post_message, _WRITE),
    Method("chat.update", update, _WRITE),
    Method("chat.delete", delete, _WRITE),
    Method("chat.postEphemeral", post_ephemeral, _WRITE),
    Method("chat.getPermalink", get_permalink),
)

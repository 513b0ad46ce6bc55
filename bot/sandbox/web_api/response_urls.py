"""Messages that the app sends to a response URL: new or in place, for one person or for the channel, or a deletion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.interactions import ResponseUrl
from bot.sandbox.messages import app_message
from bot.sandbox.web_api.call import Call, Workspace
from bot.sandbox.web_api.chat import content_of, named_blocks, show_only_to
from bot.sandbox.world import Ephemeral


def respond(workspace: Workspace, key: str, body: Mapping[str, Any]) -> None:
    """Do what the app posted to the URL with this key; any refusal is an error code."""
    with workspace.world.changed:
        url = workspace.loans.use_url(key)
        answer(workspace, url, body)


def answer(workspace: Workspace, url: ResponseUrl, body: Mapping[str, Any]) -> None:
    """Show an answer to an interaction; ephemeral unless it says ``in_channel``."""
    url.answers.append(dict(body))
    if body.get("delete_original"):
        _delete_original(workspace, url)
        return
    world = workspace.world
    fields = named_blocks(content_of(Call("response_url", body, world.clock())), world)
    if thread_ts := body.get("thread_ts") or url.thread_ts:
        fields["thread_ts"] = thread_ts
    if body.get("replace_original"):
        _replace_original(workspace, url, fields)
    elif body.get("response_type") == "in_channel":
        message = app_message(world.identity, ts=world.next_ts(), fields=fields)
        workspace.happenings.post(world.channel(url.channel_id), message)
    else:
        show_only_to(world, world.channel(url.channel_id), url.user_id, fields)


def _replace_original(workspace: Workspace, url: ResponseUrl, fields: Mapping[str, Any]) -> None:
    shown = _ephemeral(workspace, url)
    if shown is not None:
        ephemeral_fields = ("type", "user", "ts", "bot_id", "app_id", "team", "bot_profile", "is_ephemeral")
        shown.message = {name: shown.message[name] for name in ephemeral_fields} | dict(fields)
        workspace.world.changed.notify_all()
        return
    channel, ts = workspace.world.channel(url.channel_id), _original_ts(url)
    workspace.happenings.change(channel, ts, {"blocks": None, "attachments": None} | dict(fields))


def _delete_original(workspace: Workspace, url: ResponseUrl) -> None:
    shown = _ephemeral(workspace, url)
    if shown is not None:
        workspace.world.ephemerals.remove(shown)
        workspace.world.changed.notify_all()
        return
    workspace.happenings.delete(workspace.world.channel(url.channel_id), _original_ts(url))


def _ephemeral(workspace: Workspace, url: ResponseUrl) -> Ephemeral | None:
    ephemerals = workspace.world.ephemerals
    return next((one for one in ephemerals if url.message_ts is not None and one.message["ts"] == url.message_ts), None)


def _original_ts(url: ResponseUrl) -> str:
    if url.message_ts is None:
        code = "message_not_found"
        raise RefusedCallError(code)
    return url.message_ts

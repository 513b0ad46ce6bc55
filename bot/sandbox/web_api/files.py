"""Files that the app sends: ``files.*``. Asked for an address first, sent there, then shared in a channel."""

from __future__ import annotations

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.messages import app_message
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace

_WRITE = frozenset({"files:write"})


def get_upload_address(workspace: Workspace, call: Call) -> Answer:
    """Give the address for the content of a file that is announced by name and length."""
    name, length = call.text("filename"), call.number("length", default=0)
    if length <= 0:
        code = "invalid_arguments"
        raise RefusedCallError(code)
    file_id = workspace.world.next_id("F0")
    workspace.world.files[file_id] = {"id": file_id, "name": name, "size": length, "mode": "hosted"}
    return {"upload_url": f"http://{workspace.host}/upload/{file_id}", "file_id": file_id}


def complete_upload(workspace: Workspace, call: Call) -> Answer:
    """Share what was sent in a channel that the bot is in, as a message with the files."""
    named = call.json("files", or_refuse="invalid_arguments") or []
    world = workspace.world
    files = [world.files[one["id"]] for one in named if one.get("id") in world.uploads]
    if not files or len(files) != len(named):
        code = "file_not_found"
        raise RefusedCallError(code)
    if channel_id := call.text("channel_id", default=""):
        fields = {"text": call.text("initial_comment", default=""), "files": files, "subtype": "file_share"}
        message = app_message(world.identity, ts=world.next_ts(), fields=fields)
        workspace.happenings.post(world.joined_channel(channel_id), message)
    return {"files": files}


def take_content(workspace: Workspace, file_id: str, content: bytes) -> bool:
    """Keep what was sent to an address; False when nobody asked for it, or it has another length."""
    with workspace.world.changed:
        file = workspace.world.files.get(file_id)
        if file is None or file["size"] != len(content):
            return False
        workspace.world.uploads[file_id] = content
        workspace.world.changed.notify_all()
        return True


METHODS = (
    Method("files.getUploadURLExternal", get_upload_address, _WRITE),
    Method("files.completeUploadExternal", complete_upload, _WRITE),
)

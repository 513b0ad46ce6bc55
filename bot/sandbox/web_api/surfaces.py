"""Modals, the Home tab and the check of blocks: ``views.*``, ``blocks.validate``; and ``files.info``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.blocks.surfaces import check_message, check_view
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace


def open_view(workspace: Workspace, call: Call) -> Answer:
    """Open a modal with a trigger that is not older than three seconds."""
    view = _view(call)
    trigger = workspace.loans.use_trigger(call.text("trigger_id"))
    return {"view": workspace.views.open(trigger.user_id, view)}


def push_view(workspace: Workspace, call: Call) -> Answer:
    """Put a modal on top of the one that was clicked in."""
    view = _view(call)
    trigger = workspace.loans.use_trigger(call.text("trigger_id"))
    return {"view": workspace.views.push(trigger, view)}


def update_view(workspace: Workspace, call: Call) -> Answer:
    """Replace an open modal."""
    updated = workspace.views.update(
        _view(call),
        view_id=call.text("view_id", default=""),
        external_id=call.text("external_id", default=""),
        known_hash=call.text("hash", default=""),
    )
    return {"view": updated}


def publish_view(workspace: Workspace, call: Call) -> Answer:
    """Replace a person's Home tab."""
    user_id = call.text("user_id")
    if user_id not in workspace.world.people:
        code = "user_not_found"
        raise RefusedCallError(code)
    return {"view": workspace.views.publish(user_id, _view(call), known_hash=call.text("hash", default=""))}


def validate(_workspace: Workspace, call: Call) -> Answer:
    """Say what is wrong with exactly one of ``blocks``, ``message`` and ``view``."""
    given = [name for name in ("blocks", "message", "view") if call.arguments.get(name)]
    if len(given) != 1:
        code = "invalid_arguments"
        raise RefusedCallError(code)
    [name] = given
    content = call.json(name, or_refuse="invalid_arguments")
    if name == "view":
        problems = check_view(content, surface=str(content.get("type", "modal")))
    else:
        problems = check_message(content if name == "blocks" else content.get("blocks", []))
    if problems:
        code = f"invalid_{name}"
        raise RefusedCallError(code, errors=[problem.as_slack() for problem in problems])
    return {}


def file_information(workspace: Workspace, call: Call) -> Answer:
    """Tell what a file is."""
    file = workspace.world.files.get(call.text("file"))
    if file is None:
        code = "file_not_found"
        raise RefusedCallError(code)
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


def _view(call: Call) -> Mapping[str, Any]:
    view = call.json("view", or_refuse="invalid_arguments")
    if not isinstance(view, Mapping):
        code = "invalid_arguments"
        raise RefusedCallError(code, response_metadata={"messages": ["[ERROR] missing required field: view"]})
    return view


METHODS = (
    Method("views.open", open_view),
    Method("views.push", push_view),
    Method("views.update", update_view),
    Method("views.publish", publish_view),
    Method("blocks.validate", validate, token="none"),  # noqa: S106 - the kind of token
    Method("files.info", file_information, frozenset({"files:read"})),
)

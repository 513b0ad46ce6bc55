"""Modals and Home tabs as the stand-in keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blocks.surfaces import check_view
from bot.sandbox.errors import RefusedCallError
from bot.sandbox.interactions import Trigger
from bot.sandbox.world import World

MOST_STACKED = 3
View = dict[str, Any]


@dataclass(slots=True)
class OpenView:
    """Hold a view and whose screen it is on."""

    user_id: str
    body: View

    @property
    def view_id(self) -> str:
        """Return Slack's id of the view."""
        return str(self.body["id"])


class Views:
    """Keep each person's stack of modals and their Home tab."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}

    def stack(self, user_id: str) -> list[OpenView]:
        """List a person's modals, the visible one last."""
        with self._world.changed:
            return list(self._stacks.get(user_id, []))

    def open(self, user_id: str, view: Mapping[str, Any]) -> View:
        """Show a first modal; it replaces whatever was open."""
        body = self._fresh(view, surface="modal")
        with self._world.changed:
            body["root_view_id"] = body["id"]
            self._stacks[user_id] = [OpenView(user_id, body)]
            self._world.changed.notify_all()
        return body

    def push(self, trigger: Trigger, view: Mapping[str, Any]) -> View:
        """Show a modal on top of another, three at most."""
        return self.push_onto(trigger.user_id, view)

    def push_onto(self, user_id: str, view: Mapping[str, Any]) -> View:
        """Show a modal on top of a person's stack."""
        body = self._fresh(view, surface="modal")
        with self._world.changed:
            stack = self._stacks.get(user_id, [])
            if not stack:
                code = "not_found"
                raise RefusedCallError(code)
            if len(stack) >= MOST_STACKED:
                code = "push_limit_reached"
                raise RefusedCallError(code)
            body |= {"root_view_id": stack[0].view_id, "previous_view_id": stack[-1].view_id}
            stack.append(OpenView(user_id, body))
            self._world.changed.notify_all()
        return body

    def update(
        self, view: Mapping[str, Any], *, view_id: str = "", external_id: str = "", known_hash: str = ""
    ) -> View:
        """Replace a modal that is open, named by either id; an old hash is a conflict."""
        body = self._fresh(view, surface="modal")
        with self._world.changed:
            shown = self._find(view_id=view_id, external_id=external_id)
            if known_hash and known_hash != shown.body["hash"]:
                code = "hash_conflict"
                raise RefusedCallError(code)
            kept = {name: shown.body[name] for name in ("id", "root_view_id", "previous_view_id")}
            shown.body = body | kept
            self._world.changed.notify_all()
            return shown.body

    def publish(self, user_id: str, view: Mapping[str, Any], *, known_hash: str = "") -> View:
        """Replace a person's Home tab."""
        body = self._fresh(view, surface="home")
        with self._world.changed:
            shown = self.homes.get(user_id)
            if known_hash and shown is not None and known_hash != shown.body["hash"]:
                code = "hash_conflict"
                raise RefusedCallError(code)
            self.homes[user_id] = OpenView(user_id, body | {"root_view_id": body["id"]})
            self._world.changed.notify_all()
            return self.homes[user_id].body

    def find(self, view_id: str) -> OpenView:
        """Find an open modal or a Home tab."""
        with self._world.changed:
            return self._find(view_id=view_id, external_id="")

    def close(self, user_id: str) -> View | None:
        """Take the visible modal away and return it."""
        with self._world.changed:
            stack = self._stacks.get(user_id, [])
            closed = stack.pop().body if stack else None
            self._world.changed.notify_all()
        return closed

    def clear(self, user_id: str) -> None:
        """Take all of a person's modals away."""
        with self._world.changed:
            self._stacks.pop(user_id, None)
            self._world.changed.notify_all()

    def _find(self, *, view_id: str, external_id: str) -> OpenView:
        everywhere = [*self.homes.values(), *(view for stack in self._stacks.values() for view in stack)]
        for shown in everywhere:
            if view_id == shown.view_id or (external_id and external_id == shown.body["external_id"]):
                return shown
        code = "not_found"
        raise RefusedCallError(code)

    def _fresh(self, view: Mapping[str, Any], *, surface: str) -> View:
        problems = check_view(view, surface=surface)
        if problems:
            code = "invalid_arguments"
            messages = [f"[ERROR] {problem}" for problem in problems]
            raise RefusedCallError(code, response_metadata={"messages": messages})
        identity = self._world.identity
        with self._world.changed:
            body: View = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
            body |= {"notify_on_close": False, "close": None, "submit": None, "title": None}
            body |= deepcopy(dict(view))
            for position, block in enumerate(body["blocks"]):
                block.setdefault("block_id", f"v{position}")
            return body | {
                "id": self._world.next_id("V"),
                "team_id": identity.team_id,
                "app_id": identity.app_id,
                "app_installed_team_id": identity.team_id,
                "bot_id": identity.bot_id,
                "hash": self._world.next_id("hash."),
                "state": {"values": {}},
                "root_view_id": None,
                "previous_view_id": None,
            }

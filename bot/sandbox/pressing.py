"""What people do with the app: slash commands, buttons, modals, shortcuts; and what they get for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.channels import Channel, Message
from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.interactions import ResponseUrl
from bot.sandbox.payloads import (
    action_of,
    channel_reference,
    filled_in,
    find_element,
    interaction,
    slash_command,
    state_of,
)
from bot.sandbox.people import Person
from bot.sandbox.views import OpenView, View
from bot.sandbox.web_api.call import Workspace
from bot.sandbox.web_api.response_urls import answer

PATIENCE_SECONDS = 5.0
_MENTION = re.compile(r"(?<![\w<])([@#])([a-z][a-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold one interaction: how it was delivered and what came back."""

    delivery: Delivery
    url: ResponseUrl | None = None

    @property
    def is_acked(self) -> bool:
        """Tell whether the app acknowledged in time."""
        return self.delivery.outcome is Outcome.ACKED

    @property
    def errors(self) -> Mapping[str, str]:
        """Return what a modal complained about, by block id."""
        given = self.delivery.answer or {}
        return dict(given.get("errors") or {})

    @property
    def responses(self) -> list[Mapping[str, Any]]:
        """List what the app answered, with the acknowledgement or at the response URL."""
        return [] if self.url is None else list(self.url.answers)


class Presses:
    """Let people use the app. Each method waits until the app has acknowledged, or has failed to."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._world = workspace.world

    def command(self, user: str | Person, channel: str | Channel, line: str) -> Exchange:
        """Type a slash command; ``@handle`` and ``#name`` arrive as ids, as for an app that asks for it."""
        with self._world.changed:
            person, where = self._world.person(user), self._world.channel(channel)
            command, _, text = line.partition(" ")
            key, url = self._workspace.loans.issue_url(person.user_id, where.channel_id)
            body = slash_command(self._world.identity, person, where, command=command, text=self._escaped(text.strip()))
            body |= {
                "response_url": self._address(key),
                "trigger_id": self._workspace.loans.issue_trigger(person.user_id),
            }
            delivery = self._send("slash_commands", body, when_acked=lambda given: self._show(url, given))
        return self._finish(delivery, url)

    def click(
        self,
        user: str | Person,
        channel: str | Channel,
        ts: str,
        action_id: str,
        *,
        value: Any = None,  # noqa: ANN401 - an option's value or a list of them
        block_id: str | None = None,
    ) -> Exchange:
        """Press a button or choose an option of a message, also of one that only this person sees."""
        with self._world.changed:
            person, where = self._world.person(user), self._world.channel(channel)
            message = self._visible(person, where, ts)
            found_in, element = find_element(message, action_id, block_id=block_id)
            key, url = self._workspace.loans.issue_url(
                person.user_id, where.channel_id, message_ts=ts, thread_ts=message.get("thread_ts")
            )
            body = interaction("block_actions", self._world.identity, person) | {
                "container": _container(message, where),
                "channel": channel_reference(where),
                "message": message,
                "state": {"values": state_of(message, {action_id: value} if value is not None else {})},
                "response_url": self._address(key),
                "trigger_id": self._workspace.loans.issue_trigger(person.user_id),
                "actions": [action_of(element, found_in, value=value, ts=self._world.next_ts())],
            }
            delivery = self._send("interactive", body)
        return self._finish(delivery, url)

    def click_in_view(
        self,
        user: str | Person,
        action_id: str,
        *,
        value: Any = None,  # noqa: ANN401 - an option's value or a list of them
        values: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Press a button or choose an option in the visible modal, or on the Home tab when none is open."""
        with self._world.changed:
            person = self._world.person(user)
            shown = self._visible_view(person)
            block_id, element = find_element(shown.body, action_id)
            state = {"values": state_of(shown.body, {**(values or {}), action_id: value})}
            body = interaction("block_actions", self._world.identity, person) | {
                "container": {"type": "view", "view_id": shown.view_id},
                "view": shown.body | {"state": state},
                "trigger_id": self._workspace.loans.issue_trigger(person.user_id, view_id=shown.view_id),
                "actions": [action_of(element, block_id, value=value, ts=self._world.next_ts())],
            }
            delivery = self._send("interactive", body)
        return self._finish(delivery, None)

    def submit_view(self, user: str | Person, values: Mapping[str, Any] | None = None) -> Exchange:
        """Submit the visible modal. ``values`` are by action id or block id; the rest stays as it stood."""
        with self._world.changed:
            person = self._world.person(user)
            shown = self._visible_view(person)
            state = state_of(shown.body, values or {})
            _refuse_empty(shown.body, state)
            shown.body["state"] = {"values": state}
            body = interaction("view_submission", self._world.identity, person) | {
                "view": shown.body,
                "trigger_id": self._workspace.loans.issue_trigger(person.user_id, view_id=shown.view_id),
                "response_urls": [],
            }
            delivery = self._send("interactive", body, when_acked=lambda given: self._follow(person, shown, given))
        return self._finish(delivery, None)

    def close_view(self, user: str | Person) -> Exchange | None:
        """Cancel the visible modal; the app hears of it where it asked to."""
        person = self._world.person(user)
        closed = self._workspace.views.close(person.user_id)
        if closed is None or not closed.get("notify_on_close"):
            return None
        body = interaction("view_closed", self._world.identity, person) | {"view": closed, "is_cleared": False}
        return self._finish(self._send("interactive", body), None)

    def shortcut(self, user: str | Person, channel: str | Channel, ts: str, callback_id: str) -> Exchange:
        """Use a message shortcut, which works in channels that the app is not in, too."""
        with self._world.changed:
            person, where = self._world.person(user), self._world.channel(channel)
            message = self._world.message(where, ts)
            key, url = self._workspace.loans.issue_url(person.user_id, where.channel_id, message_ts=None)
            body = interaction("message_action", self._world.identity, person) | {
                "callback_id": callback_id,
                "action_ts": self._world.next_ts(),
                "trigger_id": self._workspace.loans.issue_trigger(person.user_id),
                "response_url": self._address(key),
                "message_ts": ts,
                "channel": channel_reference(where),
                "message": message,
            }
            delivery = self._send("interactive", body)
        return self._finish(delivery, url)

    def _send(
        self, kind: str, payload: Mapping[str, Any], *, when_acked: Callable[[Mapping[str, Any]], None] | None = None
    ) -> Delivery:
        return self._workspace.socket_mode.deliver(kind, payload, is_retried=False, when_acked=when_acked)

    def _show(self, url: ResponseUrl, given: Mapping[str, Any]) -> None:
        if given:
            answer(self._workspace, url, given)

    def _finish(self, delivery: Delivery, url: ResponseUrl | None) -> Exchange:
        self._world.until(lambda: delivery.outcome is not Outcome.WAITING, within_seconds=PATIENCE_SECONDS)
        return Exchange(delivery, url)

    def _follow(self, person: Person, shown: OpenView, given: Mapping[str, Any]) -> None:
        """Do what the acknowledgement of a modal says."""
        views, action = self._workspace.views, given.get("response_action")
        if action == "errors":
            return
        if action == "update":
            views.update(given["view"], view_id=shown.view_id)
        elif action == "push":
            views.push_onto(person.user_id, given["view"])
        elif action == "clear":
            views.clear(person.user_id)
        else:
            views.close(person.user_id)

    def _visible_view(self, person: Person) -> OpenView:
        stack = self._workspace.views.stack(person.user_id)
        shown = stack[-1] if stack else self._workspace.views.homes.get(person.user_id)
        if shown is None:
            message = f"{person.real_name} has no modal and no Home tab open"
            raise ImpossibleError(message)
        return shown

    def _visible(self, person: Person, channel: Channel, ts: str) -> Message:
        for shown in self._world.ephemerals:
            if shown.message["ts"] == ts and shown.user_id == person.user_id:
                return shown.message
        return self._world.message(channel, ts)

    def _escaped(self, text: str) -> str:
        def escape(mention: re.Match[str]) -> str:
            sign, name = mention.groups()
            try:
                if sign == "@":
                    person = self._world.person(name)
                    return f"<@{person.user_id}|{person.handle}>"
                channel = self._world.channel(name)
            except ImpossibleError:
                return mention[0]
            return f"<#{channel.channel_id}|{channel.name}>"

        return _MENTION.sub(escape, text)

    def _address(self, key: str) -> str:
        return f"http://{self._workspace.host}/respond/{key}"


def _container(message: Message, channel: Channel) -> dict[str, Any]:
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.channel_id,
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    return container | {"thread_ts": message["thread_ts"]} if "thread_ts" in message else container


def _refuse_empty(view: View, state: Mapping[str, Mapping[str, Any]]) -> None:
    """Hold a person back as Slack's client does: a field that is not optional must be filled in."""
    for block in view["blocks"]:
        if block["type"] != "input" or block.get("optional"):
            continue
        element = block["element"]
        held = state[block["block_id"]][element["action_id"]]
        is_empty = held == filled_in(element, None) or not held.get("value", True)
        if is_empty and element["type"] != "checkboxes":
            message = f"the field {block['block_id']} must be filled in"
            raise ImpossibleError(message)

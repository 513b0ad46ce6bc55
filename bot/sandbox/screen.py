"""The terminal as a window on the stand-in's channels: messages, threads, modals, and what only one person sees."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from bot.sandbox.channels import Message, is_in_channel
from bot.sandbox.drawing import draw_blocks, draw_modal
from bot.sandbox.notation import styled
from bot.sandbox.stand_in import SlackStandIn
from bot.sandbox.views import View

_INDENT = 4
_APP_STYLE = "bold magenta"
_PERSON_STYLE = "bold green"


class Screen:
    """Show what happens in the order in which it happens; each message once in each of its states."""

    def __init__(self, console: Console, slack: SlackStandIn, zone: str) -> None:
        self._console = console
        self._slack = slack
        self._zone = ZoneInfo(zone)
        self._seen: dict[str, str] = {}

    def title(self, text: str) -> None:
        """Begin a new scene."""
        self._console.print()
        self._console.print(Rule(Text(text, style="bold"), align="left", style="blue"))

    def say(self, text: str) -> None:
        """Tell the one who watches what is going on."""
        self._console.print(Text(text, style="blue"), soft_wrap=True)

    def news(self) -> None:
        """Show every message that is new, or looks different since it was last shown."""
        for message, place, is_inner in self._standing():
            before, looks = self._seen.get(message["ts"]), _looks(message)
            if before != looks:
                self._seen[message["ts"]] = looks
                self._show(message, place if before is None else f"{place}, now", indent=_INDENT if is_inner else 0)

    def overlook(self, ts: str | None = None) -> None:
        """Count what stands everywhere as shown, or one message as it is now."""
        self._seen |= {one["ts"]: _looks(one) for one, _, _ in self._standing() if ts in {None, one["ts"]}}

    def typed(self, who: str, line: str) -> None:
        """Show what somebody types or presses."""
        person = self._slack.world.person(who)
        self._console.print(Text.assemble((person.real_name, _PERSON_STYLE), "  ", (line, "bold cyan")))

    def modal(self, view: View) -> None:
        """Show a window that has opened."""
        self._console.print(Padding(draw_modal(view, self._name), (0, 0, 0, _INDENT)))

    def _standing(self) -> list[tuple[Message, str, bool]]:
        """List all messages in the order of time, each with its place and whether it is set in."""
        with self._slack.world.changed:
            standing = [
                (message, f"#{channel.name}" if channel.name else "direct message", not is_in_channel(message))
                for channel in self._slack.world.channels.values()
                for message in channel.messages.values()
                if message.get("subtype") != "channel_join"
            ]
            shown = [(one.message, "only visible to you", True) for one in self._slack.world.ephemerals]
            return deepcopy(sorted(standing + shown, key=lambda one: str(one[0]["ts"])))

    def _show(self, message: Message, place: str, *, indent: int) -> None:
        is_app = "app_id" in message
        author = self._name(str(message.get("user", "")))
        heading = Text.assemble(
            (author, _APP_STYLE if is_app else _PERSON_STYLE),
            (" APP" if is_app else "", "dim"),
            (f"  {self._time(message)}  {place}", "dim"),
        )
        body: list[RenderableType] = [heading, self._body(message), *self._reactions(message)]
        self._console.print(Padding(Group(*body), (0, 0, 1, indent)))

    def _body(self, message: Message) -> RenderableType:
        blocks = message.get("blocks")
        if blocks and "app_id" in message:
            return draw_blocks(blocks, self._name)
        return styled(str(message.get("text", "")), self._name)

    def _reactions(self, message: Message) -> list[RenderableType]:
        named = [f":{reaction['name']}: {reaction['count']}" for reaction in message.get("reactions", [])]
        return [Text("  ".join(named), style="dim")] if named else []

    def _time(self, message: Message) -> str:
        at = datetime.fromtimestamp(float(message["ts"]), self._zone)
        return f"{at:%a %H:%M}"

    def _name(self, identifier: str) -> str:
        world = self._slack.world
        with world.changed:
            if identifier in world.people:
                return world.people[identifier].real_name
            channel = world.channels.get(identifier)
        return identifier if channel is None else channel.name


def _looks(message: Message) -> str:
    return repr([message.get(part) for part in ("text", "blocks", "attachments", "reactions")])

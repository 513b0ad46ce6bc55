"""A short day in the stand-in: people give feedback, and whatever app is connected answers them.

The day knows no bot: it presses what can be read on the screen. ``SCENES`` is the one place where it is written down;
a scene for a new ability of the bot is a function more there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.blocks.rules import items
from bot.sandbox.blocks.surfaces import elements_of
from bot.sandbox.channels import Channel, Message
from bot.sandbox.clock import RunningClock
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.pressing import Exchange
from bot.sandbox.screen import Screen
from bot.sandbox.script import FRIDAY, THURSDAY, Line
from bot.sandbox.stand_in import SlackStandIn

ZONE = "Europe/Berlin"
PATIENCE_SECONDS = 40.0
"""How long the day waits for the app; the first classification loads the model."""
_MONDAY, _THURSDAY = 0, 3


def last_thursday(now: datetime) -> datetime:
    """Return nine o'clock of the Thursday of the last whole week, so that the Monday after it has come already."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    thursday = today - timedelta(days=today.weekday() + 7 - _THURSDAY)
    return datetime.combine(thursday, time(9), ZoneInfo(ZONE))


@dataclass(slots=True)
class Day:
    """Play the scenes one after the other; each waits until the app has done its part."""

    slack: SlackStandIn
    workspace: SmallWorkspace
    clock: RunningClock
    screen: Screen
    begins: datetime
    """When it begins: a Thursday morning."""
    is_idle: Callable[[], bool]
    """Whether the app has nothing left to do; it may be asked often."""
    look_at_clock: Callable[[], None]
    """Let the app see at once that time has passed."""
    command: str = "/ballast"

    def play(self) -> None:
        """Play the whole day."""
        for scene in SCENES:
            scene(self)

    def until_idle(self) -> None:
        """Wait until everything was delivered and the app has finished with it."""
        self.slack.until_settled(within_seconds=PATIENCE_SECONDS)
        self.slack.until(self.is_idle, within_seconds=PATIENCE_SECONDS)

    def post(self, lines: Iterable[Line]) -> None:
        """Let people speak in #feedback, and show what the app makes of each message."""
        for line in lines:
            self.clock.jump_to(self.clock() + line.after)
            self.slack.people.say(self.workspace.feedback, line.who, escape(line.text, quote=False))
            self.until_idle()
            self.screen.news()

    def type_command(self, who: str, channel: Channel, words: str) -> Exchange:
        """Type a slash command and show what comes back."""
        line = f"{self.command} {words}"
        self.screen.typed(who, f"types {line} in #{channel.name}")
        exchange = self.slack.presses.command(who, channel, line)
        self._await(exchange, lambda: bool(exchange.responses))
        return exchange

    def press(self, who: str, channel: Channel, message: Message, label: str, *, until_told: bool = False) -> Exchange:
        """Press the button with this label; ``until_told`` waits for what only the person is told in the end.

        Then what has become of the message is not shown again: it was read.
        """
        self.screen.typed(who, f"presses “{label}”")
        told = len(self.slack.ephemerals(who))
        block_id, element = labelled(message, label)
        exchange = self.slack.presses.click(who, channel, message["ts"], element["action_id"], block_id=block_id)
        self._await(
            exchange,
            lambda: not until_told or len(self.slack.ephemerals(who)) > told,
            read=message["ts"] if until_told else None,
        )
        return exchange

    def fill_in(self, who: str, choices: Mapping[str, str]) -> Exchange:
        """Choose options of the open modal, each by the field's label and the option's words, and submit it."""
        self.slack.until(lambda: self.slack.modals(who), within_seconds=PATIENCE_SECONDS)
        view = self.slack.modals(who)[-1]
        self.screen.modal(view)
        values = {}
        for label, words in choices.items():
            self.screen.typed(who, f"chooses “{words}” for “{label}”")
            block = next(block for block in items(view, "blocks") if _words(block.get("label")) == label)
            values[block["block_id"]] = _option(block["element"], words)
        exchange = self.slack.presses.submit_view(who, values)
        self._await(exchange, lambda: True)
        return exchange

    def _await(self, exchange: Exchange, is_answered: Callable[[], bool], *, read: str | None = None) -> None:
        if not exchange.is_acked or exchange.delivery.refusal:
            reason = exchange.delivery.refusal or "it did not answer in time"
            self.screen.say(f"Slack would show an error here: {reason}.")
            return
        self.slack.until(is_answered, within_seconds=PATIENCE_SECONDS)
        self.until_idle()
        if read is not None:
            self.screen.overlook(read)
        self.screen.news()


def invite(day: Day) -> None:
    """Let the owner invite the app, which greets and asks what it may keep."""
    day.screen.title("Thursday: Olivia, who owns the workspace, invites Ballast into #feedback")
    day.slack.people.invite_bot(day.workspace.feedback, day.workspace.olivia)
    day.slack.until(lambda: _from_app(day, day.workspace.feedback), within_seconds=PATIENCE_SECONDS)
    day.until_idle()
    day.screen.news()


def choose(day: Day) -> None:
    """Let the owner decide that every message is kept, and that cards are shown."""
    day.screen.title("Nothing is kept until an owner chooses. Olivia does")
    greeting = _from_app(day, day.workspace.feedback)[-1]
    day.press("olivia", day.workspace.feedback, greeting, "Keep every new message")
    day.screen.say("Ballast answers with one quiet emoji by default. To see its work, Olivia asks for cards.")
    day.type_command("olivia", day.workspace.feedback, "answer card")


def listen(day: Day) -> None:
    """Let feedback come in, chatter among it."""
    day.screen.title("People share what they heard; Ballast reads along")
    day.post(THURSDAY)
    day.screen.title("Friday")
    day.clock.jump_to(day.begins + timedelta(days=1))
    day.post(FRIDAY)


def correct(day: Day) -> None:
    """Let the owner know better than the classifier."""
    day.screen.title("Olivia knows the IT lead at Halden: he is their champion. She corrects the card")
    card = _cards(day)[-1]
    day.press("olivia", day.workspace.feedback, card, "Correct")
    day.fill_in("olivia", {"Whose need it is": "Champion"})


def ask(day: Day) -> None:
    """Let anyone ask by persona, and for the balance."""
    day.screen.title("Max prepares for a renewal and asks what the economic buyers said")
    day.type_command("max", day.workspace.feedback, "persona economic-buyer")
    day.screen.title("Which side are we hearing?")
    day.type_command("max", day.workspace.feedback, "balance")


def digest(day: Day) -> None:
    """Let Monday come, and the product channel see what its week was made of."""
    product = day.workspace.product
    day.screen.title("Olivia asks for a digest in #product every Monday")
    day.screen.say("She invites Ballast there; it greets as it did in #feedback, and she leaves it at that.")
    day.slack.people.invite_bot(product, day.workspace.olivia)
    day.slack.until(lambda: _from_app(day, product), within_seconds=PATIENCE_SECONDS)
    day.until_idle()
    day.screen.overlook()
    day.type_command("olivia", product, "digest here monday 9:00")
    day.clock.jump_to(day.begins + timedelta(days=4, minutes=1))
    day.screen.title("Monday: the digest of the week, for #product")
    day.screen.say(
        "The first two go to Olivia alone, to be looked at. She is content with what she sees, and posts it."
    )
    direct = day.slack.world.direct_channel(day.workspace.olivia.user_id)
    day.look_at_clock()
    day.slack.until(lambda: _from_app(day, direct), within_seconds=PATIENCE_SECONDS)
    day.screen.overlook()
    day.press("olivia", direct, _from_app(day, direct)[-1], "Post to the channel", until_told=True)


SCENES: tuple[Callable[[Day], None], ...] = (invite, choose, listen, correct, ask, digest)


def labelled(surface: Mapping[str, Any], label: str) -> tuple[str, Mapping[str, Any]]:
    """Find the first button with these words on it; return its block's id and itself."""
    there: list[str] = []
    for block in items(surface, "blocks"):
        for element in elements_of(block):
            words = _words(element.get("text"))
            if words == label:
                return str(block["block_id"]), element
            there.append(words)
    message = f"there is no button “{label}” here; there are: {', '.join(there) or 'none'}"
    raise ImpossibleError(message)


def _option(element: Mapping[str, Any], words: str) -> str:
    grouped = [option for group in items(element, "option_groups") for option in items(group, "options")]
    for option in [*items(element, "options"), *grouped]:
        if _words(option["text"]).startswith(words):
            return str(option["value"])
    message = f"there is no option “{words}” here"
    raise ImpossibleError(message)


def _cards(day: Day) -> list[Message]:
    """List the app's replies in the threads of #feedback, oldest first."""
    with day.slack.world.changed:
        messages = list(day.workspace.feedback.messages.values())
    return [message for message in messages if "app_id" in message and message.get("thread_ts")]


def _from_app(day: Day, channel: Channel) -> list[Message]:
    return [message for message in day.slack.messages(channel) if "app_id" in message]


def _words(text: Any) -> str:  # noqa: ANN401 - a text object or nothing
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""

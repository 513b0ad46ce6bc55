"""``ballast sandbox``: the same bot, connected over Socket Mode to a stand-in for Slack on this machine."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from bot.build import build_ballast
from bot.lifecycle import Ballast
from bot.logs import configure_logging
from bot.sandbox.clock import RunningClock, wall_clock
from bot.sandbox.day import ZONE, Day, last_thursday
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.prompt import prompt
from bot.sandbox.screen import Screen
from bot.sandbox.socket_mode import Pace
from bot.sandbox.stand_in import SlackStandIn
from bot.settings import Settings, load_settings

_WIDTH_WITHOUT_TERMINAL = 100


def sandbox_command(
    *,
    play_and_exit: Annotated[
        bool, typer.Option("--play-and-exit", help="Play the day and end, instead of waiting for what you type.")
    ] = False,
) -> None:
    """Play a short day with Ballast in a make-believe Slack: no workspace, no key, nothing kept, nothing sent."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)
    _quiet_logs()
    with TemporaryDirectory(prefix="ballast-sandbox-") as directory, _ending_on_signals():
        try:
            _play(console, Path(directory), is_staying=is_terminal and not play_and_exit)
        except KeyboardInterrupt:
            console.print("\nThe sandbox is closed; nothing of it is left.")


def sandbox_settings(slack: SlackStandIn, directory: Path) -> Settings:
    """Make the settings of a bot that knows only the stand-in: nothing of the environment counts."""
    return load_settings(
        {
            "SLACK_BOT_TOKEN": slack.identity.bot_token,
            "SLACK_APP_TOKEN": slack.identity.app_token,
            "SLACK_API_URL": slack.url,
            "BALLAST_DATA_DIR": str(directory),
            "BALLAST_TIMEZONE": ZONE,
        }
    )


def _play(console: Console, directory: Path, *, is_staying: bool) -> None:
    begins = last_thursday(wall_clock())
    clock = RunningClock(begins)
    with SlackStandIn(clock=clock, pace=Pace()) as slack:
        workspace = furnish(slack)
        screen = Screen(console, slack, ZONE)
        screen.say(
            "Ballast shows which side a product team is hearing: those who buy the product or those who work in it.\n"
            "This is a sandbox: the real bot, connected to a make-believe Slack on this machine. Nothing leaves it."
        )
        ballast = build_ballast(sandbox_settings(slack, directory), clock=clock)
        try:
            ballast.start(lambda line: console.print(line, style="dim", markup=False))
            slack.until_connected()
            day = Day(
                slack,
                workspace,
                clock,
                screen,
                begins,
                is_idle=lambda: _is_idle(ballast),
                look_at_clock=lambda: ballast.scheduler.soon("posting digests"),
            )
            day.play()
            _farewell(screen, slack, workspace, is_staying=is_staying)
            if is_staying:
                prompt(day, console)
        finally:
            ballast.stop()


def _is_idle(ballast: Ballast) -> bool:
    """Tell whether nothing waits to be read or posted."""
    store, now = ballast.parts.store, ballast.parts.clock()
    return store.queue.seconds_until_next(now) is None and store.posts.seconds_until_next(now) is None


def _farewell(screen: Screen, slack: SlackStandIn, workspace: SmallWorkspace, *, is_staying: bool) -> None:
    screen.title("That was the sandbox")
    screen.say(
        "To use Ballast in your own workspace, make a Slack app of its manifest (ballast manifest prints it),\n"
        "put SLACK_BOT_TOKEN and SLACK_APP_TOKEN into .env and type: ballast run.\n"
        "README.md goes through it step by step."
    )
    if is_staying:
        screen.say(
            f"\nYou are {workspace.max.real_name} in #feedback now. Type a piece of feedback, or /ballast help, or\n"
            f"@olivia /ballast status to be the owner. Programs can act too: POST {slack.url.removesuffix('api/')}"
            "control/say\nStop with Ctrl+C."
        )


def _quiet_logs() -> None:
    configure_logging(form="text", debug=False)
    for name in ("bot", "storage", "classifiers"):
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Let SIGTERM end the sandbox as Ctrl+C does, so that its temporary directory goes too."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

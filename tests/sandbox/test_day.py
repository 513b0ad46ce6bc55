from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bot.sandbox.clock import RunningClock
from bot.sandbox.day import Day, labelled, last_thursday
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.prompt import act
from bot.sandbox.screen import Screen
from bot.sandbox.stand_in import SlackStandIn

ROOT = Path(__file__).parents[2]
POISON = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "OPENAI_API_KEY": "sk-poison",
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    "SLACK_BOT_TOKEN": "xoxb-poison",
    "SLACK_APP_TOKEN": "xapp-poison",
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
}


def test_the_day_plays_to_its_end_whatever_the_environment_says(tmp_path: Path) -> None:
    around = tmp_path / "around"
    around.mkdir()
    elsewhere = {"BALLAST_DATA_DIR": str(around / "data"), "TMPDIR": str(around), "HOME": str(around)}
    played = subprocess.run(
        [sys.executable, "-m", "bot", "sandbox", "--play-and-exit"],
        cwd=ROOT,
        env={**os.environ, **POISON, **elsewhere},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    assert played.stderr == ""
    assert list(around.iterdir()) == []
    in_this_order = [
        "invites Ballast into #feedback",
        "presses “Keep every new message”",
        "Customer problem · for those who buy, approve or govern",
        "presses “Correct”",
        "Whose need it is",
        "Corrected by @Olivia Brandt",
        "types /ballast persona economic-buyer",
        "Economic buyer,",
        "Monday: the digest of the week, for #product",
        "presses “Post to the channel”",
        "#product",
        "You heard",
        "Posted in #product.",
        "ballast run",
    ]
    place = 0
    for line in in_this_order:
        place = played.stdout.index(line, place)
    assert played.stdout.count("Ballast digest ·") == 1, "the copy that Olivia was sent is not shown again"
    assert "Slack would show an error" not in played.stdout


def test_messages_are_shown_once_and_again_when_they_change(
    slack: SlackStandIn, workspace: SmallWorkspace, day: Day, shown: io.StringIO
) -> None:
    ts = slack.people.say("#feedback", "max", "It is *so* slow, &lt;b&gt; <@U0OLIVIA0>")
    for _ in range(2):
        day.screen.news()
    assert shown.getvalue().count("It is so slow, <b> @Olivia Brandt") == 1
    slack.people.edit("#feedback", "max", ts, "It is fast")
    day.screen.news()
    assert "#feedback, now" in shown.getvalue()
    assert "It is fast" in shown.getvalue()


def test_control_characters_do_not_reach_the_terminal(slack: SlackStandIn, day: Day, shown: io.StringIO) -> None:
    slack.people.say("#feedback", "max", "bell\x07 and \x1b[31mred")
    day.screen.news()
    assert "bell and [31mred" in shown.getvalue()
    assert "\x1b" not in shown.getvalue()


def test_whoever_watches_speaks_as_anyone(slack: SlackStandIn, day: Day) -> None:
    act(day, "Exports fail & nobody <knows> why")
    act(day, "@olivia Noted")
    assert [(one["user"], one["text"]) for one in slack.messages("#feedback")] == [
        ("U0MAX0000", "Exports fail &amp; nobody &lt;knows&gt; why"),
        ("U0OLIVIA0", "Noted"),
    ]
    with pytest.raises(ImpossibleError, match="nobody here is called"):
        act(day, "@nobody Hello")


def test_a_form_that_a_command_opened_is_shown_and_does_not_stay_open(
    slack: SlackStandIn, day: Day, shown: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    title, label, hint = (
        {"type": "plain_text", "text": words} for words in ("Settings", "Least length", "0 takes in every length.")
    )
    typed = {"type": "plain_text_input", "action_id": "a"}
    asked = {"type": "input", "block_id": "b", "label": label, "hint": hint, "element": typed}
    form = {"type": "modal", "title": title, "submit": label, "blocks": [asked]}
    max_ = slack.world.person("max")

    def open_form(_day: Day, *_typed: object) -> None:
        slack.workspace.views.open(max_.user_id, form)

    monkeypatch.setattr(Day, "type_command", open_form)
    act(day, "/ballast settings")

    for words in ("Settings", "Least length", "0 takes in every length."):
        assert words in shown.getvalue()
    assert not slack.modals("max")


def test_a_missing_button_is_an_error_that_names_those_there_are() -> None:
    row = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}
    with pytest.raises(ImpossibleError, match="there are: Go"):
        labelled({"blocks": [row]}, "Stop")


@pytest.mark.parametrize("day_of_month", range(16, 23))
def test_the_played_week_is_over_on_every_day(day_of_month: int) -> None:
    now = datetime(2026, 11, day_of_month, 7, 30, tzinfo=UTC)
    assert last_thursday(now).isoformat() == "2026-11-12T09:00:00+01:00"


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def day(slack: SlackStandIn, workspace: SmallWorkspace, shown: io.StringIO) -> Day:
    """Watch an empty workspace in which no app is connected and nothing waits for one."""
    screen = Screen(Console(file=shown, width=100), slack, "Europe/Berlin")
    begins = datetime(2026, 11, 12, 8, tzinfo=UTC)
    return Day(slack, workspace, RunningClock(begins), screen, begins, is_idle=lambda: True, look_at_clock=lambda: None)

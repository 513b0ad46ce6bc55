"""Does Slack let Ballast in, with the scopes of the manifest, and do the clocks agree."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.checks.diagnosis import Diagnosis, fail, ok, skipped, warn
from bot.errors import SlackError, TokenRefusedError
from bot.failure import describe
from bot.port import Slack
from storage.records import Workspace

CLOCK_TOLERANCE = timedelta(seconds=60)
_LOOK_AT_NETWORK = "Check the network, its proxies and SLACK_API_URL, then look again."
_DELAYED = (
    "Turn on “Delayed Events” under “Event Subscriptions” of your Slack app, if it is off: then Slack tries for a day, "
    "not for minutes, to deliver what Ballast missed."
)
_INSTALL = "Install the app anew from “Install App”, with the scopes of manifest.yaml, then look again."
_LACKING = {
    "files": "exports are not sent through Slack",
    "groups": "private channels cannot be watched",
}
"""What an optional scope is for, by what it lets do."""
_SECTION = re.compile(r"^    (bot|bot_optional):\n((?:      .*\n)+)", flags=re.MULTILINE)


def check_bot_token(slack: Slack) -> tuple[Workspace | None, Diagnosis]:
    """Ask who the bot is; None with the reason when Slack does not say."""
    try:
        workspace = slack.identify()
    except TokenRefusedError as error:
        remedy = "Copy the bot token anew from “Install App” of your Slack app into SLACK_BOT_TOKEN."
        return None, fail("bot token", describe(error), remedy)
    except SlackError as error:
        return None, fail("bot token", describe(error), _LOOK_AT_NETWORK)
    return workspace, ok("bot token", f"SLACK_BOT_TOKEN opens {workspace.name} ({workspace.team_id}).")


def check_app_token(slack: Slack, app_token: str) -> Diagnosis:
    """Ask once whether a Socket Mode connection could be opened; none is."""
    try:
        slack.check_app_token(app_token)
    except TokenRefusedError as error:
        remedy = (
            "Make an app-level token with connections:write under “Basic Information”, put it into SLACK_APP_TOKEN, "
            "and see that Socket Mode is on."
        )
        return fail("app token", f"SLACK_APP_TOKEN opens no connection ({error.code}).", remedy)
    except SlackError as error:
        return fail("app token", describe(error), _LOOK_AT_NETWORK)
    return ok("app token", "SLACK_APP_TOKEN can open a connection.")


def check_scopes(granted: frozenset[str] | None, manifest: str) -> Diagnosis:
    """Compare what the token was granted with what the manifest asks for."""
    if granted is None:
        return skipped("scopes", "Slack did not say which scopes the token has.")
    needed, optional = wanted_scopes(manifest)
    if missing := sorted(needed - granted):
        return fail("scopes", f"The bot token lacks {', '.join(missing)}.", _INSTALL)
    if missing := sorted(optional - granted):
        lacking = sorted({_LACKING[scope.partition(":")[0]] for scope in missing})
        sentence = f"Not granted of the optional scopes: {', '.join(missing)}; so {' and '.join(lacking)}."
        return warn("scopes", sentence, f"Nothing, where that is not wanted. Else: {_INSTALL}")
    return ok("scopes", "Every scope of the manifest is granted.")


def wanted_scopes(manifest: str) -> tuple[frozenset[str], frozenset[str]]:
    """Read the needed and the optional scopes from the manifest as this project writes it."""
    found = {
        name: frozenset(re.findall(r"^ +- (\S+)$", lines, re.MULTILINE)) for name, lines in _SECTION.findall(manifest)
    }
    return found["bot"], found.get("bot_optional", frozenset())


def check_clock(now: datetime, slacks: datetime | None) -> Diagnosis:
    """Compare this machine's clock with Slack's."""
    if slacks is None:
        return skipped("clock", "Slack did not say what time it is.")
    seconds = round((now - slacks).total_seconds())
    if abs(seconds) <= CLOCK_TOLERANCE.total_seconds():
        return ok("clock", "This machine's clock agrees with Slack's.")
    way = "ahead of" if seconds > 0 else "behind"
    sentence = (
        f"This machine's clock is {abs(seconds):,} seconds {way} Slack's: digests and periods are off by as much."
    )
    return warn("clock", sentence, "Let the machine take its time from the network (NTP).")


def unseen() -> list[Diagnosis]:
    """Name what no call to Slack shows without disturbing a Ballast that runs, and how to see it."""
    connections = (
        "Whether another copy of this app is connected shows only on connecting, which would draw events away "
        "from the one that runs."
    )
    return [
        skipped("delayed events", "Slack tells no app whether this switch is on.", _DELAYED),
        skipped("connections", connections, "“ballast run” warns of a second connection when it starts."),
    ]

"""How long a delivery takes until it may be acknowledged: Ballast's capture against the least that would be durable.

Both sides are the same Bolt app with the same authorization and a catch-all listener, and are given the same
deliveries by ``dispatch`` in the same run, in turns, so that a busy machine slows both. The bare side inserts the raw
payload into SQLite (WAL, full synchronisation) and commits. Ballast parses it, looks up workspace and channel, and
commits the feedback. Prints one ratio: Ballast's median over the bare side's.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from bot.build import build_store
from bot.capture import Capture
from storage.database import Database, open_database
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.queue import Queue
from storage.records import Workspace
from storage.schema import upgrade
from storage.vocabulary import ChannelKind, Watch
from storage.workspaces import Workspaces

DELIVERIES = 600
TURN = 20
WARM_UP = 40
TEAM, CHANNEL, BOT = TeamId("T1"), ChannelId("C1"), UserId("U1")

Before = Callable[..., BoltResponse]


def main() -> None:
    """Measure both sides and print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/ballast.db")
        raw = sqlite3.connect(f"{folder}/bare.db", check_same_thread=False, isolation_level=None)
        sides = {"bare": bolt_app(bare_capture(raw)), "ballast": bolt_app(ballast_capture(database))}
        seconds = measure(sides)
        kept = raw.execute("SELECT count(*) FROM payloads").fetchone()[0]
        assert kept == DELIVERIES + WARM_UP, "the bare side lost deliveries"
        assert Queue(database).counts(TEAM)["waiting"] == DELIVERIES + WARM_UP, "Ballast lost deliveries"
        raw.close()
        database.close()
    report(seconds)


def measure(sides: dict[str, App]) -> dict[str, list[float]]:
    """Deliver the same events to both sides, a turn each, and time every dispatch once both are warm."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for first in range(0, DELIVERIES + WARM_UP, TURN):
        for name, app in sides.items():
            for number in range(first, first + TURN):
                request = BoltRequest(mode="socket_mode", body=delivery(number))
                began = time.perf_counter()
                response = app.dispatch(request)
                seconds[name].append(time.perf_counter() - began)
                assert response.status == 200, f"{name} answered {response.status}"  # noqa: PLR2004  # OK in HTTP
    return {name: taken[WARM_UP:] for name, taken in seconds.items()}


def report(seconds: dict[str, list[float]]) -> None:
    """Print the medians and their ratio."""
    middle = {name: median(taken) for name, taken in seconds.items()}
    for name, value in middle.items():
        print(f"capture: {name:<8} {value * 1000:6.2f} ms a delivery (median of {len(seconds[name])})")
    print(f"capture: ratio {middle['ballast'] / middle['bare']:.2f} (Ballast over bare, same run)")


def bolt_app(before: Before) -> App:
    """Build a Bolt app that runs ``before`` ahead of authorization and listens to every message."""
    app = App(
        before_authorize=before,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None,
            team_id=TEAM,
            bot_token="xoxb-bench",
            bot_id="B1",
            bot_user_id=BOT,
        ),
        process_before_response=True,
    )
    app.event("message")(lambda: None)
    return app


def bare_capture(connection: sqlite3.Connection) -> Before:
    """Insert the payload as it came, one committed row a delivery."""
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE payloads (body TEXT NOT NULL)",
    ):
        connection.execute(statement)

    def keep(body: dict[str, Any], next_: Callable[[], BoltResponse]) -> BoltResponse:
        connection.execute("INSERT INTO payloads VALUES (?)", (json.dumps(body),))
        return next_()

    return keep


def ballast_capture(database: Database) -> Before:
    """Capture as the bot does, in a workspace with one watched channel."""
    upgrade(database)
    workspaces = Workspaces(database)
    now = datetime.now(UTC)
    workspaces.remember(Workspace(team_id=TEAM, name="Bench", bot_id="B1", bot_user_id=BOT), now)
    workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, UserId("U2"), now, Ts("0000000001.000000"))
    store = build_store(database)
    return Capture(store, lambda: datetime.now(UTC), lambda: None, command="/ballast").handle_delivery


def delivery(number: int) -> dict[str, Any]:
    """Make the payload of one message as Slack delivers it."""
    ts = f"{1763600000 + number}.000200"
    event = {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": "U3",
        "team": TEAM,
        "text": f"Message {number}: copying every reading by hand takes me the whole morning.",
        "ts": ts,
        "event_ts": ts,
    }
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": f"Ev{number}",
        "event_time": 1763600000 + number,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": event,
    }


if __name__ == "__main__":
    main()

"""How many deliveries a second Ballast captures over HTTP, beside the least that would be durable.

Both sides are Bolt apps behind the same HTTP server (Bolt's Starlette adapter on uvicorn), each in a process of its
own, with signatures checked. They are given the same deliveries in turns, so that a busy machine slows both. The bare
side's listener inserts the raw payload into SQLite (WAL, ``synchronous=FULL``) and commits. Ballast's has the capture,
the authorization and the listeners that ``ballast run`` has: it parses the delivery, looks up workspace, channel and
what the team chose, and commits the feedback, all before it answers. Checks that neither lost a delivery, and that
Ballast reaches half of the bare side's throughput.
"""

import hashlib
import hmac
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from bot.authorize import build_authorize
from bot.build import build_terminal_parts
from bot.capture import Capture
from bot.listeners import register
from bot.settings import load_settings
from storage.database import open_database
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.queue import Queue
from storage.records import Workspace
from storage.schema import upgrade
from storage.vocabulary import ChannelKind, Watch
from storage.workspaces import Workspaces

ROUNDS = 9
A_ROUND = 300
CLIENTS = 4
AT_LEAST = 0.5
SIDES = ("bare", "ballast")
SECRET = "a secret of this benchmark"  # noqa: S105 - signs what never leaves the machine
TEAM, CHANNEL, BOT = TeamId("T1"), ChannelId("C1"), UserId("U1")
OK = 200


def main() -> None:
    """Measure both sides, check them, and print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        servers = {side: Server(side, Path(folder)) for side in SIDES}
        try:
            rates = measure(servers)
        finally:
            for server in servers.values():
                server.stop()
        assert count_bare(Path(folder)) == (ROUNDS + 1) * A_ROUND, "the bare side lost deliveries"
        assert count_ballast(Path(folder)) == (ROUNDS + 1) * A_ROUND, "Ballast lost deliveries"
    ratios = [ballast / bare for bare, ballast in zip(rates["bare"], rates["ballast"], strict=True)]
    for side, found in rates.items():
        print(f"capture: {side:<8} {median(found):6.0f} deliveries a second (median of {ROUNDS} rounds of {A_ROUND})")
    print(f"capture: ratio {median(ratios):.2f} of the bare side's throughput (same run; at least {AT_LEAST} is asked)")
    if median(ratios) < AT_LEAST:
        sys.exit("capture: too slow")


def measure(servers: "dict[str, Server]") -> dict[str, list[float]]:
    """Deliver the same events to both sides, round by round and each first in every other; the first one warms up."""
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    for turn in range(ROUNDS + 1):
        bodies = [json.dumps(delivery(turn * A_ROUND + number)).encode() for number in range(A_ROUND)]
        for side in SIDES if turn % 2 else reversed(SIDES):
            rates[side].append(A_ROUND / servers[side].take(bodies))
    return {side: found[1:] for side, found in rates.items()}


class Server:
    """Run one side in a process of its own."""

    def __init__(self, side: str, folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very file
            [sys.executable, __file__, "serve", side, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        self._until_up()

    def take(self, bodies: list[bytes]) -> float:
        """Deliver the bodies over a few connections at once; return the seconds that it took."""
        signed = [(body, sign(body)) for body in bodies]
        parts = [signed[first::CLIENTS] for first in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            began = time.perf_counter()
            for answered in pool.map(self._deliver, parts):
                assert set(answered) == {OK}, f"answered {set(answered)}"
            return time.perf_counter() - began

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()

    def _deliver(self, signed: list[tuple[bytes, dict[str, str]]]) -> list[int]:
        connection, answered = HTTPConnection("127.0.0.1", self._port, timeout=30), []
        for body, headers in signed:
            connection.request("POST", "/slack/events", body, headers)
            response = connection.getresponse()
            response.read()
            answered.append(response.status)
        connection.close()
        return answered

    def _until_up(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                HTTPConnection("127.0.0.1", self._port, timeout=5).connect()
            except OSError:
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.05)
            else:
                return


def sign(body: bytes) -> dict[str, str]:
    """Sign a body as Slack does."""
    now = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={digest}",
    }


def serve(side: str, folder: Path) -> None:
    """Serve one side until it is ended; the port is the first line that is printed."""
    handler = SlackRequestHandler(bare_app(folder) if side == "bare" else ballast_app(folder))

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    server = uvicorn.Config(
        Starlette(routes=[Route("/slack/events", take, methods=["POST"])]), port=0, log_level="error", access_log=False
    )
    listening = server.bind_socket()
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(server).run(sockets=[listening])


def bare_app(folder: Path) -> App:
    """Build the app whose listener inserts the payload as it came, one committed row a delivery."""
    app = App(signing_secret=SECRET, authorize=authorize_bare, process_before_response=True)
    connection = open_bare(folder)

    def keep(body: dict[str, Any]) -> None:
        connection.execute("INSERT INTO payloads VALUES (?)", (json.dumps(body),))

    app.event("message")(keep)
    return app


def authorize_bare() -> AuthorizeResult:
    """Authorize without asking anybody."""
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_id="B1", bot_user_id=BOT)


def ballast_app(folder: Path) -> App:
    """Build the bot's app, but that deliveries come over HTTP."""
    surroundings = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench"}
    parts = build_terminal_parts(load_settings(surroundings, None), open_database(address(folder)))
    capture = Capture(parts.store, parts.clock, lambda: None, command=parts.command)
    authorize: Callable[..., AuthorizeResult | None] = build_authorize(parts.store.workspaces, "xoxb-bench")
    app = App(
        signing_secret=SECRET,
        before_authorize=capture.handle_delivery,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes None too
        attaching_conversation_kwargs_enabled=False,
        process_before_response=True,
    )
    register(app, parts)
    return app


def prepare(folder: Path) -> None:
    """Make both databases: the bare one, and one in which an owner chose to watch a channel."""
    bare = open_bare(folder)
    bare.execute("CREATE TABLE payloads (body TEXT NOT NULL)")
    bare.close()
    database = open_database(address(folder))
    upgrade(database)
    workspaces, now = Workspaces(database), datetime.now(UTC)
    workspaces.remember(Workspace(team_id=TEAM, name="Bench", bot_id="B1", bot_user_id=BOT), now)
    workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, UserId("U2"), now, Ts("0000000001.000000"))
    database.close()


def open_bare(folder: Path) -> sqlite3.Connection:
    """Open the bare side's database; every statement commits by itself and reaches the disk."""
    connection = sqlite3.connect(folder / "bare.db", check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def count_bare(folder: Path) -> int:
    """Count the payloads."""
    connection = open_bare(folder)
    kept: int = connection.execute("SELECT count(*) FROM payloads").fetchone()[0]
    connection.close()
    return kept


def count_ballast(folder: Path) -> int:
    """Count the feedback that waits."""
    database = open_database(address(folder))
    waiting = Queue(database).counts(TEAM)["waiting"]
    database.close()
    return waiting


def address(folder: Path) -> str:
    """Name Ballast's database."""
    return f"sqlite:///{folder / 'ballast.db'}"


def delivery(number: int) -> dict[str, Any]:
    """Make the payload of one message as Slack delivers it."""
    ts = f"{1763600000 + number}.000200"
    text = f"Message {number}: copying every reading by hand takes me the whole morning."
    words = {"type": "text", "text": text}
    event = {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": "U3",
        "team": TEAM,
        "client_msg_id": f"6b2f1a3c-0000-4000-8000-{number:012d}",
        "text": text,
        "blocks": [
            {"type": "rich_text", "block_id": "b1", "elements": [{"type": "rich_text_section", "elements": [words]}]}
        ],
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
        "is_ext_shared_channel": False,
        "event": event,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], Path(sys.argv[3]))
    else:
        main()

"""How long Slack waits for an acknowledgement while Ballast reads a channel's past and classifies what it finds there.

Runs ``ballast run`` as a process of its own over Socket Mode against the stand-in for Slack. Messages are said in a
watched channel one after the other, first with nothing else to do, then while a back-fill of thousands of messages runs
and the classifier has a backlog. The time is taken in the stand-in, from when a delivery is sent until it is
acknowledged, so it includes the stand-in's own; what is said while it writes a page of history waits for that too.
Checks that the back-fill was still running at the end, that messages were classified meanwhile and some still waited,
that every message was acknowledged at the first attempt and kept, and that the 99th percentile stays under 300 ms.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from bot.build import build_store
from bot.parts import Store
from bot.sandbox.channels import Channel
from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.stand_in import SlackStandIn
from bot.shapes.times import write_ts
from storage.database import open_database
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Workspace
from storage.schema import upgrade
from storage.vocabulary import BackfillState, ChannelKind, Watch

ROOT = Path(__file__).parents[1]
PAST = 6_000
"""Messages in the channel's past, of which a page holds 200 and is read every 1.2 seconds at most."""
IDLE, BUSY = 100, 250
PAUSES = (0.02, 0.09)
"""Seconds between an acknowledgement and the next message, as chance has it."""
MOST_SECONDS = 0.3
PATIENCE_SECONDS = 120.0
SENTENCES = (
    "Call with Fernhill: their auditor needs to see who changed a reading and when, before they can sign.",
    "Copying every reading by hand takes me the whole morning, and I still get some of them wrong.",
    "The export of the 2025 archive takes far too long, and nobody can tell how far it has come.",
)


class Times:
    """Be the clock of the stand-in: in the past while the past is written, then the machine's."""

    def __init__(self) -> None:
        self.past: datetime | None = None

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.past or datetime.now(UTC)


def main() -> None:
    """Measure, check and print."""
    times = Times()
    with tempfile.TemporaryDirectory() as folder, SlackStandIn(clock=times) as slack:
        workspace = furnish(slack)
        write_past(slack, workspace, times)
        store = prepare(slack, workspace, Path(folder))
        with Path(folder, "output.txt").open("wb") as output:
            process = start(slack, Path(folder), output.fileno())
            try:
                slack.until_connected(within_seconds=PATIENCE_SECONDS)
                time.sleep(3)  # until the first catching up is over
                idle = probe(slack, workspace, IDLE)
                begin_backfill(slack, workspace, store)
                before = classified(slack, store)
                busy = probe(slack, workspace, BUSY)
                report(idle, busy)
                assert classified(slack, store) > before, "nothing was classified meanwhile"
                check(slack, workspace, store)
            finally:
                process.terminate()
                process.wait()
    if p99(busy) > MOST_SECONDS:
        sys.exit(
            f"acknowledging: too slow, p99 is over {MOST_SECONDS * 1000:.0f} ms (idle it was {p99(idle) * 1000:.0f})"
        )


def report(idle: Sequence[float], busy: Sequence[float]) -> None:
    """Print the percentiles and the ratio."""
    for name, seconds in (("idle", idle), ("busy", busy)):
        print(
            f"acknowledging: {name} p50 {median(seconds) * 1000:5.1f} ms, p99 {p99(seconds) * 1000:5.1f} ms "
            f"({len(seconds)} messages)"
        )
    print(f"acknowledging: ratio {median(busy) / median(idle):.1f} (busy over idle, p50, same run)")
    print(f"acknowledging: ratio {p99(busy) / p99(idle):.1f} (busy over idle, p99, same run)")


def p99(seconds: Sequence[float]) -> float:
    """Give the 99th percentile."""
    return quantiles(seconds, n=100, method="inclusive")[-1]


def probe(slack: SlackStandIn, workspace: SmallWorkspace, count: int) -> list[float]:
    """Say messages one after the other, and time each until it is acknowledged."""
    chance, taken = random.Random(7), []  # noqa: S311 - no secret
    for number in range(count):
        time.sleep(chance.uniform(*PAUSES))
        began = time.perf_counter()
        slack.people.say(workspace.product, workspace.max, f"{SENTENCES[number % 3]} ({number})")
        said = slack.deliveries("events_api")[-1]
        until_acknowledged(slack, said)
        taken.append(time.perf_counter() - began)
    return taken


def until_acknowledged(slack: SlackStandIn, said: Delivery) -> None:
    """Wait for what becomes of a delivery."""
    slack.until(lambda: said.outcome is not Outcome.WAITING, within_seconds=PATIENCE_SECONDS)


def classified(slack: SlackStandIn, store: Store) -> int:
    """Count what has been classified so far."""
    return store.queue.counts(TeamId(slack.identity.team_id))["classified"]


def check(slack: SlackStandIn, workspace: SmallWorkspace, store: Store) -> None:
    """Check that Ballast was busy to the end, and lost and was asked again for nothing."""
    team = TeamId(slack.identity.team_id)
    backfill = store.backfills.of_channel(team, ChannelId(workspace.feedback.channel_id))
    assert backfill is not None, "no back-fill was begun"
    assert backfill.state is BackfillState.RUNNING, f"the back-fill had ended: {backfill}"
    assert backfill.seen > 0, "the back-fill had not read anything yet"
    counts = store.queue.counts(team)
    assert counts["waiting"] > 0, "there was nothing left to classify"
    said = [one for one in slack.deliveries("events_api") if one.payload["event"].get("user") == workspace.max.user_id]
    assert len(said) == IDLE + BUSY, "not every message was delivered"
    assert {(one.outcome, one.attempts) for one in said} == {(Outcome.ACKED, 1)}, "some had to be delivered again"
    watched = ChannelId(workspace.product.channel_id)
    kept = store.shown.kept_roots(team, watched, after=Ts("0.000000"), before=write_ts(datetime.now(UTC)))
    assert len(kept) == IDLE + BUSY, "some messages were not kept"
    share = counts["waiting"] / sum(counts.values())
    print(f"acknowledging: at the end {backfill.seen:,} of {PAST:,} read, {share:.0%} of what came in to classify")


def write_past(slack: SlackStandIn, workspace: SmallWorkspace, times: Times) -> None:
    """Let people say in #feedback, over 80 days before the bot was there, what the back-fill is to find."""
    now = datetime.now(UTC)
    for number in range(PAST):
        times.past = now - timedelta(days=80) * ((PAST - number) / PAST)
        slack.people.say(workspace.feedback, workspace.max, f"{SENTENCES[number % 3]} (then {number})")
    times.past = None


def prepare(slack: SlackStandIn, workspace: SmallWorkspace, folder: Path) -> Store:
    """Make the history: #product is watched, #feedback is only met."""
    database = open_database(f"sqlite:///{folder / 'ballast.db'}")
    upgrade(database)
    store, now, team = build_store(database), datetime.now(UTC), TeamId(slack.identity.team_id)
    bot = UserId(slack.identity.bot_user_id)
    store.workspaces.remember(Workspace(team_id=team, name="Bench", bot_user_id=bot), now)
    for channel in (workspace.feedback, workspace.product):
        meet(store, team, channel)
        slack.people.invite_bot(channel, workspace.olivia)
    watched, owner = ChannelId(workspace.product.channel_id), UserId(workspace.olivia.user_id)
    store.workspaces.set_watch(team, watched, Watch.ALL, owner, now, write_ts(now))
    return store


def meet(store: Store, team: TeamId, channel: Channel) -> None:
    """Let the bot know a channel."""
    store.workspaces.meet_channel(team, ChannelId(channel.channel_id), channel.name, ChannelKind.PUBLIC)


def begin_backfill(slack: SlackStandIn, workspace: SmallWorkspace, store: Store) -> None:
    """Ask for the past as an owner does, and wait until the first page has come in."""
    slack.presses.command(workspace.olivia, workspace.feedback, "/ballast backfill 90d")
    team, channel = TeamId(slack.identity.team_id), ChannelId(workspace.feedback.channel_id)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (backfill := store.backfills.of_channel(team, channel)) is None or not backfill.seen:
        assert time.monotonic() < deadline, "the back-fill did not begin"
        time.sleep(0.05)


def start(slack: SlackStandIn, folder: Path, output: int) -> subprocess.Popen[bytes]:
    """Start the program as people do."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"PYTHONPATH": str(ROOT), "BALLAST_DATA_DIR": str(folder), "SLACK_API_URL": slack.url}
    env |= {"SLACK_BOT_TOKEN": slack.identity.bot_token, "SLACK_APP_TOKEN": slack.identity.app_token}
    return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=env, cwd=folder, stdout=output, stderr=output)


if __name__ == "__main__":
    main()

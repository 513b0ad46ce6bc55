"""Each thing that Ballast needs is found well or not, in a sentence, and nothing that is broken hides the rest."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.build import build_store
from bot.checks.diagnosis import Diagnosis, Outcome, attempt, ok, worst
from bot.checks.keeping import check_folder
from bot.checks.workspace import wanted_scopes
from bot.cli.manifest import manifest
from bot.doctor import Instruments, examine
from bot.parts import Store
from bot.port import Slack
from bot.sandbox.identity import ALL_SCOPES, Identity
from bot.sandbox.presets import SmallWorkspace, furnish
from bot.sandbox.stand_in import SlackStandIn
from bot.settings import Settings, load_settings
from bot.slack import SlackPort
from bot.slack_client import build_client
from classifiers.errors import ModelError
from classifiers.local import LocalClassifier
from storage.database import Database, open_database
from storage.ids import ChannelId, TeamId, UserId
from storage.records import Workspace
from storage.scheduled import Schedule
from storage.vocabulary import ChannelKind, Duty, PostState, Watch
from tests.factories import LEASE, make_feedback, make_post, make_ts
from tests.openai_stand_in import OpenAIStandIn, fails, openai  # noqa: F401 - a fixture

TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
LONG_AGO = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Bedside:
    """Hold a Ballast that is set up and well, until a test breaks one thing of it."""

    slack: SlackStandIn
    workspace: SmallWorkspace
    folder: Path
    database: Database
    store: Store
    env: dict[str, str]
    ahead: timedelta = timedelta()

    @property
    def team(self) -> TeamId:
        return TeamId(self.slack.identity.team_id)

    @property
    def channel(self) -> ChannelId:
        return ChannelId(self.workspace.feedback.channel_id)

    def examined(self) -> list[Diagnosis]:
        def build_slack(settings: Settings) -> Slack:
            assert settings.slack_bot_token is not None
            return SlackPort(build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url))

        tools = Instruments(
            clock=lambda: datetime.now(UTC) + self.ahead,
            build_store=build_store,
            build_slack=build_slack,
            manifest=manifest(),
        )
        return list(examine(self.env, self.folder / ".env", tools))

    def found(self, name: str) -> Diagnosis:
        """Give the worst that was said under a name."""
        order = [Outcome.FAIL, Outcome.WARN, Outcome.SKIPPED, Outcome.OK]
        said = [each for each in self.examined() if each.name == name]
        assert said, f"nothing was said of {name}"
        return min(said, key=lambda each: order.index(each.outcome))

    def schedule(self, zone: str = "Europe/Berlin", channel: ChannelId | None = None) -> Schedule:
        return self.store.schedules.set(
            self.team,
            channel or self.channel,
            owner=UserId(self.workspace.olivia.user_id),
            weekday=0,
            hour=9,
            minute=0,
            zone=zone,
            at=LONG_AGO,
        )


@pytest.fixture
def granted() -> frozenset[str]:
    """What the stand-in's app was granted; a test changes it by parametrizing."""
    return ALL_SCOPES


@pytest.fixture
def bedside(granted: frozenset[str], tmp_path: Path, sqlite_template: Path) -> Iterator[Bedside]:
    folder = tmp_path / "ballast"
    folder.mkdir(mode=0o700)
    shutil.copy(sqlite_template, folder / "ballast.db")
    database = open_database(f"sqlite:///{folder / 'ballast.db'}")
    with SlackStandIn(identity=Identity(scopes=granted)) as slack:
        workspace, store = furnish(slack), build_store(database)
        team, channel = TeamId(slack.identity.team_id), ChannelId(workspace.feedback.channel_id)
        now = datetime.now(UTC)
        store.workspaces.remember(Workspace(team, "Northwind"), now)
        slack.people.invite_bot(workspace.feedback, workspace.olivia)
        store.workspaces.meet_channel(team, channel, "feedback", ChannelKind.PUBLIC)
        store.workspaces.set_watch(team, channel, Watch.ALL, UserId(workspace.olivia.user_id), now, make_ts(1))
        env = {
            "SLACK_BOT_TOKEN": slack.identity.bot_token,
            "SLACK_APP_TOKEN": slack.identity.app_token,
            "SLACK_API_URL": slack.url,
            "BALLAST_DATA_DIR": str(folder),
        }
        yield Bedside(slack, workspace, folder, database, store, env)
    database.close()


def dumped(path: Path) -> list[str]:
    """Give everything that a database file holds, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_ballast_that_is_set_up_is_well_in_every_check(bedside: Bedside) -> None:
    bedside.schedule()

    found = bedside.examined()

    assert {each.name: each.sentence for each in found if each.outcome in {Outcome.FAIL, Outcome.WARN}} == {}
    assert {
        "settings",
        "classifier",
        "words",
        "zone",
        "bot token",
        "app token",
        "scopes",
        "clock",
        "delayed events",
        "connections",
        "data folder",
        "database",
        "channel #feedback",
        "owners",
        "digest in #feedback",
        "queue",
        "deliveries",
        "answers",
        "labels",
    } == {each.name for each in found}


def test_looking_changes_nothing(bedside: Bedside) -> None:
    before = dumped(bedside.folder / "ballast.db")

    bedside.examined()

    assert dumped(bedside.folder / "ballast.db") == before
    assert {call.method for call in bedside.slack.calls()} == {
        "auth.test",
        "apps.connections.open",
        "conversations.info",
    }
    assert len(bedside.slack.calls("apps.connections.open")) == 1


@pytest.mark.parametrize(
    ("variables", "name", "outcome", "words"),
    [
        ({"BALLAST_TIMEZONE": "Mars/Base"}, "settings", Outcome.FAIL, "BALLAST_TIMEZONE"),
        ({"BALLAST_TIMEZONE": "Mars/Base"}, "zone", Outcome.SKIPPED, "BALLAST_TIMEZONE"),
        ({"BALLAST_TIMEZONE": "Europe/Berlin"}, "zone", Outcome.OK, "Europe/Berlin"),
        ({"BALLAST_TIMEZON": "UTC"}, "settings", Outcome.FAIL, "Did you mean BALLAST_TIMEZONE?"),
        ({"BALLAST_QUUX": "1"}, "settings", Outcome.WARN, "BALLAST_QUUX"),
        ({"SLACK_APP_TOKEN": ""}, "slack", Outcome.SKIPPED, "when the settings above can be read"),
        ({"SLACK_APP_TOKEN": "", "SLACK_BOT_TOKEN": ""}, "slack", Outcome.SKIPPED, "the sandbox needs neither"),
        ({"BALLAST_CLASSIFIER": "oracle"}, "classifier", Outcome.SKIPPED, "BALLAST_CLASSIFIER"),
        ({"BALLAST_CLASSIFIER": "oracle"}, "words", Outcome.SKIPPED, "settings"),
        ({"OPENAI_API_KEY": "sk-canary"}, "words", Outcome.OK, "key found, not used"),
        ({"DATABASE_URL": "mysql://x"}, "database", Outcome.SKIPPED, "settings"),
        ({"BALLAST_OWNERS": "U0NOBODY"}, "owners", Outcome.WARN, "U0NOBODY"),
        ({"BALLAST_OWNERS": "U0GINA000"}, "owners", Outcome.WARN, "guest"),
        ({"BALLAST_OWNERS": "U0MAX0000"}, "owners", Outcome.OK, "1 named besides"),
    ],
)
def test_each_setting_is_told_as_it_is_read(
    bedside: Bedside, variables: Mapping[str, str], name: str, outcome: Outcome, words: str
) -> None:
    bedside.env.update(variables)

    found = bedside.found(name)

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_every_problem_of_the_settings_is_listed_and_the_other_checks_go_on(bedside: Bedside) -> None:
    bedside.env |= {"BALLAST_TIMEZONE": "Mars/Base", "BALLAST_LOG_FORMAT": "xml"}
    (bedside.folder / ".env").write_text("BALLAST_EMOJI=two words\n", encoding="utf-8")

    found = bedside.examined()

    failed = [each.sentence for each in found if each.name == "settings"]
    assert {sentence.split()[0] for sentence in failed} == {"BALLAST_TIMEZONE", "BALLAST_LOG_FORMAT", "BALLAST_EMOJI"}
    assert {"channel #feedback", "database", "labels"} <= {each.name for each in found}


@pytest.mark.parametrize(("method", "name"), [("auth.test", "bot token"), ("apps.connections.open", "app token")])
@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "fatal_error"])
def test_a_token_that_slack_does_not_take_fails(bedside: Bedside, method: str, name: str, code: str) -> None:
    bedside.slack.fail(method, times=None, error=code)

    found = bedside.found(name)

    assert found.outcome is Outcome.FAIL
    assert code in found.sentence
    assert found.remedy


def test_an_unreachable_slack_leaves_the_rest_examined(bedside: Bedside) -> None:
    bedside.env["SLACK_API_URL"] = "http://127.0.0.1:9/api/"

    found = {each.name: each.outcome for each in bedside.examined()}

    assert found["bot token"] is Outcome.FAIL
    assert found["database"] is found["queue"] is found["classifier"] is Outcome.OK
    assert "channel #feedback" not in found


def with_language_model(bedside: Bedside, url: str) -> None:
    bedside.env |= {
        "BALLAST_CLASSIFIER": "llm",
        "OPENAI_API_KEY": "sk-canary-key",
        "OPENAI_BASE_URL": url,
        "BALLAST_LLM_MODEL": "stand-in",
    }


def test_a_language_model_that_is_turned_on_is_asked_once(bedside: Bedside, openai: OpenAIStandIn) -> None:  # noqa: F811 - the fixture
    with_language_model(bedside, openai.url)

    assert bedside.found("language model").outcome is Outcome.OK
    assert len(openai.requests) == 1


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_language_model_that_does_not_answer_fails_and_the_local_one_is_still_well(
    bedside: Bedside,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
    status: int,
) -> None:
    with_language_model(bedside, openai.url)
    openai.always(fails(status))

    found = {each.name: each for each in bedside.examined()}

    assert found["language model"].outcome is Outcome.FAIL
    assert found["classifier"].outcome is Outcome.OK
    assert len(openai.requests) == 1
    assert "sk-canary-key" not in str(found)


def test_a_language_model_without_its_settings_fails_with_their_names(bedside: Bedside) -> None:
    bedside.env["BALLAST_CLASSIFIER"] = "local-then-llm"

    assert "OPENAI_API_KEY" in bedside.found("language model").sentence


def test_a_damaged_local_model_fails(bedside: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> LocalClassifier:
        message = "the local model is damaged (its checksum is wrong)"
        raise ModelError(message)

    monkeypatch.setattr("bot.choosing.LocalClassifier.load", load)

    assert bedside.found("classifier").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("granted", "outcome", "words"),
    [
        (ALL_SCOPES, Outcome.OK, "Every scope"),
        (ALL_SCOPES - {"groups:read"}, Outcome.WARN, "groups:read"),
        (ALL_SCOPES - {"users:read", "im:write"}, Outcome.FAIL, "im:write, users:read"),
    ],
)
def test_scopes_are_compared_with_the_manifest(
    bedside: Bedside, granted: frozenset[str], outcome: Outcome, words: str
) -> None:
    found = bedside.found("scopes")

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_the_scopes_are_read_as_yaml_reads_them() -> None:
    yaml = pytest.importorskip("yaml")
    scopes = yaml.safe_load(manifest())["oauth_config"]["scopes"]

    assert wanted_scopes(manifest()) == (frozenset(scopes["bot"]), frozenset(scopes["bot_optional"]))


@pytest.mark.parametrize(
    ("ahead", "outcome", "words"),
    [
        (0, Outcome.OK, "agrees"),
        (50, Outcome.OK, "agrees"),
        (200, Outcome.WARN, "ahead"),
        (-200, Outcome.WARN, "behind"),
    ],
)
def test_a_clock_that_is_off_by_a_minute_is_told(bedside: Bedside, ahead: int, outcome: Outcome, words: str) -> None:
    bedside.ahead = timedelta(seconds=ahead)

    found = bedside.found("clock")

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_a_watched_channel_without_the_bot_fails(bedside: Bedside) -> None:
    bedside.slack.people.remove_bot(bedside.workspace.feedback)

    found = bedside.found("channel #feedback")

    assert found.outcome is Outcome.FAIL
    assert "Invite the bot" in found.remedy


def test_a_watched_channel_that_is_archived_is_told(bedside: Bedside) -> None:
    bedside.slack.people.archive(bedside.workspace.feedback)

    assert bedside.found("channel #feedback").outcome is Outcome.WARN


def test_a_watched_channel_that_is_gone_fails(bedside: Bedside) -> None:
    bedside.slack.fail("conversations.info", times=None, error="channel_not_found")

    assert bedside.found("channel #feedback").outcome is Outcome.FAIL


def test_a_watched_channel_that_became_shared_is_told(bedside: Bedside) -> None:
    shared = ChannelId(bedside.workspace.acme_shared.channel_id)
    bedside.slack.people.invite_bot(bedside.workspace.acme_shared, bedside.workspace.olivia)
    bedside.store.workspaces.meet_channel(bedside.team, shared, "acme-shared", ChannelKind.PUBLIC)
    bedside.store.workspaces.set_watch(bedside.team, shared, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))

    found = bedside.found("channel #acme-shared")

    assert found.outcome is Outcome.WARN
    assert "watch all shared" in found.remedy


@pytest.mark.parametrize(
    ("granted", "outcome"), [(ALL_SCOPES, Outcome.OK), (ALL_SCOPES - {"groups:history"}, Outcome.FAIL)]
)
def test_a_watched_private_channel_needs_its_scope(bedside: Bedside, granted: frozenset[str], outcome: Outcome) -> None:
    private = ChannelId(bedside.workspace.sales_private.channel_id)
    bedside.slack.people.invite_bot(bedside.workspace.sales_private, bedside.workspace.olivia)
    bedside.store.workspaces.meet_channel(bedside.team, private, "sales-private", ChannelKind.PRIVATE)
    bedside.store.workspaces.set_watch(bedside.team, private, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))

    assert bedside.found("channel #sales-private").outcome is outcome


def test_no_watched_channel_is_told(bedside: Bedside) -> None:
    bedside.store.workspaces.set_watch(bedside.team, bedside.channel, Watch.OFF, UserId("U1"), LONG_AGO, make_ts(1))

    assert bedside.found("channels").outcome is Outcome.WARN


def test_slack_is_not_asked_on_about_channels_once_it_does_not_answer(bedside: Bedside) -> None:
    general = ChannelId(bedside.workspace.general.channel_id)
    bedside.store.workspaces.meet_channel(bedside.team, general, "general", ChannelKind.PUBLIC)
    bedside.store.workspaces.set_watch(bedside.team, general, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))
    bedside.slack.throttle("conversations.info", times=None, retry_after_seconds=30)

    found = bedside.found("channels")

    assert found.outcome is Outcome.FAIL
    assert "Slack asks us to wait" in found.sentence
    assert len(bedside.slack.calls("conversations.info")) == 1


def test_a_named_owner_whom_slack_does_not_know_is_told(bedside: Bedside) -> None:
    bedside.store.workspaces.name_duty(bedside.team, UserId("U0GONE"), Duty.OWNER, UserId("U1"), LONG_AGO)

    assert "U0GONE" in bedside.found("owners").sentence


def test_no_digest_is_no_fault(bedside: Bedside) -> None:
    assert bedside.found("digests").outcome is Outcome.OK


def test_a_schedule_tells_its_next_digest_and_that_none_has_come(bedside: Bedside) -> None:
    bedside.schedule()

    found = bedside.found("digest in #feedback")

    assert "The next one comes on Monday" in found.sentence
    assert "09:00 (Europe/Berlin). None has come yet." in found.sentence


def test_a_paused_schedule_is_told(bedside: Bedside) -> None:
    bedside.schedule()
    bedside.store.schedules.pause(bedside.team, bedside.channel, paused=True, by=UserId("U1"), at=LONG_AGO)

    found = bedside.found("digest in #feedback")

    assert (found.outcome, "digest resume" in found.remedy) == (Outcome.WARN, True)


def test_a_schedule_of_a_zone_that_nobody_knows_fails(bedside: Bedside) -> None:
    bedside.schedule(zone="Mars/Base")

    assert "Mars/Base" in bedside.found("digest in #feedback").sentence


def test_a_schedule_of_a_channel_without_the_bot_fails(bedside: Bedside) -> None:
    bedside.schedule(channel=ChannelId(bedside.workspace.product.channel_id))

    found = bedside.found(f"digest in {bedside.workspace.product.channel_id}")

    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("is_skipped", "outcome", "words"),
    [(True, Outcome.WARN, "was skipped: it was too late"), (False, Outcome.OK, "posted on 2026-11-09 09:01 UTC")],
)
def test_what_became_of_the_last_digest_is_told(
    bedside: Bedside, *, is_skipped: bool, outcome: Outcome, words: str
) -> None:
    schedule, due_at = bedside.schedule(), LONG_AGO + timedelta(days=7)
    period = (LONG_AGO, due_at)
    claim = bedside.store.schedules.claim(
        schedule, period=period, due_at=due_at, channel_id=bedside.channel, lease=LEASE, at=due_at
    )
    assert claim is not None
    if is_skipped:
        bedside.store.schedules.skipped(claim, reason="it was too late")
    else:
        bedside.store.schedules.posted(claim, make_ts(3), at=due_at + timedelta(minutes=1))

    found = bedside.found("digest in #feedback")

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_no_database_yet_is_no_fault_and_none_is_made(bedside: Bedside, tmp_path: Path) -> None:
    bedside.env["BALLAST_DATA_DIR"] = str(tmp_path / "elsewhere")

    assert bedside.found("database").outcome is Outcome.SKIPPED
    assert not (tmp_path / "elsewhere").exists()


def test_a_database_without_its_schema_fails_and_is_not_upgraded(bedside: Bedside, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    bedside.env["DATABASE_URL"] = f"sqlite:///{path}"

    found = bedside.found("database")

    assert (found.outcome, "ballast db upgrade" in found.sentence) == (Outcome.FAIL, True)
    assert "ballast_schema" not in "".join(dumped(path))


def test_a_file_that_is_no_database_fails(bedside: Bedside, tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear all, " * 100, encoding="utf-8")
    bedside.env["DATABASE_URL"] = f"sqlite:///{path}"

    assert "damaged" in bedside.found("database").sentence


def test_a_locked_database_fails(bedside: Bedside) -> None:
    with sqlite3.connect(bedside.folder / "ballast.db") as lock:
        lock.execute("BEGIN IMMEDIATE")
        found = bedside.found("database")
        lock.rollback()
    lock.close()

    assert (found.outcome, "locked" in found.sentence) == (Outcome.FAIL, True)


@pytest.mark.parametrize(
    ("free", "outcome"), [(10_000_000, Outcome.FAIL), (300_000_000, Outcome.WARN), (9_000_000_000, Outcome.OK)]
)
def test_little_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, outcome: Outcome) -> None:
    monkeypatch.setattr("bot.checks.keeping.shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))

    assert check_folder(load_settings({"BALLAST_DATA_DIR": str(tmp_path)})).outcome is outcome


def test_a_folder_that_cannot_be_one_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert check_folder(load_settings({"BALLAST_DATA_DIR": str(tmp_path / "file")})).outcome is Outcome.FAIL


def test_postgres_needs_no_folder_and_one_that_is_out_of_reach_fails(bedside: Bedside) -> None:
    bedside.env["DATABASE_URL"] = "postgresql://canary:canary@127.0.0.1:9/ballast"

    found = {each.name: each for each in bedside.examined()}

    assert found["data folder"].outcome is Outcome.SKIPPED
    assert found["database"].outcome is Outcome.FAIL
    assert "canary" not in str(found)


def test_feedback_that_waits_too_long_is_told_with_its_age(bedside: Bedside) -> None:
    feedback = make_feedback(team_id=bedside.team)
    bedside.store.intake.take_in(feedback, datetime.now(UTC) - timedelta(hours=5))

    found = bedside.found("queue")

    assert (found.outcome, "the oldest for 5 hours" in found.sentence) == (Outcome.WARN, True), found


def test_feedback_that_has_just_come_is_no_fault(bedside: Bedside) -> None:
    bedside.store.intake.take_in(make_feedback(team_id=bedside.team), datetime.now(UTC))

    assert bedside.found("queue").outcome is Outcome.OK


def test_what_could_not_be_read_delivered_or_posted_is_counted(bedside: Bedside) -> None:
    store, team, now = bedside.store, bedside.team, datetime.now(UTC)
    store.intake.take_in(make_feedback(team_id=team), now)
    [claimed] = store.queue.claim(team, limit=1, lease=LEASE, at=now)
    store.queue.give_up(claimed, reason="it could not be read")
    store.intake.keep_unreadable(team, {"odd": 1}, "no channel", None, now)
    store.posts.owe(team, make_post(expires_at=now + timedelta(hours=1)), now)
    [post] = store.posts.claim(team, limit=1, lease=LEASE, at=now)
    assert store.posts.give_up(post, reason="refused")
    assert post.state is PostState.DUE

    for name in ("failed", "deliveries", "answers"):
        found = bedside.found(name)
        assert (found.outcome, found.sentence.startswith("1 ")) == (Outcome.WARN, True), found


def test_several_workspaces_are_told_apart(bedside: Bedside) -> None:
    bedside.store.workspaces.remember(Workspace(TeamId("T0SECOND"), "Second"), LONG_AGO)

    assert {"queue (T0NORTHWIND)", "queue (T0SECOND)"} <= {each.name for each in bedside.examined()}


def test_a_check_that_breaks_is_a_diagnosis_without_the_values_of_its_error() -> None:
    def break_down() -> Iterator[Diagnosis]:
        yield ok("thing", "Well so far.")
        message = "Quokkasaurus"
        raise ValueError(message)

    told = attempt("thing", break_down)

    assert [each.outcome for each in told] == [Outcome.OK, Outcome.FAIL]
    assert "ValueError" in told[1].sentence
    assert "Quokkasaurus" not in told[1].sentence


def test_a_name_cannot_command_the_terminal() -> None:
    assert "\x1b" not in ok("channel \x1b[2J", "\x1b]0;x\x07").name + ok("x", "\x1b]0;x\x07").sentence


def test_only_a_failure_makes_the_whole_fail() -> None:
    well = ok("a", "Well.")

    assert worst([well, replace(well, outcome=Outcome.SKIPPED)]) is Outcome.OK
    assert worst([well, replace(well, outcome=Outcome.WARN)]) is Outcome.WARN
    assert worst([replace(well, outcome=Outcome.FAIL), replace(well, outcome=Outcome.WARN)]) is Outcome.FAIL


def test_without_tokens_the_command_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["doctor"]) == 0
    assert "the sandbox needs neither" in capsys.readouterr().out


def test_the_command_fails_when_a_check_does_and_prints_no_token(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (bedside.env | {"OPENAI_API_KEY": "sk-canary-key"}).items():
        monkeypatch.setenv(name, value)
    assert run_program(["doctor"]) == 0
    bedside.slack.revoke_token()

    assert run_program(["doctor"]) == 1

    told = "".join(capsys.readouterr())
    assert "fail     bot token: Slack refused the token at auth.test: token_revoked." in told
    assert "Traceback" not in told
    assert [secret for secret in ("sk-canary-key", *(bedside.env[token] for token in TOKENS)) if secret in told] == []


def test_json_has_one_object_for_each_check(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in bedside.env.items():
        monkeypatch.setenv(name, value)
    bedside.slack.people.remove_bot(bedside.workspace.feedback)

    assert run_program(["doctor", "--json"]) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "fail"
    assert {tuple(check) for check in told["checks"]} == {("name", "outcome", "sentence", "remedy")}
    assert [check["name"] for check in told["checks"] if check["outcome"] == "fail"] == ["channel #feedback"]

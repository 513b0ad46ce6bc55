"""Ballast keeps in step with what becomes of channels, and keeps nothing of a workspace that removed it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.build import build_ballast
from bot.cli.sandbox import sandbox_settings
from bot.errors import TokenRefusedError
from bot.leaving import Deleter
from bot.lifecycle import Ballast
from bot.port import Slack
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import ChannelId, TeamId
from storage.query import Query
from storage.records import Channel, Workspace
from storage.rows import ChannelRow, FeedbackRow, Row, WorkspaceRow
from storage.vocabulary import ChannelKind, Watch
from tests.bot.ballast_process import live_slack  # noqa: F401 - fixture
from tests.bot.listening import ACME, Listening, make_listening, make_store, payload, problem
from tests.bot.test_capture import NoSlack
from tests.factories import make_feedback
from tests.scripted_classifier import ScriptedClassifier

HERE = ChannelId("C200")
TEXT = "Our auditors want to see who changed a figure."
OTHER = TeamId("T555")


@pytest.fixture
def listening(database: Database, clock: Callable[[], datetime]) -> Listening:
    """A bot in a workspace with one watched channel, where one message was read."""
    nobody: Any = NoSlack()
    slack: Slack = nobody
    bot = make_listening(make_store(database), slack, ACME, clock)
    bot.watch("C200")
    bot.read("C200", "1763600000.000200", TEXT, problem(TEXT, "see who changed a figure", "compliance"))
    bot.store.workspaces.remember(Workspace(team_id=OTHER, name="Other"), clock())
    return bot


def here(listening: Listening) -> Channel:
    channel = listening.store.workspaces.channel(ACME.team_id, HERE)
    assert channel is not None
    return channel


def kept_of(database: Database, row: type[Row]) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).select_from(row)).one()


def left_behind(slack: SlackStandIn, folder: Path) -> tuple[Ballast, TeamId]:
    """Give a Ballast before its start that was ended while it deleted what it kept of this workspace."""
    ballast = build_ballast(sandbox_settings(slack, folder), classifier=ScriptedClassifier())
    store, now, team = ballast.parts.store, ballast.parts.clock(), TeamId(slack.identity.team_id)
    store.workspaces.remember(Workspace(team_id=team, name="Northwind"), now)
    store.workspaces.meet_channel(team, HERE, "feedback", ChannelKind.PUBLIC)
    store.intake.take_in(make_feedback(team_id=team), now)
    store.leaving.leave(team, now)
    return ballast, team


def heard_in(listening: Listening, audience: str) -> int:
    ever = {"since": datetime(2020, 1, 1, tzinfo=UTC), "until": datetime(2030, 1, 1, tzinfo=UTC)}
    return listening.store.history.count(Query(ACME.team_id, audience=ChannelId(audience), **ever))


@pytest.mark.parametrize(
    "order",
    [("app_uninstalled", "tokens_revoked", "tokens_revoked"), ("tokens_revoked", "app_uninstalled", "app_uninstalled")],
)
def test_a_workspace_that_removed_ballast_is_deleted_with_everything_in_it(
    listening: Listening, database: Database, order: tuple[str, ...]
) -> None:
    """Whichever of the two events comes first, however often, each is acknowledged, and nobody else's is touched."""
    listening.store.intake.keep_unreadable(ACME.team_id, {"text": "odd"}, "odd", None, listening.parts.clock())

    assert [listening.dispatch(payload(event)).status for event in order] == [200, 200, 200]
    assert listening.store.workspaces.find(ACME.team_id) is None
    assert kept_of(database, FeedbackRow) == 1, "Slack waited for the deletion"

    deleter = Deleter(listening.store.leaving, lambda: False)
    while deleter.turn() is not None:
        pass

    with database.reading() as session:
        kept = [row for table in Row.metadata.sorted_tables for row in session.execute(select(table))]
        assert {row.team_id for row in kept} == {OTHER}
        assert session.scalars(select(WorkspaceRow.team_id)).all() == [OTHER]


def test_a_start_goes_on_deleting_before_slack_is_asked(
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    """A stop cut the deletion off; at the next start Slack refuses the token of whoever removed Ballast."""
    ballast, team = left_behind(live_slack, tmp_path)
    live_slack.revoke_token()
    said: list[str] = []

    with pytest.raises(TokenRefusedError):
        ballast.start(said.append)

    assert kept_of(ballast.database, FeedbackRow) == kept_of(ballast.database, WorkspaceRow) == 0, team
    assert "Deleting what was kept of a workspace that removed Ballast." in said
    ballast.stop()


def test_a_workspace_that_installs_again_begins_with_nothing(
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    ballast, team = left_behind(live_slack, tmp_path)

    ballast.start(lambda _line: None)

    assert ballast.parts.store.workspaces.teams() == [team]
    assert kept_of(ballast.database, FeedbackRow) == kept_of(ballast.database, ChannelRow) == 0
    ballast.stop()


def test_what_slack_still_delivers_after_that_is_acknowledged_and_not_kept(listening: Listening) -> None:
    listening.dispatch(payload("app_uninstalled"))
    assert listening.dispatch(payload("message", ts="1763600010.000200")).status == 200
    assert listening.kept("C200", "1763600010.000200") is None


def test_a_revoked_token_of_a_person_deletes_nothing(listening: Listening) -> None:
    assert listening.dispatch(payload("tokens_revoked", tokens={"oauth": ["U300"], "bot": []})).status == 200
    assert listening.store.workspaces.find(ACME.team_id) is not None


@pytest.mark.parametrize("event", ["channel_rename", "group_rename"])
def test_a_renamed_channel_is_known_by_its_new_name_and_keeps_its_choices(listening: Listening, event: str) -> None:
    before = here(listening)
    listening.dispatch(payload(event))
    assert here(listening).name == "voices"
    assert (here(listening).kind, here(listening).watch) == (before.kind, before.watch)


def test_a_rename_without_a_name_changes_nothing(listening: Listening) -> None:
    assert listening.dispatch(payload("channel_rename", channel={"id": "C200", "name": None})).status == 200
    assert here(listening).name == "feedback"


@pytest.mark.parametrize("event", ["channel_deleted", "group_deleted"])
def test_a_deleted_channel_is_watched_no_more_and_the_log_says_that_slack_ended_it(
    listening: Listening, event: str
) -> None:
    for _ in range(2):
        assert listening.dispatch(payload(event)).status == 200
    assert here(listening).watch is Watch.OFF
    last, *_ = listening.store.choices.log.changes(ACME.team_id)
    assert (last.name, last.after, last.changed_by) == ("watch", "off", "USLACKBOT")
    assert [change.after for change in listening.store.choices.log.changes(ACME.team_id)] == ["off", "all"]


def test_an_archived_channel_keeps_its_choices_for_the_day_it_comes_back(listening: Listening) -> None:
    assert listening.dispatch(payload("channel_archive")).status == 200
    assert here(listening).watch is Watch.ALL


def test_words_stay_in_a_channel_from_the_moment_it_is_made_private(listening: Listening) -> None:
    assert heard_in(listening, "C999") == 1
    assert listening.dispatch(payload("channel_convert_to_private")).status == 200
    assert here(listening).kind is ChannelKind.PRIVATE
    assert (heard_in(listening, "C999"), heard_in(listening, "C200")) == (0, 1)


def test_what_was_said_in_private_stays_there_when_the_channel_is_opened(listening: Listening) -> None:
    listening.dispatch(payload("channel_convert_to_private"))
    words = "Nobody may see the invoices."
    listening.read(
        "C200", "1763600009.000200", words, problem(words, "see the invoices", "compliance"), kind=ChannelKind.PRIVATE
    )

    listening.dispatch(payload("channel_convert_to_public"))

    assert here(listening).kind is ChannelKind.PUBLIC
    assert (heard_in(listening, "C999"), heard_in(listening, "C200")) == (1, 2)


def test_a_shared_channel_is_not_opened_by_a_message_that_says_so(listening: Listening) -> None:
    listening.store.workspaces.correct_kind(ACME.team_id, HERE, ChannelKind.SHARED)
    listening.dispatch(payload("channel_convert_to_public"))
    assert here(listening).kind is ChannelKind.SHARED


def test_a_shared_channel_that_an_owner_confirmed_goes_on_being_kept_when_it_is_made_private(
    listening: Listening,
) -> None:
    listening.store.workspaces.correct_kind(ACME.team_id, HERE, ChannelKind.SHARED)
    listening.dispatch(payload("channel_convert_to_private"))

    listening.dispatch(payload("slack_connect", channel_type="group"))

    kept = listening.kept(HERE, "1763600360.000200")
    assert kept is not None
    assert kept.channel_kind is ChannelKind.SHARED


def test_a_watched_channel_that_ballast_meets_anew_as_shared_still_needs_an_owner_s_word(listening: Listening) -> None:
    listening.dispatch(payload("member_joined_channel") | {"is_ext_shared_channel": True})

    listening.dispatch(payload("slack_connect"))

    assert listening.kept(HERE, "1763600360.000200") is None
    listening.store.workspaces.correct_kind(ACME.team_id, HERE, ChannelKind.SHARED)  # as an owner's word does
    listening.dispatch(payload("slack_connect"))
    assert listening.kept(HERE, "1763600360.000200") is not None


@pytest.mark.parametrize("event", ["channel_rename", "channel_deleted", "channel_convert_to_private"])
def test_a_channel_that_the_bot_never_met_stays_unknown(listening: Listening, event: str) -> None:
    where: Any = {"id": "C777", "name": "x"} if event == "channel_rename" else "C777"
    assert listening.dispatch(payload(event, channel=where)).status == 200
    assert listening.store.workspaces.channel(ACME.team_id, ChannelId("C777")) is None

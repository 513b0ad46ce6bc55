import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.port import Slack
from storage.database import Database, open_database
from storage.ids import ChannelId
from storage.vocabulary import ChannelKind, PostKind, Watch
from tests.bot.listening import ACME, Listening, holding_the_write_lock, make_listening, make_store, payload
from tests.bot.recorded import PAYLOADS

TS = "1763600000.000200"
EVENTS = sorted(path.stem for path in PAYLOADS.glob("*.json") if "event" in payload(path.stem))


class NoSlack:
    """Fail at every use: between a delivery and its acknowledgement nobody may be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def test_a_message_of_a_watched_channel_is_kept_before_the_acknowledgement(listening: Listening) -> None:
    listening.watch("C200")
    assert listening.dispatch(payload("message")).status == 200
    kept = listening.kept("C200", TS)
    assert kept is not None
    assert kept.text == "Our auditors want to see who changed a figure."
    assert kept.permalink == "https://acme.slack.com/archives/C200/p1763600000000200"
    assert listening.woken == ["woken"]


def test_a_second_delivery_changes_nothing(listening: Listening) -> None:
    listening.watch("C200")
    listening.dispatch(payload("message"))
    assert listening.dispatch(payload("message", text="other words") | {"event_id": "Ev9"}).status == 200
    kept = listening.kept("C200", TS)
    assert kept is not None
    assert kept.text == "Our auditors want to see who changed a figure."
    assert listening.woken == ["woken"]


@pytest.mark.parametrize("mode", [Watch.REQUEST, Watch.OFF])
def test_a_channel_that_is_not_watched_whole_is_acknowledged_and_forgotten(listening: Listening, mode: Watch) -> None:
    listening.watch("C200", mode)
    assert listening.dispatch(payload("message")).status == 200
    assert listening.kept("C200", TS) is None


def test_a_channel_that_nobody_decided_about_is_not_kept(listening: Listening) -> None:
    assert listening.dispatch(payload("message")).status == 200
    assert listening.kept("C200", TS) is None


def test_the_bots_own_messages_are_not_kept(listening: Listening) -> None:
    listening.watch("C200")
    assert listening.dispatch(payload("message", user="U900", bot_id="B900", app_id="A900")).status == 200
    assert listening.kept("C200", TS) is None


def test_a_message_of_an_unknown_workspace_is_not_kept(listening: Listening) -> None:
    listening.watch("C200")
    body = payload("message") | {"authorizations": [{"team_id": "T555"}]}
    assert listening.dispatch(body).status == 200
    assert listening.kept("C200", TS) is None


def test_a_channel_that_became_shared_is_not_kept_without_a_new_choice(listening: Listening) -> None:
    listening.watch("C200", kind=ChannelKind.PUBLIC)
    assert listening.dispatch(payload("message") | {"is_ext_shared_channel": True}).status == 200
    assert listening.kept("C200", TS) is None


def test_a_channel_that_became_shared_is_told_once_how_an_owner_confirms(listening: Listening, now: datetime) -> None:
    listening.watch("C200", kind=ChannelKind.PUBLIC)
    for ts in (TS, "1763600001.000200"):
        listening.dispatch(payload("message", ts=ts) | {"is_ext_shared_channel": True})
    (notice,) = listening.store.posts.claim(ACME.team_id, limit=5, lease=timedelta(minutes=1), at=now)
    assert (notice.kind, notice.channel_id, notice.key) == (PostKind.NOTICE, "C200", "shared:C200:1763000000.000000")
    assert notice.body is not None
    assert "stopped keeping its messages" in notice.body
    assert "/ballast watch all shared" in notice.body
    assert listening.woken == ["woken"]


def test_a_channel_is_told_each_time_that_keeping_it_stops_because_it_is_shared(
    listening: Listening, now: datetime
) -> None:
    listening.watch("C200", kind=ChannelKind.PUBLIC)

    def told_after(*said: tuple[str, bool]) -> int:
        for ts, is_shared in said:
            listening.dispatch(payload("message", ts=ts) | {"is_ext_shared_channel": is_shared})
        return len(listening.store.posts.claim(ACME.team_id, limit=5, lease=timedelta(minutes=1), at=now))

    assert told_after((TS, True)) == 1
    assert told_after(("1763600001.000200", False), ("1763600002.000200", True), ("1763600003.000200", True)) == 1


def test_a_shared_channel_that_nobody_watches_is_told_nothing(listening: Listening, now: datetime) -> None:
    listening.watch("C200", mode=Watch.OFF)
    listening.dispatch(payload("message") | {"is_ext_shared_channel": True})
    assert listening.store.posts.claim(ACME.team_id, limit=5, lease=timedelta(minutes=1), at=now) == []


def test_words_of_a_channel_known_to_be_private_are_kept_as_private(listening: Listening) -> None:
    listening.watch("C200", kind=ChannelKind.PRIVATE)
    listening.dispatch(payload("message", channel_type="channel"))
    kept = listening.kept("C200", TS)
    assert kept is not None
    assert kept.channel_kind is ChannelKind.PRIVATE


@pytest.mark.parametrize("kind", [ChannelKind.PUBLIC, ChannelKind.PRIVATE])
def test_a_channel_whose_kind_an_event_leaves_out_is_of_the_kind_that_is_known(
    listening: Listening, kind: ChannelKind
) -> None:
    listening.watch("C200", kind=kind)
    body = payload("message")
    del body["event"]["channel_type"]
    listening.dispatch(body)
    kept = listening.kept("C200", TS)
    assert kept is not None
    assert kept.channel_kind is kind


def test_a_locked_database_withholds_the_acknowledgement(listening: Listening, database: Database) -> None:
    listening.watch("C200")
    with holding_the_write_lock(database):
        assert listening.dispatch(payload("message")).status == 500
    assert listening.dispatch(payload("message")).status == 200
    assert listening.kept("C200", TS) is not None


def test_a_delivery_that_nobody_can_read_is_kept_raw_and_acknowledged(listening: Listening) -> None:
    listening.watch("C200")
    assert listening.dispatch(payload("message", text=["odd"])).status == 200
    (unreadable,) = listening.store.intake.unreadable(ACME.team_id)
    assert unreadable.event_id == "Ev0001"
    assert "text" in unreadable.reason


def test_what_is_kept_raw_of_a_message_goes_when_the_message_is_deleted(listening: Listening) -> None:
    listening.watch("C200")
    deleted = payload("message_deleted")
    gone = deleted["event"]["deleted_ts"]
    for odd in ({"ts": gone}, {"ts": "1763600001.000100"}, {"ts": "1763600002.000100", "thread_ts": gone}):
        assert listening.dispatch(payload("message", text=["odd"], **odd)).status == 200

    assert listening.dispatch(deleted).status == 200

    assert len(listening.store.intake.unreadable(ACME.team_id)) == 2


def test_an_invitation_owes_one_greeting_however_often_it_is_delivered(listening: Listening, now: datetime) -> None:
    for _ in range(2):
        assert listening.dispatch(payload("member_joined_channel")).status == 200
    posts = listening.store.posts.claim(ACME.team_id, limit=5, lease=timedelta(minutes=1), at=now)
    assert [(post.kind, post.key) for post in posts] == [(PostKind.GREETING, "greeting:C200:1763600100.000300")]
    channel = listening.store.workspaces.channel(ACME.team_id, ChannelId("C200"))
    assert channel is not None
    assert channel.watch is Watch.OFF


def test_an_invitation_during_a_lock_is_not_acknowledged(listening: Listening, database: Database) -> None:
    with holding_the_write_lock(database):
        assert listening.dispatch(payload("member_joined_channel")).status == 500


@pytest.mark.parametrize("name", EVENTS)
def test_every_recorded_event_is_acknowledged_and_readable(listening: Listening, name: str) -> None:
    assert listening.dispatch(payload(name)).status == 200
    assert listening.store.intake.unreadable(ACME.team_id) == []


@pytest.mark.parametrize(
    "change", [{"type": "app_home_opened"}, {"subtype": "channel_join"}, {"subtype": "something_new"}]
)
def test_an_event_that_is_none_of_ours_is_acknowledged(listening: Listening, change: dict[str, str]) -> None:
    assert listening.dispatch(payload("message", **change)).status == 200


def test_that_slack_holds_events_back_is_acknowledged_and_logged(
    listening: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    told = {"type": "app_rate_limited", "team_id": ACME.team_id, "minute_rate_limited": 1763600000}
    assert listening.dispatch(told).status == 200
    assert "Slack holds back events" in caplog.text


def test_an_authorization_that_names_its_team_oddly_costs_no_message(listening: Listening) -> None:
    listening.watch("C200")
    assert listening.dispatch(payload("message") | {"authorizations": [{"team_id": ["T100"]}]}).status == 200
    assert listening.kept("C200", TS) is not None


def test_what_bolt_cannot_read_and_names_no_team_is_not_kept(listening: Listening) -> None:
    listening.watch("C200")
    listening.capture.keep_unreadable({"type": "event_callback", "team_id": 7})
    assert listening.store.intake.unreadable(ACME.team_id) == []


def test_no_words_reach_the_log(listening: Listening, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    listening.watch("C200")
    with caplog.at_level(logging.DEBUG, logger="bot"):
        listening.dispatch(payload("message", text="canary"))
        listening.dispatch(payload("message", text="canary", ts="odd"))
        listening.dispatch(payload("message", text="canary", subtype="message_changed"))
        with holding_the_write_lock(database):
            listening.dispatch(payload("message", text="canary", ts="1763600001.000200"))
    assert caplog.records
    assert "canary" not in caplog.text


@pytest.fixture
def database(sqlite_database: Database) -> Iterator[Database]:
    """A migrated file that waits for a lock only a moment."""
    opened = open_database(f"sqlite:///{sqlite_database.engine.url.database}?timeout=0.05")
    yield opened
    opened.close()


@pytest.fixture
def listening(database: Database, clock: Callable[[], datetime]) -> Listening:
    slack: Slack = NoSlack()  # type: ignore[assignment]  # it has no method on purpose
    return make_listening(make_store(database), slack, ACME, clock)

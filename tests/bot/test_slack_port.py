import os
from datetime import UTC, datetime

import pytest

from bot.errors import (
    BlocksRefusedError,
    ChannelGoneError,
    ScopeMissingError,
    SlackError,
    SlackUnavailableError,
    TokenRefusedError,
)
from bot.sandbox.channels import Kind
from bot.sandbox.identity import Identity
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from bot.slack import SlackPort
from bot.slack_client import build_client, is_loopback
from bot.slack_errors import retry_after
from bot.slack_reading import channel_facts, person_facts, time_named, workspace_of
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.records import Workspace
from storage.vocabulary import ChannelKind
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures
from tests.talking_server import TalkingServer, talking_server  # noqa: F401 - a fixture


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("channel_not_found", 200, ChannelGoneError),
        ("not_in_channel", 200, ChannelGoneError),
        ("is_archived", 200, ChannelGoneError),
        ("message_not_found", 200, ChannelGoneError),
        ("thread_not_found", 200, ChannelGoneError),
        ("invalid_auth", 200, TokenRefusedError),
        ("token_revoked", 200, TokenRefusedError),
        ("account_inactive", 200, TokenRefusedError),
        ("missing_scope", 200, ScopeMissingError),
        ("invalid_blocks", 200, BlocksRefusedError),
        ("msg_blocks_too_long", 200, BlocksRefusedError),
        ("ratelimited", 429, SlackUnavailableError),
        ("fatal_error", 200, SlackUnavailableError),
        ("internal_error", 500, SlackUnavailableError),
        ("something_new", 503, SlackUnavailableError),
        ("something_new", 200, SlackError),
    ],
)
def test_each_of_slack_s_codes_is_one_of_our_branches(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    port: SlackPort,
    code: str,
    status: int,
    kind: type[SlackError],
) -> None:
    slack.fail("chat.postMessage", error=code, status=status, retry_after_seconds=30)

    with pytest.raises(SlackError) as caught:
        port.post(ChannelId("C1"), text="Quokkasaurus")

    assert type(caught.value) is kind
    assert caught.value.code == code
    assert "Quokkasaurus" not in str(caught.value)


def test_a_long_retry_after_is_left_to_the_caller(slack: SlackStandIn, port: SlackPort) -> None:  # noqa: F811 - the fixture
    slack.throttle("auth.test", retry_after_seconds=77)

    with pytest.raises(SlackUnavailableError) as caught:
        port.identify()

    assert caught.value.retry_after_seconds == 77
    assert len(slack.calls("auth.test")) <= 1


def test_a_post_is_never_repeated_after_a_broken_connection(talking_server: TalkingServer) -> None:  # noqa: F811 - the fixture
    talking_server.hang_up()
    port = SlackPort(build_client("xoxb-1", talking_server.url))

    with pytest.raises(SlackUnavailableError):
        port.post(ChannelId("C1"), text="once")
    assert talking_server.requests == 1

    with pytest.raises(SlackUnavailableError):
        port.identify()
    assert talking_server.requests == 3, "a read is tried once more"


@pytest.mark.parametrize(
    "body", [b"<html>Quokkasaurus</html>", b"", b"[]", b"null", b"\xff\xfe", b'{"ok": false, "error": "Quokkasaurus!"}']
)
@pytest.mark.parametrize("status", [200, 502])
def test_a_reply_that_is_no_slack_reply_means_out_of_reach_and_is_not_quoted(
    talking_server: TalkingServer,  # noqa: F811 - the fixture
    body: bytes,
    status: int,
) -> None:
    talking_server.answer(status, body)

    with pytest.raises(SlackUnavailableError) as caught:
        SlackPort(build_client("xoxb-1", talking_server.url)).identify()

    assert "Quokkasaurus" not in str(caught.value)


def test_a_sparse_server_is_read_leniently(talking_server: TalkingServer) -> None:  # noqa: F811 - the fixture
    port = SlackPort(build_client("xoxb-1", talking_server.url))
    talking_server.answer(200, b'{"ok": true, "messages": [{"ts": "1.0"}, "odd", {"ts": "2.0"}], "has_more": true}')

    page = port.history(ChannelId("C1"), oldest=Ts("0.0"), latest=Ts("9.0"))
    again = port.history(ChannelId("C1"), oldest=Ts("0.0"), latest=Ts("9.0"), cursor="before:1.0")

    assert [message["ts"] for message in page.messages] == ["1.0", "2.0"]
    assert page.cursor == "before:1.0"
    assert again.cursor is None, "a page that brings nothing older ends the reading"


@pytest.mark.parametrize(
    ("channel", "kind"), [("C1", ChannelKind.PUBLIC), ("G1", ChannelKind.PRIVATE), ("D1", ChannelKind.DIRECT)]
)
def test_what_a_server_cannot_tell_of_a_channel_is_read_from_its_id(
    talking_server: TalkingServer,  # noqa: F811 - the fixture
    channel: str,
    kind: ChannelKind,
) -> None:
    talking_server.answer(200, b'{"ok": false, "error": "unknown_method"}')
    port = SlackPort(build_client("xoxb-1", talking_server.url))

    assert port.channel(ChannelId(channel)).kind is kind
    person = port.person(UserId("U1"))
    assert (person.name, person.governs) == ("U1", False)
    assert port.direct_channel(UserId("U1")) == "U1", "Slack posts to a person's id, too"


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({}, ChannelKind.PUBLIC),
        ({"is_private": True}, ChannelKind.PRIVATE),
        ({"is_private": True, "is_ext_shared": True}, ChannelKind.SHARED),
        ({"is_pending_ext_shared": True}, ChannelKind.SHARED),
        ({"is_im": True}, ChannelKind.DIRECT),
    ],
)
def test_the_most_closed_kind_that_slack_tells_counts(flags: dict[str, bool], kind: ChannelKind) -> None:
    assert channel_facts(ChannelId("C1"), {"channel": flags}).kind is kind


@pytest.mark.parametrize(
    ("user", "governs", "is_outsider"),
    [
        ({"is_admin": True}, True, False),
        ({"is_owner": True}, True, False),
        ({"is_restricted": True}, False, True),
        ({"is_stranger": True}, False, True),
        ({}, False, False),
    ],
)
def test_who_governs_and_who_is_an_outsider(user: dict[str, bool], *, governs: bool, is_outsider: bool) -> None:
    facts = person_facts(UserId("U1"), {"user": user})

    assert (facts.governs, facts.is_outsider) == (governs, is_outsider)


@pytest.mark.parametrize(
    ("user", "is_outsider"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T8", "is_stranger": False}, True),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, False),
        ({"team_id": "E1"}, False),
        ({"team_id": "E8", "enterprise_user": {"enterprise_id": "E8", "teams": ["T8"]}}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}, False),
        ({"team_id": "T1", "is_restricted": True}, True),
    ],
)
def test_who_is_of_another_organisation_is_an_outsider_though_slack_calls_them_no_stranger(
    user: dict[str, object], *, is_outsider: bool
) -> None:
    ours = Workspace(team_id=TeamId("T1"), name="Ours", enterprise_id="E1")

    assert person_facts(UserId("U1"), {"user": user}, ours).is_outsider is is_outsider


def test_outside_a_grid_any_other_team_is_of_another_organisation() -> None:
    ours = Workspace(team_id=TeamId("T1"), name="Ours")
    user = {"team_id": "T8", "enterprise_user": {"enterprise_id": None}}

    assert person_facts(UserId("U1"), {"user": user}, ours).is_outsider


def test_the_stand_in_s_people_and_channels_are_known(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    port: SlackPort,
) -> None:
    assert port.identify().team_id == slack.identity.team_id
    assert port.granted_scopes() == slack.identity.scopes
    assert port.person(UserId(workspace.olivia.user_id)).governs
    assert port.person(UserId(workspace.gina.user_id)).is_outsider
    assert workspace.acme_shared.kind is Kind.SHARED
    assert port.channel(ChannelId(workspace.acme_shared.channel_id)).kind is ChannelKind.SHARED


def test_one_message_is_read_by_its_time_wherever_it_stands(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    port: SlackPort,
) -> None:
    slack.people.invite_bot(workspace.feedback, workspace.olivia)
    channel = ChannelId(workspace.feedback.channel_id)
    before, root = (Ts(slack.people.say(channel, workspace.max, text)) for text in ("before", "root"))
    reply = Ts(slack.people.say(channel, workspace.max, "reply", thread=root))

    found = [port.message(channel, ts) for ts in (before, root, reply)]

    assert [message and message["text"] for message in found] == ["before", "root", "reply"]
    assert (port.message(channel, reply, thread=root) or {})["text"] == "reply"
    assert [message["text"] for message in port.replies(channel, root).messages] == ["root", "reply"]


def test_a_message_that_is_gone_is_none(slack: SlackStandIn, workspace: SmallWorkspace, port: SlackPort) -> None:  # noqa: F811 - the fixtures
    slack.people.invite_bot(workspace.feedback, workspace.olivia)
    slack.people.say(workspace.feedback, workspace.max, "before")
    gone = slack.people.say(workspace.feedback, workspace.max, "gone")
    slack.people.delete(workspace.feedback, workspace.max, gone)

    assert port.message(ChannelId(workspace.feedback.channel_id), Ts(gone)) is None


def test_a_scope_that_nobody_granted_is_named_with_who_adds_it() -> None:
    with SlackStandIn(identity=Identity(scopes=frozenset({"commands"}))) as poor:
        port = SlackPort(build_client(poor.identity.bot_token, poor.url))
        with pytest.raises(
            ScopeMissingError, match=r"lacks the scope users:read, .* users\.info\. Whoever runs Ballast adds"
        ):
            port.person(UserId("U1"))


def test_asking_about_the_app_token_leaves_the_scopes_of_the_bot_token(slack: SlackStandIn, port: SlackPort) -> None:  # noqa: F811 - the fixture
    port.identify()

    port.check_app_token(slack.identity.app_token)

    assert port.granted_scopes() == slack.identity.scopes
    assert port.answered_at() == slack.world.clock()


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("Mon, 16 Nov 2026 09:00:00 GMT", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 10:00:00 +0100", datetime(2026, 11, 16, 9, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 09:00:00 -0000", None),
        ("soon", None),
    ],
)
def test_slack_s_time_is_read_from_its_header(date: str, time: datetime | None) -> None:
    assert time_named(date) == time


def test_a_reply_without_a_team_is_no_workspace() -> None:
    assert workspace_of({"ok": True}) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": ["1"]}, 1),
        ({"RETRY-AFTER": "soon"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_retry_after_is_read_however_it_is_written(headers: object, seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:80/api/", True),
        ("http://localhost/api/", True),
        ("http://[::1]:80/", True),
        ("https://slack.com/api/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, *, loopback: bool) -> None:
    assert is_loopback(url) is loopback


def test_a_proxy_is_not_asked_on_the_way_to_a_loopback_address(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    monkeypatch.setenv("no_proxy", "example.org")

    assert SlackPort(build_client(slack.identity.bot_token, slack.url)).identify().team_id
    assert "example.org" in os.environ["no_proxy"]


@pytest.fixture
def port(slack: SlackStandIn) -> SlackPort:  # noqa: F811 - the fixture
    return SlackPort(build_client(slack.identity.bot_token, slack.url))

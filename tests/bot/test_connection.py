"""The connection to Slack ends when it is told to, and not when the next read would have timed out."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from slack_bolt import App

from bot.connection import Connection
from bot.sandbox.deliveries import Outcome
from bot.sandbox.stand_in import SlackStandIn
from bot.slack_client import build_client
from tests.slack_stand_in import slack, slack_clock  # noqa: F401 - fixtures


@pytest.fixture
def greeted() -> threading.Event:
    """Set when Slack has said hello."""
    return threading.Event()


@pytest.fixture
def connection(slack: SlackStandIn, greeted: threading.Event) -> Iterator[Connection]:  # noqa: F811 - the fixture
    client = build_client(slack.identity.bot_token, slack.url)
    app = App(client=client, authorize=lambda: None, token_verification_enabled=False)
    made = Connection(
        app, client, slack.identity.app_token, keep_unreadable=lambda _payload: None, on_hello=greeted.set
    )
    yield made
    made.close()


def test_an_envelope_of_several_megabytes_is_taken_and_breaks_no_connection(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    connection: Connection,
    greeted: threading.Event,
) -> None:
    connection.connect()
    assert greeted.wait(5)

    # What nobody can read is kept and acknowledged, whatever its size.
    delivery = slack.socket_mode.deliver("events_api", {"event": "x" * 2_000_000}, is_retried=False)
    slack.until(lambda: delivery.outcome is not Outcome.WAITING)

    assert delivery.outcome is Outcome.ACKED
    assert delivery.connections == [1], "the first connection still stands"


def test_a_connection_that_was_hung_up_without_a_word_is_let_go(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    connection: Connection,
    greeted: threading.Event,
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection.connect()
    assert greeted.wait(5)
    session = connection._handler.client
    connection.watch()
    assert session.is_connected(), "nothing to read is no hanging up"

    # As if Slack had closed: what is read from now on is the end.
    socket.socket.shutdown(session.current_session.sock, socket.SHUT_RD)
    connection.watch()

    assert not session.is_connected()
    assert "The connection to Slack is lost" in caplog.text
    slack.until(lambda: not slack.socket_mode.connections)


def test_closing_waits_for_no_read_and_leaves_no_thread(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    connection: Connection,
    greeted: threading.Event,
) -> None:
    before = set(threading.enumerate())
    connection.connect()
    assert greeted.wait(5)

    started = time.monotonic()
    connection.close()

    assert time.monotonic() - started < 1, "slack_sdk's own close waits up to three seconds for a read"
    assert set(threading.enumerate()) <= before
    slack.until(lambda: not slack.socket_mode.connections)


def test_closing_while_the_reader_begins_ends_it_too(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    session, begins = connection._handler.client, threading.Event()
    reader, name = session.current_session_runner.thread, session.session_id

    def name_slowly() -> str | None:
        # The SDK asks for it between looking whether it is connected and forgetting that it shall end.
        if threading.current_thread() is reader:
            begins.set()
            time.sleep(0.2)  # the closing below runs meanwhile
        return name()

    monkeypatch.setattr(session, "session_id", name_slowly)
    connection.connect()
    assert begins.wait(5)

    closing = threading.Thread(target=connection.close, daemon=True)
    closing.start()
    closing.join(5)

    assert not closing.is_alive()
    assert not reader.is_alive()


def test_closing_twice_or_without_a_connection_is_no_fault(connection: Connection) -> None:
    connection.close()
    connection.close()

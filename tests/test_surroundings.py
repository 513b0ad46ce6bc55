"""The fences around the tests hold: no network, no settings of the person who runs them."""

import os
import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")


def test_a_connection_beyond_this_machine_is_refused() -> None:
    with socket.socket() as connection, pytest.raises(SocketConnectBlockedError):
        connection.connect(("192.0.2.1", 443))


def test_a_name_is_not_resolved() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("slack.example", 443))


def test_the_loopback_is_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_no_setting_of_the_person_who_runs_the_tests_is_seen() -> None:
    seen = [name for name in os.environ if name.upper().startswith(("SLACK_", "BALLAST_", "OPENAI_"))]

    assert seen == []
    assert "DATABASE_URL" not in os.environ


def test_the_folder_is_empty_so_that_no_env_file_is_read() -> None:
    assert list(Path.cwd().iterdir()) == []

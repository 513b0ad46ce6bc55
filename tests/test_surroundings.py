"""The fences around the tests hold: no network, no settings and no terminal of the person who runs them."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError
from rich.console import Console

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")

SOMEBODYS = {
    "SLACK_BOT_TOKEN": "somebody's",
    "ballast_timezone": "Asia/Kolkata",
    "OPENAI_API_KEY": "somebody's",
    "DATABASE_URL": "sqlite:///somebodys.db",
    "FORCE_COLOR": "1",
    "TERM": "dumb",
    "TTY_COMPATIBLE": "1",
    "COLUMNS": "47",
}


@pytest.fixture(scope="module", autouse=True)
def surroundings_of_somebody() -> Iterator[None]:
    """Run these tests as somebody does who has everything set; before each, the fence is put up."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SOMEBODYS.items():
            patch.setenv(name, value)
        yield


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
    assert {name: os.environ[name] for name in SOMEBODYS if name in os.environ} == {"COLUMNS": "80"}


def test_the_terminal_is_as_wide_for_everybody_and_has_no_colours(tmp_path: Path) -> None:
    with (tmp_path / "shown").open("w") as shown:
        assert not Console(file=shown).is_terminal
    assert Console().width == shutil.get_terminal_size().columns == 80


def test_the_folder_is_empty_so_that_no_env_file_is_read() -> None:
    assert list(Path.cwd().iterdir()) == []

"""What holds for every test: no network beyond this machine, no settings of whoever runs it, and a clock that stands.

``--allow-hosts`` in ``pyproject.toml`` keeps connections on the loopback; names are kept from resolving here.
"""

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["tests.storage_fixtures"]

settings.register_profile("ballast", deadline=None, database=None, print_blob=True)
settings.load_profile("ballast")

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in the middle of a week: 2026-W47."""

_SETTINGS = ("SLACK_", "BALLAST_", "OPENAI_")
_NAMES = {"DATABASE_URL", "PORT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
_TERMINAL = ("CLICOLOR", "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "COLORTERM", "TTY_", "TERM", "LINES", "GITHUB_ACTIONS")
"""What makes rich or typer write otherwise: colours, where a terminal is, and in which runner."""
_LOCAL_NAMES = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"}  # names to recognise, none is bound


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has the minutes run the long form of ``tests/bot/test_deliveries_killed.py``."""
    parser.addoption("--deliveries", type=int, default=240, help="how many deliveries a process is killed among")


@pytest.fixture(autouse=True)
def clean_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run each test in an empty folder, with no settings, no proxy, a home of its own and 80 columns without colour."""
    for name in list(os.environ):
        if name.upper().startswith(_SETTINGS + _TERMINAL) or name.upper() in _NAMES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture(autouse=True)
def no_name_resolution(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer every name but this machine's own as a resolver would that does not know it."""
    resolve = socket.getaddrinfo

    def local_only(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in _LOCAL_NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "tests resolve no names")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)


@pytest.fixture(autouse=True)
def logging_left_as_found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take back what a test that runs a command configures: it writes to streams that pytest closes."""
    root = logging.getLogger()
    found = {name: logger.level for name, logger in loggers().items()}
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    level = root.level
    yield
    root.setLevel(level)
    for name, logger in loggers().items():
        logger.setLevel(found.get(name, logging.NOTSET))
    for handler in root.handlers[:]:
        if type(handler).__module__ == "bot.logs":
            root.removeHandler(handler)


def loggers() -> dict[str, logging.Logger]:
    """Give every logger that exists by now."""
    known = dict(logging.root.manager.loggerDict)
    return {name: logger for name, logger in known.items() if isinstance(logger, logging.Logger)}


@pytest.fixture
def now() -> datetime:
    """The time that tests agree on."""
    return NOW


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    """A clock that stands still; a test that needs time to pass hands over its own."""
    return lambda: now

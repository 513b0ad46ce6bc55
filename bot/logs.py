"""Log lines: a sentence, an action key and ids. Never a customer's words, never a token.

A vendor's line is written with its place in the code and without its text: slack_sdk, Bolt and the database
put whole payloads, statements and exceptions into theirs.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal, TextIO

from bot.failure import describe, trace

_OURS = ("bot", "storage", "classifiers")
_VENDORS = (
    "alembic",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "openai",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "urllib3",
    "uvicorn",
)

_log = logging.getLogger(__name__)


def said(action: str, **ids: object) -> Mapping[str, object]:
    """Make the ``extra`` of a log line: its stable key and its ids."""
    return {"action": action, "ids": ids}


def configure_logging(*, form: Literal["text", "json"], debug: bool, stream: TextIO | None = None) -> None:
    """Send every log line to ``stream`` (standard error), ours from INFO on, under ``debug`` from DEBUG on.

    Vendors stay at WARNING under both, and the hooks that would print an exception's text are replaced.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_TextForm(debug=debug) if form == "text" else _JsonForm(debug=debug))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.DEBUG if debug else logging.INFO)
    for name in _VENDORS:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Bolt warns of what we do on purpose, an ``authorize`` of our own beside a client with a token; APScheduler
    # of a tick that finds the one before still running.
    for name in ("slack_bolt", "apscheduler"):
        logging.getLogger(name).setLevel(logging.ERROR)
    threading.excepthook = _log_thread_failure
    sys.unraisablehook = _log_unraisable


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Write a fixed line: the default prints the record's arguments. A stream that takes nothing ends no work."""
        with suppress(OSError, ValueError):
            self.stream.write(f"a log line of {record.name}:{record.lineno} could not be written\n")


class _TextForm(logging.Formatter):
    def __init__(self, *, debug: bool) -> None:
        super().__init__()
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        """Write a line for people."""
        at = datetime.fromtimestamp(record.created, UTC)
        facts = " ".join(f"{key}={value}" for key, value in _facts(record).items())
        line = f"{at:%Y-%m-%d %H:%M:%S} {record.levelname:<7} {_sentence(record)}  {facts}".rstrip()
        error = _error_of(record)
        return f"{line}\n{trace(error)}" if self._debug and error else line


class _JsonForm(logging.Formatter):
    def __init__(self, *, debug: bool) -> None:
        super().__init__()
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        """Write one object a line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "message": _sentence(record), **_facts(record)}
        error = _error_of(record)
        if self._debug and error:
            line["trace"] = trace(error)
        return json.dumps(line, default=str, ensure_ascii=False)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OURS


def _sentence(record: logging.LogRecord) -> str:
    if not _is_ours(record):
        return f"{record.name} reports something at {record.module}.{record.funcName}:{record.lineno}."
    return record.getMessage()


def _facts(record: logging.LogRecord) -> dict[str, object]:
    facts: dict[str, object] = {"action": getattr(record, "action", "log" if _is_ours(record) else "vendor")}
    if _is_ours(record):
        facts |= getattr(record, "ids", {})
    error = _error_of(record)
    if error is not None:
        facts["error"] = describe(error)
    return facts


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _log_thread_failure(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        name = failed.thread.name if failed.thread else "?"
        _log.error("A thread ended with an error.", exc_info=failed.exc_value, extra=said("thread.failed", thread=name))


def _log_unraisable(failed: sys.UnraisableHookArgs) -> None:
    if failed.exc_value is not None:
        _log.warning("An error could not be raised.", exc_info=failed.exc_value, extra=said("error.unraisable"))

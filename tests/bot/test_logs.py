import io
import json
import logging
import threading
from collections.abc import Callable
from typing import Literal

import pytest

from bot.errors import SlackUnavailableError
from bot.failure import describe, trace
from bot.logs import configure_logging, said

CANARY = "Quokkasaurus"


def lines(form: Literal["text", "json"] = "text", *, debug: bool = False) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(form=form, debug=debug, stream=stream)
    return stream


def fail_with_words() -> None:
    message = f"cannot bind {CANARY}"
    raise ValueError(message)


def caught(call: Callable[[], object]) -> Exception:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - the test looks at whatever was raised
        return error
    pytest.fail("nothing was raised")


def test_a_line_is_a_sentence_a_key_and_ids() -> None:
    stream = lines()
    logging.getLogger("bot.worker").info(
        "A feedback was read.", extra=said("feedback.classified", team="T1", feedback=7)
    )

    assert (
        stream.getvalue()
        .rstrip()
        .endswith("INFO    A feedback was read.  action=feedback.classified team=T1 feedback=7")
    )


def test_json_lines_are_objects_with_the_same_facts() -> None:
    stream = lines("json")
    logging.getLogger("storage.queue").warning("It waits.", extra=said("queue.waits", seconds=3))

    line = json.loads(stream.getvalue())
    assert (line["level"], line["message"], line["action"], line["seconds"]) == (
        "warning",
        "It waits.",
        "queue.waits",
        3,
    )


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("debug", [False, True])
def test_an_exception_of_others_is_told_by_class_and_place_alone(form: Literal["text", "json"], debug: bool) -> None:
    stream = lines(form, debug=debug)
    logging.getLogger("bot.x").error("It failed.", exc_info=caught(fail_with_words), extra=said("x.failed"))

    assert CANARY not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_the_trace_appears_under_debug_alone() -> None:
    error = caught(fail_with_words)
    quiet, loud = lines(), lines(debug=True)
    logging.getLogger("bot.x").error("It failed.", exc_info=error, extra=said("x"))
    assert not quiet.getvalue()
    assert "Traceback" not in loud.getvalue()
    assert "File " in loud.getvalue()


@pytest.mark.parametrize(
    "name", ["slack_sdk.web", "slack_bolt.App", "openai", "httpx", "httpcore", "sqlalchemy.engine", "uvicorn"]
)
def test_vendors_say_nothing_below_a_warning_and_never_their_own_words(name: str) -> None:
    stream = lines(debug=True)
    for level in (logging.DEBUG, logging.ERROR):
        logging.getLogger(name).log(level, "payload %s", CANARY)

    assert CANARY not in stream.getvalue()
    assert logging.getLogger(name).getEffectiveLevel() >= logging.INFO
    assert stream.getvalue().count("\n") <= 1


def test_our_errors_are_told_by_their_sentences_and_codes() -> None:
    assert describe(SlackUnavailableError("Slack failed.", code="fatal_error")) == "Slack failed. [fatal_error]"


def test_a_trace_names_every_cause_and_no_value() -> None:
    def chained() -> None:
        try:
            fail_with_words()
        except ValueError as error:
            message = "Slack could not be reached."
            raise SlackUnavailableError(message) from error

    told = trace(caught(chained))
    assert "SlackUnavailableError" in told
    assert "ValueError" in told
    assert CANARY not in told


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_prints_no_words(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = lines()
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    thread = threading.Thread(target=fail_with_words)
    thread.start()
    thread.join()

    out, err = capfd.readouterr()
    assert CANARY not in out + err + stream.getvalue()
    assert "thread.failed" in stream.getvalue()


def test_a_line_that_cannot_be_written_prints_no_arguments(capfd: pytest.CaptureFixture[str]) -> None:
    stream = lines()
    logging.getLogger("bot.x").warning("one %s and %s", CANARY, extra=said("x"))

    out, err = capfd.readouterr()
    assert CANARY not in out + err + stream.getvalue()


def test_a_stream_that_takes_nothing_ends_nobodys_work() -> None:
    stream = io.StringIO()
    configure_logging(form="text", debug=False, stream=stream)
    stream.close()

    logging.getLogger("bot.test").warning("said to nobody")

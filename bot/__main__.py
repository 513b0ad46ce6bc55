"""``ballast`` at the terminal: every failure a sentence and an exit status, a trace only under ``--debug``."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from bot.cli.application import build_application
from bot.errors import SettingsError
from bot.failure import OURS, describe, trace
from bot.logs import configure_logging

_FAILED = 1


def main() -> None:
    """Run the program that the command line names, and exit."""
    sys.exit(run_program(sys.argv[1:]))


def run_program(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status: 0, 1 for a failure, 2 for wrong usage, 130 for Ctrl+C.

    ``--debug`` may stand anywhere.
    """
    debug = "--debug" in arguments
    given = [argument for argument in arguments if argument != "--debug"]
    _write_whatever_the_terminal_lacks()
    configure_logging(form="text", debug=debug)
    try:
        build_application(given)(args=given, prog_name="ballast", obj=debug)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to flush has no reader
        return _FAILED
    except Exception as error:  # noqa: BLE001 - the last border: no traceback reaches a person
        _tell(error, debug=debug)
        return _FAILED
    return 0


def _tell(error: Exception, *, debug: bool) -> None:
    if isinstance(error, OURS):
        lines = [describe(error) if isinstance(error, SettingsError) else f"ballast: {describe(error)}"]
    else:
        lines = [f"ballast: Something unexpected went wrong ({describe(error)}). Run it with --debug to see where."]
    if debug:
        lines.append(trace(error))
    sys.stderr.write("\n".join(lines) + "\n")


def _write_whatever_the_terminal_lacks() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()

"""``ballast run``: everything in one process over Socket Mode; without tokens, the sandbox."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import typer

from bot.logs import configure_logging
from bot.settings import Settings, load_settings


def run_command(context: typer.Context) -> None:
    """Connect to Slack and work until stopped. Without Slack's tokens, start the sandbox."""
    settings = load_settings(os.environ, Path(".env"))
    debug = bool(context.obj)
    if not settings.has_tokens:
        _announce("No SLACK_BOT_TOKEN and no SLACK_APP_TOKEN: starting the sandbox, which needs neither.")
        from bot.cli.sandbox import sandbox_command  # noqa: PLC0415 - the sandbox's server is not needed otherwise

        sandbox_command()
        return
    configure_logging(form=settings.log_format, debug=debug)
    _run(settings)


def _run(settings: Settings) -> None:
    from bot.build import build_ballast  # noqa: PLC0415 - help and wrong settings should not wait for every vendor
    from bot.serving import serve  # noqa: PLC0415 - as above

    if not serve(lambda: build_ballast(settings), _announce):
        # A thread hangs in a call that nobody can interrupt, and the interpreter would wait for it.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


def _announce(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()

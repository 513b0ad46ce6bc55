"""``ballast doctor``: see at a glance what works, what does not, and what to do about it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.build import build_store, utc_now
from bot.checks.diagnosis import Diagnosis, Outcome, worst
from bot.cli.manifest import manifest
from bot.doctor import Instruments, examine
from bot.port import Slack
from bot.settings import Settings
from bot.slack import SlackPort
from bot.slack_client import build_client

_STYLES = {Outcome.OK: "green", Outcome.WARN: "yellow", Outcome.FAIL: "bold red", Outcome.SKIPPED: "dim"}
_WHOLE = {
    Outcome.OK: "All that was looked at is well.",
    Outcome.WARN: "Ballast can work; look at what is marked with “warn”.",
    Outcome.FAIL: "Something does not work; what to do stands beside it.",
}


def doctor_command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")] = False,
) -> None:
    """Check settings, tokens, scopes, channels, classifier, database and digests; changes nothing."""
    tools = Instruments(clock=utc_now, build_store=build_store, build_slack=_slack, manifest=manifest())
    diagnoses = list(examine(os.environ, Path(".env"), tools))
    if as_json:
        typer.echo(written(diagnoses))
    else:
        show(Console(highlight=False), diagnoses)
    if worst(diagnoses) is Outcome.FAIL:
        raise typer.Exit(1)


def written(diagnoses: Sequence[Diagnosis]) -> str:
    """Write everything as one JSON object; ``remedy`` is empty where there is nothing to do."""
    checks = [
        {"name": each.name, "outcome": each.outcome.value, "sentence": each.sentence, "remedy": each.remedy}
        for each in diagnoses
    ]
    return json.dumps({"outcome": worst(diagnoses).value, "checks": checks}, ensure_ascii=False, indent=2)


def show(console: Console, diagnoses: Sequence[Diagnosis]) -> None:
    """Show a table on a terminal, and plain lines, one a sentence, to a file or a pipe."""
    if console.is_terminal:
        console.print(_table(diagnoses))
    else:
        for line in _lines(diagnoses):
            console.print(Text(line), soft_wrap=True)
    console.print(Text(_WHOLE[worst(diagnoses)], style="bold"), soft_wrap=True)


def _slack(settings: Settings) -> Slack:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    return SlackPort(build_client(token, settings.slack_api_url))


def _table(diagnoses: Iterable[Diagnosis]) -> Table:
    table = Table(*(Column(overflow="fold") for _ in range(3)), box=None, show_header=False, padding=(0, 2, 0, 0))
    for each in diagnoses:
        told = Text(each.sentence)
        if each.remedy:
            told.append(f"\n→ {each.remedy}", style="italic")
        table.add_row(Text(each.outcome.value, style=_STYLES[each.outcome]), Text(each.name), told)
    return table


def _lines(diagnoses: Iterable[Diagnosis]) -> Iterable[str]:
    for each in diagnoses:
        yield f"{each.outcome.value:<7}  {each.name}: {each.sentence}"
        if each.remedy:
            yield f"{'':<7}  → {each.remedy}"

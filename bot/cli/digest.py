"""``ballast digest``: the digest of a week from the configured database, for a terminal, a file or a script."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.build import build_store, open_history
from bot.cli.own_file import write_own
from bot.digest import Digest
from bot.digest_of import compose_from_history
from bot.errors import InputError
from bot.keeping import TERMINAL
from bot.parts import Store
from bot.period import Period, week_named, week_of
from bot.settings import load_settings
from bot.views.digest_blocks import build_blocks
from bot.views.digest_html import build_html
from bot.views.digest_json import build_json
from bot.views.digest_text import build_slack_text, build_text
from classifiers.taxonomy import Taxonomy, load_taxonomy
from storage.ids import ChannelId, TeamId


class Format(StrEnum):
    """How a digest is written."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    BLOCKS = "blocks"


def digest_command(
    *,
    week: Annotated[
        str | None, typer.Option(metavar="2026-W46", help="The week, in the zone of BALLAST_TIMEZONE; the last one.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="“blocks” is what Slack would be sent.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    channel: Annotated[
        str | None,
        typer.Option(metavar="C…", help="Show what this channel may see; what every channel may unless given."),
    ] = None,
    team: Annotated[
        str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")
    ] = None,
) -> None:
    """Show the digest of a week from the stored history."""
    settings, now = load_settings(os.environ, Path(".env")), datetime.now(UTC)
    period = choose_week(week, now, settings.timezone)
    database = open_history(settings)
    try:
        store = build_store(database)
        team_id = choose_team(store, team)
        audience = choose_channel(store, team_id, channel)
        digest = compose_from_history(store.history, team_id, period, audience, now)
        taxonomy = load_taxonomy().with_personas(store.personas.of(team_id))
    finally:
        database.close()
    written = FORMS[form](digest, taxonomy)
    if out is None:
        typer.echo(written)
    else:
        write_out(out, written)


def choose_week(week: str | None, now: datetime, zone: str) -> Period:
    """Return the named week, else the last whole one. Raises InputError for a name or zone that is none."""
    return week_named(week, zone) if week else week_of(week_of(now, zone).start - timedelta(seconds=1), zone)


def choose_team(store: Store, team: str | None) -> TeamId:
    """Return the one workspace, or the named one of several. Raises InputError that says which there are.

    The terminal's own history is one of several only where it is named, or where there is no other.
    """
    known = store.workspaces.teams()
    if not known:
        message = "This history holds no workspace yet. Connect Slack with “ballast run”, or use “ballast import FILE”."
        raise InputError(message)
    of_slack = [each for each in known if each != TERMINAL] or known
    if team is None and len(of_slack) == 1:
        return of_slack[0]
    if team is None or TeamId(team) not in known:
        message = f"Name one of these workspaces with --team: {', '.join(known)}."
        raise InputError(message)
    return TeamId(team)


def unseen_lines(store: Store, chosen: TeamId, team: str | None) -> list[str]:
    """Say what a choice without a name left aside, for whoever must not miss any of it."""
    if team is not None or chosen == TERMINAL or TERMINAL not in store.workspaces.teams():
        return []
    return [f"This is about {chosen} alone; for what came in at the terminal, add --team {TERMINAL}."]


def choose_channel(store: Store, team_id: TeamId, channel: str | None) -> ChannelId | None:
    """Return the channel that will see the digest. Raises InputError for one that Ballast never met."""
    if channel is None:
        return None
    if store.workspaces.channel(team_id, ChannelId(channel)) is None:
        message = f"Ballast never met a channel {channel[:40]}. Give its id, which the channel's details end with."
        raise InputError(message)
    return ChannelId(channel)


def write_out(out: Path, written: str) -> None:
    """Write the file. Raises InputError where that is not possible."""
    try:
        write_own(out, written if written.endswith("\n") else f"{written}\n")
    except OSError as error:
        message = f"The digest could not be written to {out}: {error.strerror}. Name another place with --out."
        raise InputError(message) from error


def _message(digest: Digest, taxonomy: Taxonomy) -> str:
    blocks = build_blocks(digest, taxonomy, block_id="digest:preview")
    message = {"text": build_slack_text(digest, taxonomy), "blocks": blocks}
    return json.dumps(message, ensure_ascii=False, indent=2)


FORMS: Mapping[Format, Callable[[Digest, Taxonomy], str]] = {
    Format.TEXT: build_text,
    Format.HTML: build_html,
    Format.JSON: build_json,
    Format.BLOCKS: _message,
}

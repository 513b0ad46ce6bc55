"""Look at everything that Ballast needs, in an order in which one broken thing explains the next.

Rules: nothing is changed, made or upgraded; no check stops another; no token and no customer's word is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.checks.configuration import Configuration, check_settings, check_words, check_zone, read_configuration
from bot.checks.diagnosis import Diagnosis, attempt, fail, skipped
from bot.checks.history import check_deliveries, check_posts, check_queue, check_reviews
from bot.checks.keeping import check_database, check_folder, open_as_it_is
from bot.checks.places import check_channels, check_owners
from bot.checks.reading import check_classifier
from bot.checks.schedules import Posting, check_schedules
from bot.checks.workspace import check_app_token, check_bot_token, check_clock, check_scopes, unseen
from bot.errors import SettingsError
from bot.parts import Clock, Store
from bot.port import Slack
from bot.settings import Settings
from storage.backlog import Backlog
from storage.database import Database
from storage.ids import TeamId, UserId
from storage.records import Channel
from storage.vocabulary import Duty

_NO_TOKENS = "Slack is asked nothing without SLACK_BOT_TOKEN and SLACK_APP_TOKEN; the sandbox needs neither."
_BAD_TOKENS = "Slack is asked when the settings above can be read."
_SLACK_VARIABLES = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"}
_PLACE_VARIABLES = {"DATABASE_URL", "BALLAST_DATA_DIR"}
_MOST = 1000
"""Channels and schedules that are read of one workspace."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """Hold what the checks look with; the composition root makes them."""

    clock: Clock
    build_store: Callable[[Database], Store]
    build_slack: Callable[[Settings], Slack]
    manifest: str
    """The text of the app's manifest, which names the scopes."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """Hold the workspace that Slack opened to us."""

    slack: Slack
    team_id: TeamId


def examine(env: Mapping[str, str], env_file: Path, tools: Instruments) -> Iterator[Diagnosis]:
    """Do every check; each diagnosis is given as soon as it is made. Raises nothing."""
    try:
        configuration = read_configuration(env, env_file)
    except SettingsError as error:
        yield fail("settings", str(error), "Mend them, then look again: every other check needs them.")
        return
    yield from attempt("settings", lambda: check_settings(configuration))
    yield from attempt("classifier", lambda: check_classifier(configuration))
    yield from attempt("words", lambda: check_words(configuration))
    yield from attempt("zone", lambda: check_zone(configuration, tools.clock()))
    reached, told = _reach(configuration, tools)
    yield from told
    database, told = _open(configuration)
    yield from told
    if database is not None:
        with closing(database):
            yield from _examine_history(configuration, database, reached, tools)


def _reach(configuration: Configuration, tools: Instruments) -> tuple[_Reached | None, list[Diagnosis]]:
    settings = configuration.settings
    if _SLACK_VARIABLES & configuration.left_out:
        return None, [skipped("slack", _BAD_TOKENS)]
    if settings.slack_app_token is None:
        return None, [skipped("slack", _NO_TOKENS)]
    app_token = settings.slack_app_token.get_secret_value()
    slack = tools.build_slack(settings)
    reached: list[_Reached] = []

    def identify() -> Diagnosis:
        workspace, told = check_bot_token(slack)
        reached.extend([_Reached(slack, workspace.team_id)] if workspace else [])
        return told

    told = attempt("bot token", identify)
    if reached:
        told += attempt("scopes", lambda: check_scopes(slack.granted_scopes(), tools.manifest))
        told += attempt("clock", lambda: check_clock(tools.clock(), slack.answered_at()))
    told += attempt("app token", lambda: check_app_token(slack, app_token))
    return next(iter(reached), None), [*told, *unseen()]


def _open(configuration: Configuration) -> tuple[Database | None, list[Diagnosis]]:
    settings = configuration.settings
    if _PLACE_VARIABLES & configuration.left_out:
        return None, [skipped("database", "It is looked at when the settings above can be read.")]
    opened: list[Database] = []

    def open_it() -> Diagnosis:
        database = open_as_it_is(settings)
        if isinstance(database, Diagnosis):
            return database
        opened.append(database)
        return check_database(settings, database)

    told = [*attempt("data folder", lambda: check_folder(settings)), *attempt("database", open_it)]
    return next(iter(opened), None), told


def _examine_history(
    configuration: Configuration, database: Database, reached: _Reached | None, tools: Instruments
) -> Iterator[Diagnosis]:
    store = tools.build_store(database)
    teams: list[TeamId] = []

    def list_teams() -> Iterator[Diagnosis]:
        teams.extend(store.workspaces.teams())
        if reached is not None and reached.team_id not in teams:
            yield skipped("workspace", "The history does not know this workspace yet; “ballast run” makes them meet.")

    yield from attempt("workspaces", list_teams)
    for team_id in teams:
        slack = reached.slack if reached is not None and reached.team_id == team_id else None
        visit = _Visit(team_id, store, Backlog(database), slack, configuration.settings, tools.clock())
        for name, check in visit.checks().items():
            yield from (told if len(teams) == 1 else told.of(team_id) for told in attempt(name, check))


@dataclass(frozen=True, slots=True)
class _Visit:
    """Look at what the history knows of one workspace, and ask Slack about it where that is the one we are in."""

    team_id: TeamId
    store: Store
    backlog: Backlog
    slack: Slack | None
    settings: Settings
    now: datetime

    def checks(self) -> Mapping[str, Callable[[], Diagnosis | Iterable[Diagnosis]]]:
        """Give the checks by name, in their order."""
        return {
            "channels": self._channels,
            "owners": self._owners,
            "digests": self._digests,
            "queue": lambda: check_queue(self.backlog, self.team_id, self.now),
            "deliveries": lambda: check_deliveries(self.backlog, self.team_id),
            "answers": lambda: check_posts(self.backlog, self.team_id),
            "labels": lambda: check_reviews(self.store.reviews, self.team_id),
        }

    def _channels(self) -> Iterable[Diagnosis]:
        if self.slack is None:
            return ()
        return check_channels(self.slack, self._known(), command=self.settings.command)

    def _owners(self) -> Iterable[Diagnosis]:
        if self.slack is None:
            return ()
        appointed = {UserId(owner) for owner in self.settings.owners}
        named = sorted(appointed | set(self.store.workspaces.with_duty(self.team_id, Duty.OWNER)))
        return check_owners(self.slack, named, command=self.settings.command)

    def _digests(self) -> Iterable[Diagnosis]:
        schedules = self.store.schedules
        newest = [
            (schedule, next(iter(schedules.digests(self.team_id, schedule.schedule_id, limit=1)), None))
            for schedule in schedules.of_team(self.team_id, limit=_MOST)
        ]
        names = {channel.channel_id: f"#{channel.name}" for channel in self._known() if channel.name}
        postings = [Posting(each, claim, names.get(each.channel_id, each.channel_id)) for each, claim in newest]
        return check_schedules(postings, self.slack, self.now, command=self.settings.command)

    def _known(self) -> Sequence[Channel]:
        return self.store.workspaces.channels(self.team_id, limit=_MOST)

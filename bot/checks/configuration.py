"""Are the settings readable, and where would words go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.checks.diagnosis import Diagnosis, fail, ok, skipped, warn
from bot.dotenv_file import read_dotenv
from bot.errors import SettingsError
from bot.places import words_go_to
from bot.settings import Settings, load_settings, variables

_OURS = "BALLAST_"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Hold the settings as far as they can be read, and what is wrong with the others."""

    settings: Settings
    problems: tuple[str, ...]
    left_out: frozenset[str]
    """Variables at fault: read as if they were not set, so that the other checks can go on."""
    unknown: tuple[str, ...]
    """Variables that begin like ours and are none, without a near one that was meant."""


def read_configuration(env: Mapping[str, str], env_file: Path) -> Configuration:
    """Read all that can be read. Raises SettingsError only where leaving out the faulty ones does not help."""
    written, _ = read_dotenv(env_file)
    given = {**written, **env}
    try:
        return Configuration(load_settings(env, env_file), (), frozenset(), _unknown(given, frozenset()))
    except SettingsError as error:
        told, left_out = str(error), error.names & given.keys()
    kept = {name: value for name, value in given.items() if name not in left_out}
    problems = tuple(line.removeprefix("  - ") for line in told.splitlines()[1:])
    return Configuration(load_settings(kept), problems, left_out, _unknown(given, left_out))


def check_settings(configuration: Configuration) -> Iterator[Diagnosis]:
    """Say each problem, and each variable that does nothing."""
    for problem in configuration.problems:
        yield fail("settings", problem, "Mend it in the environment or in .env; .env.example shows each setting.")
    for name in configuration.unknown:
        sentence = f"{name} is set, but Ballast has no such setting."
        yield warn("settings", sentence, "Remove it, or look up the right name in .env.example.")
    if not configuration.problems and not configuration.unknown:
        yield ok("settings", "Every setting can be read.")


def check_words(configuration: Configuration) -> Diagnosis:
    """Say where the words of messages go."""
    settings = configuration.settings
    if {"BALLAST_CLASSIFIER", "OPENAI_BASE_URL"} & configuration.left_out:
        return skipped("words", "Where words would go is told when the settings can be read.")
    unused = ""
    if settings.openai_api_key is not None and settings.classifier == "local":
        unused = " OPENAI_API_KEY: key found, not used."
    return ok("words", words_go_to(settings) + unused)


def check_zone(configuration: Configuration, now: datetime) -> Diagnosis:
    """Say which zone holds where nobody chose one, and what its clocks show."""
    if "BALLAST_TIMEZONE" in configuration.left_out:
        return skipped("zone", "Which zone holds is told when BALLAST_TIMEZONE can be read.")
    zone = configuration.settings.timezone
    return ok("zone", f"Where nobody chose a zone it is {zone}: there it is {now.astimezone(ZoneInfo(zone)):%A %H:%M}.")


def _unknown(given: Mapping[str, str], faulty: frozenset[str]) -> tuple[str, ...]:
    known = {variable.name for variable in variables()} | faulty
    return tuple(sorted(name for name in given if name.startswith(_OURS) and name not in known))

"""The configuration: every variable named once, with what it is for; all problems reported together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import setting_rules as rules
from bot.dotenv_file import read_dotenv
from bot.errors import SettingsError

SLACK = "https://slack.com/api/"
_OURS = "BALLAST_"
_TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
"""Of use only together: what is wrong with one is wrong with both."""


class Settings(BaseSettings):
    """Hold the whole configuration; made by ``load_settings`` alone, so that nothing else reads the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: Annotated[
        SecretStr | None,
        Field(alias="SLACK_BOT_TOKEN", description="The bot's token (xoxb-…), from “Install App” of your Slack app."),
    ] = None
    slack_app_token: Annotated[
        SecretStr | None,
        Field(
            alias="SLACK_APP_TOKEN",
            description="The app-level token (xapp-…) with connections:write, from “Basic Information”.",
        ),
    ] = None
    slack_api_url: Annotated[
        str,
        AfterValidator(rules.web_url),
        Field(alias="SLACK_API_URL", description="Where Slack's Web API is; change it only for a stand-in."),
    ] = SLACK
    database_url: Annotated[
        SecretStr | None,
        AfterValidator(rules.secret_url),
        Field(
            alias="DATABASE_URL",
            description="postgresql://… for a PostgreSQL (run “ballast db upgrade” first); without it, a SQLite file.",
        ),
    ] = None
    openai_api_key: Annotated[
        SecretStr | None,
        Field(alias="OPENAI_API_KEY", description="The model's key. Alone it changes nothing: see BALLAST_CLASSIFIER."),
    ] = None
    openai_base_url: Annotated[
        str | None,
        AfterValidator(rules.web_url),
        Field(alias="OPENAI_BASE_URL", description="Another OpenAI-compatible endpoint."),
    ] = None
    data_dir: Annotated[
        Path,
        Field(
            alias="BALLAST_DATA_DIR",
            default_factory=lambda: user_data_path("ballast", appauthor=False),
            description="Where the embedded database lies; your user's data directory unless set.",
        ),
    ]
    owners: Annotated[
        frozenset[str],
        BeforeValidator(rules.user_ids),
        Field(
            alias="BALLAST_OWNERS",
            description="Member ids (U…, commas between) of owners besides the workspace's admins.",
        ),
    ] = frozenset()
    own_domains: Annotated[
        frozenset[str],
        BeforeValidator(rules.domains),
        Field(
            alias="BALLAST_OWN_DOMAINS",
            description="Your own e-mail domains (commas between): who writes from there is no customer.",
        ),
    ] = frozenset()
    timezone: Annotated[
        str,
        AfterValidator(rules.zone),
        Field(alias="BALLAST_TIMEZONE", description="The zone of weeks and digests where nobody chose one."),
    ] = "UTC"
    classifier: Annotated[
        Literal["local", "llm", "local-then-llm"],
        Field(
            alias="BALLAST_CLASSIFIER",
            description="Who labels: local (nothing leaves this machine), llm, or local-then-llm.",
        ),
    ] = "local"
    command: Annotated[
        str,
        AfterValidator(rules.command),
        Field(alias="BALLAST_COMMAND", description="The slash command, as the Slack app names it."),
    ] = "/ballast"
    emoji: Annotated[
        str,
        AfterValidator(rules.emoji),
        Field(alias="BALLAST_EMOJI", description="The reaction that says “saved”."),
    ] = "white_check_mark"
    log_format: Annotated[
        Literal["text", "json"],
        Field(alias="BALLAST_LOG_FORMAT", description="How log lines look: text for people, json for machines."),
    ] = "text"
    llm_model: Annotated[
        str | None,
        Field(alias="BALLAST_LLM_MODEL", description="The model's name at its endpoint, such as gpt-5-mini."),
    ] = None
    llm_mask: Annotated[
        Literal["on", "off"],
        Field(alias="BALLAST_LLM_MASK", description="Whether personal data is masked before a text leaves: on or off."),
    ] = "on"
    llm_daily_tokens: Annotated[
        NonNegativeInt | None,
        Field(
            alias="BALLAST_LLM_DAILY_TOKENS",
            description="Tokens a workspace may use in a day of BALLAST_TIMEZONE; unset: no limit, 0: none.",
        ),
    ] = None
    llm_price_in: Annotated[
        NonNegativeFloat | None,
        Field(alias="BALLAST_LLM_PRICE_IN", description="What a million tokens sent cost, to reckon what was spent."),
    ] = None
    llm_price_out: Annotated[
        NonNegativeFloat | None,
        Field(alias="BALLAST_LLM_PRICE_OUT", description="What a million tokens answered cost; set both or neither."),
    ] = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the vendor's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the vendor's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the vendor's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the vendor's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what ``load_settings`` hands over: the process's own environment is an argument too."""
        return (init_settings,)

    @property
    def has_tokens(self) -> bool:
        """Tell whether a real workspace is configured; ``load_settings`` refuses one token without the other."""
        return self.slack_bot_token is not None


@dataclass(frozen=True, slots=True)
class Variable:
    """Describe one variable as ``.env.example`` and the documentation show it."""

    name: str
    description: str
    default: str
    """As it would be written; empty when there is none."""


def variables() -> tuple[Variable, ...]:
    """List every variable in the order of the class, with its description and default."""
    return tuple(
        Variable(name=field.alias or name, description=field.description or "", default=_written(field.default))
        for name, field in Settings.model_fields.items()
    )


def load_settings(env: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """Make the settings of the environment and, where there is one, a ``.env`` file; the environment wins.

    An empty variable counts as absent. Raises SettingsError with every problem at once.
    """
    written, problems = read_dotenv(env_file)
    values = {name: value for name, value in {**written, **env}.items() if value.strip()}
    misspelt, tokens = _misspelt(values), _token_problems(values)
    problems += [*misspelt.values(), *tokens]
    names = {*misspelt, *(_TOKENS if tokens else ())}
    try:
        settings = Settings.model_validate({name: value.strip() for name, value in values.items()})
    except ValidationError as error:
        wrong = [(str(each["loc"][0]), _sentence(each["msg"])) for each in error.errors(include_url=False)]
        problems += [f"{name} {sentence}" for name, sentence in wrong]
        names |= {name for name, _ in wrong}
    if problems:
        told = "\n".join(["The settings cannot be used:", *(f"  - {problem}" for problem in problems)])
        raise SettingsError(told, names=names)
    return settings


def _written(default: object) -> str:
    return default if isinstance(default, str) else str(default) if isinstance(default, int) else ""


def _misspelt(values: Mapping[str, str]) -> dict[str, str]:
    known = [variable.name for variable in variables()]
    strange = sorted(name for name in values if name.startswith(_OURS) and name not in known)
    near = {name: get_close_matches(name, known, n=1, cutoff=0.8) for name in strange}
    return {name: f"{name} is not a setting. Did you mean {found[0]}?" for name, found in near.items() if found}


def _token_problems(values: Mapping[str, str]) -> list[str]:
    bot, app = (values.get(name, "").strip() for name in _TOKENS)
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        return ["SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the first begins with xoxb-, the second with xapp-."]
    problems = [f"{name} holds what no token can; copy it anew, without spaces." for name in _unsendable(values)]
    if bot and not bot.startswith("xoxb-"):
        problems.append(
            "SLACK_BOT_TOKEN must begin with xoxb-; copy the bot token from “Install App” of your Slack app."
        )
    if app and not app.startswith("xapp-"):
        problems.append("SLACK_APP_TOKEN must begin with xapp-; make an app-level token under “Basic Information”.")
    if bool(bot) != bool(app):
        there, missing = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN") if bot else ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")
        problems.append(f"{there} is set but {missing} is not; set both to connect, or neither for the sandbox.")
    return problems


def _unsendable(values: Mapping[str, str]) -> list[str]:
    """Name the tokens with a space or a letter that cannot stand in an HTTP header; Slack's are plain ASCII."""
    given = {name: values.get(name, "").strip() for name in _TOKENS}
    return [name for name, token in given.items() if not token.isascii() or any(mark.isspace() for mark in token)]


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".") + "."

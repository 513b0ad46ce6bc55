import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, variables

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_with_no_variable_every_default_of_the_design_holds() -> None:
    settings = load_settings({})

    assert not settings.has_tokens
    assert settings.classifier == "local"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.timezone, settings.command, settings.llm_mask) == ("UTC", "/ballast", "on")
    assert settings.owners == frozenset()


def test_an_empty_variable_counts_as_absent() -> None:
    assert not load_settings({"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "  "}).has_tokens


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN is set but SLACK_APP_TOKEN is not"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-2"}, "SLACK_APP_TOKEN must begin with xapp-"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}, "are swapped"),
        ({"SLACK_BOT_TOKEN": "xoxb-1 2", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN holds what no token can"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-é"}, "SLACK_APP_TOKEN holds what no token can"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL must be a web address"),
        ({"SLACK_API_URL": "ftp://slack.com"}, "SLACK_API_URL must be a web address"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must begin with postgresql://"),
        ({"OPENAI_BASE_URL": "localhost"}, "OPENAI_BASE_URL must be a web address"),
        ({"BALLAST_OWN_DOMAINS": "acme"}, "BALLAST_OWN_DOMAINS “acme” is no domain"),
        ({"BALLAST_OWNERS": "U1, bob"}, "BALLAST_OWNERS “bob” is no Slack member id"),
        ({"BALLAST_TIMEZONE": "Mars/Olympus"}, "BALLAST_TIMEZONE “Mars/Olympus” is no time zone"),
        ({"BALLAST_TIMEZONE": "../etc/passwd"}, "is no time zone"),
        ({"BALLAST_CLASSIFIER": "oracle"}, "BALLAST_CLASSIFIER should be 'local', 'llm' or 'local-then-llm'"),
        ({"BALLAST_COMMAND": "ballast"}, "BALLAST_COMMAND must be a slash and up to 31 lower-case letters"),
        ({"BALLAST_COMMAND": "/Voice"}, "BALLAST_COMMAND must be a slash and up to 31 lower-case letters"),
        ({"BALLAST_COMMAND": "/remind"}, "BALLAST_COMMAND is Slack's own"),
        ({"BALLAST_EMOJI": ":a b:"}, "BALLAST_EMOJI must be the name of a reaction"),
        ({"BALLAST_LOG_FORMAT": "xml"}, "BALLAST_LOG_FORMAT should be 'text' or 'json'"),
        ({"BALLAST_LLM_MASK": "maybe"}, "BALLAST_LLM_MASK should be 'on' or 'off'"),
        ({"BALLAST_LLM_DAILY_TOKENS": "many"}, "BALLAST_LLM_DAILY_TOKENS should be a valid integer"),
        ({"BALLAST_LLM_DAILY_TOKENS": "-1"}, "BALLAST_LLM_DAILY_TOKENS should be greater than or equal to 0"),
        ({"BALLAST_TIMEZON": "UTC"}, "BALLAST_TIMEZON is not a setting. Did you mean BALLAST_TIMEZONE?"),
    ],
)
def test_each_problem_is_a_sentence_that_names_its_variable(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(given)

    assert sentence in str(caught.value)


def test_all_problems_are_reported_together() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(
            {"SLACK_BOT_TOKEN": "xoxb-1", "BALLAST_TIMEZONE": "x", "BALLAST_OWNRS": "U1", "DATABASE_URL": "x"}
        )

    message = str(caught.value)
    assert all(name in message for name in ("SLACK_APP_TOKEN", "BALLAST_TIMEZONE", "BALLAST_OWNRS", "DATABASE_URL"))


def test_unknown_variables_are_ignored() -> None:
    load_settings({"PATH": "/bin", "SLACK_WEBHOOK": "x", "BALLAST_SERVICE_HOST": "10.0.0.1"})


def test_owners_are_a_comma_list() -> None:
    assert load_settings({"BALLAST_OWNERS": " U012AB, W3 ,"}).owners == {"U012AB", "W3"}


def test_an_owner_is_named_also_as_other_servers_write_their_ids() -> None:
    assert load_settings({"BALLAST_OWNERS": "U_OLIVIA"}).owners == {"U_OLIVIA"}


def test_own_domains_are_read_as_people_write_them() -> None:
    assert load_settings({"BALLAST_OWN_DOMAINS": "@Acme.com, https://www.acme.de/"}).own_domains == {
        "acme.com",
        "acme.de",
    }


def test_an_address_ends_with_a_slash_and_an_emoji_has_no_colons() -> None:
    settings = load_settings({"SLACK_API_URL": "http://127.0.0.1:9/api", "BALLAST_EMOJI": ":seedling:"})

    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert settings.emoji == "seedling"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("BALLAST_COMMAND=/file\nexport BALLAST_EMOJI='seedling'  # why\nBALLAST_TIMEZONE=\n")

    settings = load_settings({"BALLAST_COMMAND": "/environment"}, file)

    assert (settings.command, settings.emoji, settings.timezone) == ("/environment", "seedling", "UTC")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00B", "is not text in UTF-8"),
        (b"A=1\nthis is no setting\n", "line 2, cannot be read; write it as NAME=value"),
        (b'A="never closed\n', "line 1, cannot be read"),
        (b"A=1\0\n", "holds NUL characters"),
    ],
)
def test_a_corrupt_file_is_named_with_its_line(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        load_settings({}, file)

    assert sentence in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_folder_in_the_place_of_the_file_is_no_file(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path) == load_settings({})


def test_no_secret_is_shown_by_settings_or_by_their_problems() -> None:
    secret = "SuperSecretValue"
    settings = load_settings(
        {
            "SLACK_BOT_TOKEN": f"xoxb-{secret}",
            "SLACK_APP_TOKEN": f"xapp-{secret}",
            "DATABASE_URL": f"postgresql://u:{secret}@h/d",
            "OPENAI_API_KEY": secret,
        }
    )
    with pytest.raises(SettingsError) as caught:
        load_settings({"SLACK_BOT_TOKEN": secret, "DATABASE_URL": f"mysql://u:{secret}@h/d"})

    assert secret not in repr(settings) + str(settings.model_dump()) + str(caught.value)


def test_a_poisoned_env_file_in_the_working_directory_reaches_no_test(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("SLACK_BOT_TOKEN=poison\nBALLAST_TIMEZONE=poison\nBALLAST_COMMAND=/poison\n")
    monkeypatch.setenv("BALLAST_EMOJI", "poison")

    assert load_settings({}) == load_settings({}, None)
    assert Settings.model_validate({}).command == "/ballast"
    assert load_settings({}).emoji == "white_check_mark"
    with pytest.raises(SettingsError):
        load_settings(os.environ, Path(".env"))


def test_every_variable_is_named_once_and_described() -> None:
    listed = variables()

    assert len({variable.name for variable in listed}) == len(listed) == len(Settings.model_fields)
    assert all(variable.description.endswith(".") for variable in listed)
    assert {variable.name: variable.default for variable in listed}["BALLAST_CLASSIFIER"] == "local"
    assert {"SLACK_BOT_TOKEN", "DATABASE_URL", "OPENAI_API_KEY"} <= {variable.name for variable in listed}

"""What is set is found well or not, and one wrong setting hides no other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.checks.diagnosis import Outcome
from classifiers.errors import ModelError
from classifiers.local import LocalClassifier
from tests.bot.checks.bedside import Bedside
from tests.openai_stand_in import OpenAIStandIn, fails, openai  # noqa: F401 - a fixture


@pytest.mark.parametrize(
    ("variables", "name", "outcome", "words"),
    [
        ({"BALLAST_TIMEZONE": "Mars/Base"}, "settings", Outcome.FAIL, "BALLAST_TIMEZONE"),
        ({"BALLAST_TIMEZONE": "Mars/Base"}, "zone", Outcome.SKIPPED, "BALLAST_TIMEZONE"),
        ({"BALLAST_TIMEZONE": "Europe/Berlin"}, "zone", Outcome.OK, "Europe/Berlin"),
        ({"BALLAST_TIMEZON": "UTC"}, "settings", Outcome.FAIL, "Did you mean BALLAST_TIMEZONE?"),
        ({"BALLAST_QUUX": "1"}, "settings", Outcome.WARN, "BALLAST_QUUX"),
        ({"SLACK_APP_TOKEN": ""}, "slack", Outcome.SKIPPED, "when the settings above can be read"),
        ({"SLACK_APP_TOKEN": "", "SLACK_BOT_TOKEN": ""}, "slack", Outcome.SKIPPED, "the sandbox needs neither"),
        ({"BALLAST_CLASSIFIER": "oracle"}, "classifier", Outcome.SKIPPED, "BALLAST_CLASSIFIER"),
        ({"BALLAST_CLASSIFIER": "oracle"}, "words", Outcome.SKIPPED, "settings"),
        ({"OPENAI_API_KEY": "sk-canary"}, "words", Outcome.OK, "key found, not used"),
        ({"DATABASE_URL": "mysql://x"}, "database", Outcome.SKIPPED, "settings"),
        ({"BALLAST_OWNERS": "U0NOBODY"}, "owners", Outcome.WARN, "U0NOBODY"),
        ({"BALLAST_OWNERS": "U0GINA000"}, "owners", Outcome.WARN, "guest"),
        ({"BALLAST_OWNERS": "U0MAX0000"}, "owners", Outcome.OK, "1 named besides"),
    ],
)
def test_each_setting_is_told_as_it_is_read(
    bedside: Bedside, variables: Mapping[str, str], name: str, outcome: Outcome, words: str
) -> None:
    bedside.env.update(variables)

    found = bedside.found(name)

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_every_problem_of_the_settings_is_listed_and_the_other_checks_go_on(bedside: Bedside) -> None:
    bedside.env |= {"BALLAST_TIMEZONE": "Mars/Base", "BALLAST_LOG_FORMAT": "xml"}
    (bedside.folder / ".env").write_text("BALLAST_EMOJI=two words\n", encoding="utf-8")

    found = bedside.examined()

    failed = [each.sentence for each in found if each.name == "settings"]
    assert {sentence.split()[0] for sentence in failed} == {"BALLAST_TIMEZONE", "BALLAST_LOG_FORMAT", "BALLAST_EMOJI"}
    assert {"channel #feedback", "database", "labels"} <= {each.name for each in found}


def with_language_model(bedside: Bedside, url: str) -> None:
    bedside.env |= {
        "BALLAST_CLASSIFIER": "llm",
        "OPENAI_API_KEY": "sk-canary-key",
        "OPENAI_BASE_URL": url,
        "BALLAST_LLM_MODEL": "stand-in",
    }


def test_a_language_model_that_is_turned_on_is_asked_once(bedside: Bedside, openai: OpenAIStandIn) -> None:  # noqa: F811 - the fixture
    with_language_model(bedside, openai.url)

    assert bedside.found("language model").outcome is Outcome.OK
    assert len(openai.requests) == 1


def test_a_misspelt_variable_takes_none_away_that_is_rightly_set(
    bedside: Bedside,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
) -> None:
    with_language_model(bedside, openai.url)
    bedside.env["BALLAST_LLM_MODELS"] = "x"

    found = {each.name: each for each in bedside.examined()}

    assert "Did you mean BALLAST_LLM_MODEL?" in found["settings"].sentence
    assert found["language model"].outcome is Outcome.OK


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_language_model_that_does_not_answer_fails_and_the_local_one_is_still_well(
    bedside: Bedside,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
    status: int,
) -> None:
    with_language_model(bedside, openai.url)
    openai.always(fails(status))

    found = {each.name: each for each in bedside.examined()}

    assert found["language model"].outcome is Outcome.FAIL
    assert found["classifier"].outcome is Outcome.OK
    assert len(openai.requests) == 1
    assert "sk-canary-key" not in str(found)


def test_a_language_model_without_its_settings_fails_with_their_names(bedside: Bedside) -> None:
    bedside.env["BALLAST_CLASSIFIER"] = "local-then-llm"

    assert "OPENAI_API_KEY" in bedside.found("language model").sentence


def test_a_damaged_local_model_fails(bedside: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> LocalClassifier:
        message = "the local model is damaged (its checksum is wrong)"
        raise ModelError(message)

    monkeypatch.setattr("bot.choosing.LocalClassifier.load", load)

    assert bedside.found("classifier").outcome is Outcome.FAIL

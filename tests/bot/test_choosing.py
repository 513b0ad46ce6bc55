"""Which classifier answers: only an explicit choice switches the model on."""

import logging

import pytest

from bot.choosing import choose_classifier, endpoint_of
from bot.errors import SettingsError
from bot.settings import load_settings
from classifiers.local import LocalClassifier

KEY = {"OPENAI_API_KEY": "sk-made-up"}
MODEL = {"BALLAST_LLM_MODEL": "gpt-5-mini"}


def test_a_key_in_the_environment_alone_changes_nothing() -> None:
    settings = load_settings({**KEY, **MODEL})

    assert settings.classifier == "local"
    assert isinstance(choose_classifier(settings.classifier, settings), LocalClassifier)


@pytest.mark.parametrize("name", ["llm", "local-then-llm"])
def test_the_model_is_used_where_it_is_chosen(name: str) -> None:
    chosen = choose_classifier(name, load_settings({**KEY, **MODEL}))

    assert chosen.name == name
    assert "gpt-5-mini" in chosen.model


@pytest.mark.parametrize(
    ("env", "missing", "there"),
    [
        ({}, ["OPENAI_API_KEY", "BALLAST_LLM_MODEL"], []),
        (KEY, ["BALLAST_LLM_MODEL"], ["OPENAI_API_KEY"]),
        (MODEL, ["OPENAI_API_KEY"], ["BALLAST_LLM_MODEL"]),
    ],
)
def test_what_is_missing_for_a_model_is_named_at_once(
    env: dict[str, str], missing: list[str], there: list[str]
) -> None:
    with pytest.raises(SettingsError) as refused:
        choose_classifier("llm", load_settings(env))

    assert [name for name in missing if name not in str(refused.value)] == []
    assert [name for name in there if name in str(refused.value)] == []


def test_an_endpoint_of_one_s_own_needs_no_key() -> None:
    endpoint = endpoint_of(load_settings({**MODEL, "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}))

    assert (endpoint.api_key, endpoint.host) == (None, "127.0.0.1:11434")


@pytest.mark.parametrize(("written", "mask"), [("on", True), ("off", False)])
def test_masking_is_as_the_settings_say(written: str, mask: bool) -> None:
    assert endpoint_of(load_settings({**KEY, **MODEL, "BALLAST_LLM_MASK": written})).mask is mask


def test_prices_are_both_set_or_neither() -> None:
    both = {"BALLAST_LLM_PRICE_IN": "0.25", "BALLAST_LLM_PRICE_OUT": "2"}
    prices = endpoint_of(load_settings({**KEY, **MODEL, **both})).prices

    assert prices is not None
    assert prices.cost(1_000_000, 500_000) == pytest.approx(1.25)
    with pytest.raises(SettingsError, match="or neither"):
        endpoint_of(load_settings({**KEY, **MODEL, "BALLAST_LLM_PRICE_IN": "0.25"}))


def test_the_key_stands_in_no_representation_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        endpoint = endpoint_of(load_settings({**KEY, **MODEL}))
        choose_classifier("llm", load_settings({**KEY, **MODEL}))

    assert "sk-made-up" not in repr(endpoint) + caplog.text

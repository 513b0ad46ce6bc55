"""Which classifier answers: only an explicit choice switches the model on."""

import json
import logging
from pathlib import Path
from shutil import copytree

import pytest

from bot.choosing import choose_classifier, endpoint_of
from bot.errors import SettingsError
from bot.settings import load_settings
from classifiers.local import LocalClassifier
from classifiers.model_file import MODEL as SHIPPED
from classifiers.model_file import sealed

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


def test_a_model_in_the_data_folder_reads_and_its_name_says_so(tmp_path: Path) -> None:
    own_model(tmp_path, version="ours-1")

    assert choose_classifier("local", load_settings({"BALLAST_DATA_DIR": str(tmp_path)})).model == "ours-1"


@pytest.mark.parametrize("change", [{"taxonomy_version": "0"}, {"format": 0}])
def test_a_model_of_one_s_own_that_does_not_fit_leaves_the_reading_to_the_shipped_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, object]
) -> None:
    own_model(tmp_path, version="ours-1", **change)
    chosen = choose_classifier("local", load_settings({"BALLAST_DATA_DIR": str(tmp_path)}))

    assert chosen.model == LocalClassifier.load().model
    assert "ballast train --with-reviews" in caplog.text


def test_a_model_in_any_folder_can_be_named(tmp_path: Path) -> None:
    folder = own_model(tmp_path, version="try-2")

    assert choose_classifier(f"local:{folder}", load_settings({})).model == "try-2"


def test_a_model_of_another_taxonomy_that_is_named_is_refused(tmp_path: Path) -> None:
    facts = json.loads((SHIPPED / "model.json").read_text())
    others = {"taxonomy_version": "0", "themes": ["delight", *facts["themes"][1:]]}
    folder = own_model(tmp_path, version="old-1", **others)

    with pytest.raises(SettingsError, match="has the taxonomy of another version of Ballast") as refused:
        choose_classifier(f"local:{folder}", load_settings({}))
    assert str(folder) in str(refused.value)


def own_model(data: Path, **facts: object) -> Path:
    folder = copytree(SHIPPED, data / "model")
    path = folder / "model.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), **facts})))
    return folder

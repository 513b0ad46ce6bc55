from collections.abc import Sequence
from pathlib import Path

import pytest

from classifiers.card import write_card
from classifiers.corpus import Message, read_corpus
from classifiers.errors import TaxonomyError
from classifiers.local import LocalClassifier
from classifiers.model_file import load_commonest_personas, load_model, save_model
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.train import Training, commonest_personas, train, write_training

FILES = {"feature_boards", "reviews_verbatims"}


def test_same_corpus_gives_the_same_bytes(small: Sequence[Message], trained: Training, tmp_path: Path) -> None:
    again = train(small, load_taxonomy(), lambda _: None)
    for training, name in ((trained, "one"), (again, "two")):
        save_model(training.model, tmp_path / name)
    for file in ("weights.npz", "model.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_saved_model_classifies_after_loading(trained: Training, tmp_path: Path) -> None:
    save_model(trained.model, tmp_path)
    found = LocalClassifier(load_model(tmp_path)).classify(
        ["Every page is slow, I wait all day."], Context(load_taxonomy())
    )
    assert found[0].provenance.model == trained.model.version
    assert load_commonest_personas(tmp_path)["speed"] == "daily_practitioner"


def test_model_that_learnt_from_reviews_says_so_in_its_name_and_card(trained: Training, tmp_path: Path) -> None:
    write_training(trained, tmp_path, reviews=12)
    assert load_model(tmp_path).version == f"{trained.model.version} with 12 reviews"
    assert "with 12 reviews" in (tmp_path / "CARD.md").read_text(encoding="utf-8")


def test_every_file_is_measured_while_it_is_left_out(small: Sequence[Message], trained: Training) -> None:
    assert set(trained.files) == FILES
    assert sum(report.texts for report in trained.files.values()) == trained.overall.texts == len(small)


def test_card_tells_what_was_measured(trained: Training) -> None:
    card = write_card(trained.overall, trained.files, trained.model)
    assert f"side: accuracy {trained.overall.side.accuracy.value:.3f}" in card
    assert all(f"| {file} | {report.side.accuracy.value:.3f} |" in card for file, report in trained.files.items())


def test_shipped_card_belongs_to_the_shipped_model() -> None:
    model = load_model()
    card = (Path(__file__).parents[2] / "classifiers" / "model" / "CARD.md").read_text(encoding="utf-8")
    assert card.startswith(f"# The local model, {model.version}\n")
    assert f"below a confidence of {model.decision.unsure_below:.3f}" in card
    assert f"on the {len(read_corpus())} messages" in card


def test_progress_is_told_for_every_file(trained: Training, told: list[str]) -> None:
    assert all(any(f"held out {file}" in sentence for sentence in told) for file in trained.files)


def test_corpus_that_breaks_the_codebook_is_not_trained_on(small: Sequence[Message]) -> None:
    with pytest.raises(TaxonomyError, match="breaks the codebook"):
        train(small, load_taxonomy().__class__("0", {}, {}, {}), lambda _: None)


def test_commonest_persona_counts_the_first_theme(small: Sequence[Message]) -> None:
    assert commonest_personas([message for message in small if message.themes[:1] == ("cost",)]) == {
        "cost": "economic_buyer"
    }


@pytest.fixture(scope="module")
def small() -> list[Message]:
    """Every fourth message of two files: enough for most labels, quick to train on."""
    return [message for message in read_corpus() if message.file in FILES][::4]


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def trained(small: Sequence[Message], told: list[str]) -> Training:
    return train(small, load_taxonomy(), told.append)

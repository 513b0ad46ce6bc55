from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path

import numpy as np
import pytest

from classifiers.card import write_card
from classifiers.corpus import REVIEWS, Message, check_corpus, read_corpus
from classifiers.errors import ModelError, TaxonomyError
from classifiers.fitting import surest_from
from classifiers.groups import LeaveOut, groups_of
from classifiers.heads import Trainer
from classifiers.holding_out import Voices
from classifiers.keeping import keep
from classifiers.local import LocalClassifier
from classifiers.model_file import FACTS, MODEL, TOKENS, WEIGHTS, load_commonest_personas, load_model, save_model
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.training import (
    FIGURES,
    VERSION,
    Training,
    commonest_personas,
    layout_of,
    make_sure_of_corpus,
    train,
    write_training,
)
from classifiers.vocabulary import FeedbackSide, Persona, feedback_side
from classifiers.windowing import in_windows

TOKENS_FILE = MODEL / TOKENS
FILES = {"feature_boards", "reviews_verbatims"}


def test_same_corpus_gives_the_same_bytes(
    small: Sequence[Message], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifiers.heads.STEPS", 3)
    few = small[::4]
    for name in ("one", "two"):
        save_model(train(few, load_taxonomy(), FittingWords(few)).model, tmp_path / name)
    for file in (WEIGHTS, FACTS):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert (tmp_path / "one" / WEIGHTS).read_bytes() != (MODEL / WEIGHTS).read_bytes()


def test_a_model_that_cannot_be_written_whole_leaves_no_half_of_it(
    trained: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    save_model(trained.model, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelError, match=r"No space left on device\): make room there"):
        save_model(trained.model, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_saved_model_classifies_after_loading(trained: Training, tmp_path: Path) -> None:
    save_model(trained.model, tmp_path)
    found = LocalClassifier(load_model(tmp_path)).classify(
        ["Every page is slow, I wait all day."], Context(load_taxonomy())
    )
    assert found[0].provenance.model == trained.model.version
    assert load_commonest_personas(tmp_path)["speed"] == "daily_practitioner"


def test_model_that_learnt_from_reviews_says_so_in_its_name_and_its_card_how_it_did_on_them(
    small: Sequence[Message], tmp_path: Path
) -> None:
    few = small[::4]
    own = [replace(each, file=REVIEWS, line=line) for line, each in enumerate([*few[::3], long_message(few)], 1)]
    write_training(train(list(in_windows([*few, *own], TOKENS_FILE)), load_taxonomy(), Fitting()), tmp_path)
    name = f"{VERSION} with {len(own)} reviews"
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert load_model(tmp_path).version == name
    assert f"# The local model, {name}\n" in card
    assert f"on the {len(few)} messages of `classifiers/corpus`" in card
    section = card.split("## Your own reviews")[1].split("##")[0]
    assert f"it learnt from {len(own)} texts that your people judged" in section
    assert "the long ones in windows" in section
    assert "- side: accuracy" in section


def test_long_texts_are_taught_in_the_windows_in_which_they_are_read(small: Sequence[Message]) -> None:
    few = small[::4]
    long = long_message(few)
    windows = list(in_windows([few[0], long], TOKENS_FILE))
    assert windows[0] == few[0]
    read = load_model().encoder.read([long.text])[0]
    assert [each.text for each in windows[1:]] == [long.text[slice(*window.span)] for window in read]
    quotes = [item.quote for each in windows[1:] for item in each.items or ()]
    assert quotes == [item.quote for item in long.items or ()]
    assert check_corpus(windows, load_taxonomy()) == []
    assert {each.side for each in windows[1:]} >= {FeedbackSide.NEITHER}


def test_a_quote_that_is_not_in_a_long_text_is_told_and_not_cut_into_a_window(small: Sequence[Message]) -> None:
    long = long_message(small[::4])
    item = replace((long.items or ())[0], quote="We need what nobody said")
    with pytest.raises(TaxonomyError, match="a quote does not stand in the text"):
        make_sure_of_corpus([replace(long, items=(item, *(long.items or ())[1:]))], load_taxonomy())


def test_every_file_is_measured_while_it_is_left_out(small: Sequence[Message], trained: Training) -> None:
    assert sum(report.texts for report in trained.files.values()) == trained.overall.texts == len(small)


def test_card_tells_what_was_measured(trained: Training, tmp_path: Path) -> None:
    write_training(trained, tmp_path)
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    figures = json.loads((tmp_path / FIGURES).read_text(encoding="utf-8"))["overall"]
    persona, insight = figures["persona"], figures["insight"]
    told = [figures["side"]["accuracy"]["value"], persona["accuracy"]["value"], persona["trivial"]["value"]]
    told += [insight["score"]["recall"], insight["sure"]["f1"], insight["sure_sides"]["value"]]
    assert [f"{each:.3f}" for each in told if f" {each:.3f}" not in card] == []
    assert all(f"| {file} | {report.side.accuracy.value:.3f} |" in card for file, report in trained.files.items())


def test_shipped_card_belongs_to_the_shipped_model() -> None:
    model = load_model()
    card = (Path(__file__).parents[2] / "classifiers" / "model" / "CARD.md").read_text(encoding="utf-8")
    assert card.startswith(f"# The local model, {model.version}\n")
    assert f"below a confidence of {model.decision.unsure_below:.3f}" in card
    assert f"Trained on the {len(read_corpus())} messages" in card


@pytest.mark.parametrize(
    ("outcomes", "expected", "threshold"),
    [
        ([(0.9, True), (0.6, True), (0.4, False), (0.3, True), (0.1, False)], 3, 0.3),
        ([(0.9, True), (0.6, False), (0.5, False), (0.4, False), (0.3, True)], 2, 0.9),
        ([(0.9, False)], 0, 0.0),
        ([], 3, 0.0),
    ],
)
def test_sure_is_what_gives_the_best_f1(outcomes: list[tuple[float, bool]], expected: int, threshold: float) -> None:
    assert surest_from(outcomes, expected) == threshold


def test_a_persona_that_nothing_was_labelled_with_is_never_told(small: Sequence[Message]) -> None:
    champions = [message for message in small if Persona("champion") in personas_of(message)]
    others = [message for message in small if message not in champions]
    model = train(others, load_taxonomy(), Fitting()).model
    found = LocalClassifier(model).classify([message.text for message in champions], Context(load_taxonomy()))
    told = {insight.labels.persona for each in found for insight in each.insights}
    assert told
    assert "champion" not in told


def personas_of(message: Message) -> set[Persona]:
    return {message.persona, *(item.labels.persona for item in message.items or ())}


def test_no_voice_has_heard_the_files_that_it_is_measured_on(trained: Training, fitting: Fitting) -> None:
    assert fitting.left_out == [frozenset({"feature_boards"}), frozenset({"reviews_verbatims"}), frozenset()]
    assert set(trained.files) == FILES


def test_each_file_can_be_left_out_alone(small: Sequence[Message]) -> None:
    fitting = Fitting()
    three = [replace(message, file="other") if place % 9 == 0 else message for place, message in enumerate(small)]
    training = train(three[::4], load_taxonomy(), fitting, LeaveOut.EACH)
    assert fitting.left_out == [{"feature_boards"}, {"other"}, {"reviews_verbatims"}, set()]
    assert "Each file was left out in turn" in write_card(
        training.overall, training.files, training.model, training.leave_out
    )


def test_what_was_made_before_a_break_is_not_made_again_and_half_of_it_is_never_used(tmp_path: Path) -> None:
    made = []

    def make(path: Path) -> None:
        path.write_text("half")
        made.append(path)
        if len(made) == 1:
            raise KeyboardInterrupt
        path.write_text("whole")

    def kept(*made_of: bytes) -> str:
        return keep(tmp_path, made_of, make, ending=".onnx").read_text()

    with pytest.raises(KeyboardInterrupt):
        kept(b"a", b"b")
    assert [kept(b"a", b"b"), kept(b"a", b"b"), kept(b"ab"), kept(b"ab")] == ["whole"] * 4
    assert len(made) == 3


def test_what_is_left_out_teaches_nothing(small: Sequence[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifiers.heads.STEPS", 3)
    few = small[::4]
    upset = [
        replace(message, side=FeedbackSide.NEITHER, themes=(), items=())
        if message.file == "feature_boards"
        else message
        for message in few
    ]
    one, two = (Trainer(each, layout_of(load_taxonomy())).fit(without={"feature_boards"}) for each in (few, upset))
    assert np.array_equal(one.weights, two.weights)


def test_every_file_is_left_out_once_and_like_kinds_apart() -> None:
    files = {message.file for message in read_corpus()}
    groups = groups_of(files)
    assert sorted(file for group in groups for file in group) == sorted(files)
    assert [*map(set, groups_of(files, LeaveOut.EACH))] == [{file} for file in sorted(files)]
    assert not any({"slack_pastes", "channel_pastes"} <= group for group in groups)


def test_reviews_of_a_team_leave_every_file_in_its_group() -> None:
    files = {message.file for message in read_corpus()}
    alone, beside = groups_of(files), groups_of({*files, REVIEWS})
    assert [group - {REVIEWS} for group in beside] == alone
    assert sum(REVIEWS in group for group in beside) == 1


def test_corpus_that_breaks_the_codebook_is_not_trained_on(small: Sequence[Message]) -> None:
    with pytest.raises(TaxonomyError, match="breaks the codebook"):
        train(small, load_taxonomy().__class__("0", {}, {}, {}), Fitting())


def test_commonest_persona_counts_the_first_theme(small: Sequence[Message]) -> None:
    assert commonest_personas([message for message in small if message.themes[:1] == ("cost",)]) == {
        "cost": "economic_buyer"
    }


def long_message(messages: Sequence[Message]) -> Message:
    """Make a message of several windows: problems in the first and in the last, and much small talk between them."""
    first, last = [message for message in messages if message.items][:2]
    items = (*(first.items or ()), *(last.items or ()))
    taxonomy = load_taxonomy()
    themes = tuple(item.labels.theme for item in items)
    return replace(
        first,
        text=f"{first.text}\n{'See you at the station at nine, bring a coat. ' * 80}\n{last.text}",
        side=feedback_side(taxonomy.themes[theme].side for theme in themes),
        themes=themes,
        items=items,
    )


@pytest.fixture(scope="module")
def small() -> list[Message]:
    """Every fourth message of two files: enough for most labels, quick to train on."""
    return [message for message in read_corpus() if message.file in FILES][::4]


class Fitting:
    """Stands in for fitting, which takes an hour and its own packages: the shipped voices whatever is left out."""

    def __init__(self) -> None:
        model = load_model()
        self._voices = Voices(model.heads, model.encoder)
        self.left_out: list[Collection[str]] = []

    def __call__(self, name: str, *, without: Collection[str] = ()) -> Voices:
        self.left_out.append(frozenset(without))
        return self._voices


class FittingWords(Fitting):
    """The same, but that the n-grams of the model itself are really fitted."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__()
        self._trainer = Trainer(messages, layout_of(load_taxonomy()))

    def __call__(self, name: str, *, without: Collection[str] = ()) -> Voices:
        voices = super().__call__(name, without=without)
        return voices if without else Voices(self._trainer.fit(), voices.encoder)


@pytest.fixture(scope="module")
def fitting() -> Fitting:
    return Fitting()


@pytest.fixture(scope="module")
def trained(small: Sequence[Message], fitting: Fitting) -> Training:
    return train(small, load_taxonomy(), fitting)

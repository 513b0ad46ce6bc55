"""``ballast train``: what people judged becomes what is learnt from, and never gets into the package."""

import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.own_folder import make_sure_of
from bot.cli.train import choose_folder, train_command
from bot.errors import InputError
from bot.lessons import lessons_of, read_lessons
from bot.settings import load_settings
from classifiers.corpus import Message, check_corpus
from classifiers.model_file import MODEL
from classifiers.taxonomy import load_taxonomy
from storage.database import Database
from storage.ids import FeedbackId
from storage.taught import Judged, Taught
from storage.vocabulary import Verdict
from tests.factories import NOW, TEAM, TEXT, USER_LABELS, make_decision, make_labels, make_workspace
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

TAXONOMY = load_taxonomy()
QUOTE = "who changed the figures"


def test_what_people_judged_becomes_sound_lessons_with_what_now_holds(sqlite_database: Database) -> None:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(TEAM), NOW)
    ids = [capture(store)[1] for _ in range(3)]
    store.reviews.decide(make_decision(ids[0], Verdict.CORRECTED, labels=USER_LABELS))
    store.reviews.decide(make_decision(ids[1], Verdict.REJECTED))

    learnt = read_lessons(store, TEAM, TAXONOMY)

    assert [(each.text, each.side.value, each.themes) for each in learnt] == [
        (TEXT, "user", ("fewer_steps",)),
        (TEXT, "neither", ()),
    ]
    assert check_corpus(learnt, TAXONOMY) == []


def test_feedback_that_is_judged_in_part_teaches_only_its_judged_passages() -> None:
    passages = (Taught("figures", None), Taught(QUOTE, make_labels()))
    assert [(each.text, each.themes) for each in lessons(passages, whole=False)] == [
        ("figures", ()),
        (QUOTE, ("compliance",)),
    ]


def test_a_persona_of_the_team_is_learnt_as_unknown_and_a_theme_that_is_gone_not_at_all() -> None:
    (mary,) = lessons((Taught(QUOTE, make_labels(persona="mary")),), whole=True)
    assert (mary.persona, mary.themes) == ("unknown", ("compliance",))
    assert lessons((Taught(QUOTE, make_labels("astrology")),), whole=True) == []


@pytest.mark.parametrize("out", [MODEL, MODEL / "own", MODEL.parent])
def test_what_learnt_from_reviews_never_gets_into_the_package(out: Path) -> None:
    with pytest.raises(InputError, match="does not go into the package"):
        choose_folder(out, load_settings({}), with_reviews=True)


def test_what_is_kept_for_later_never_gets_into_the_package_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path))
    assert "does not go into the package" in str(run("--with-reviews", "--keep", str(MODEL)).exception)


def test_a_model_with_reviews_goes_to_the_data_folder_and_another_to_the_package(tmp_path: Path) -> None:
    settings = load_settings({"BALLAST_DATA_DIR": str(tmp_path)})
    assert choose_folder(None, settings, with_reviews=True) == tmp_path / "model"
    assert choose_folder(None, settings, with_reviews=False) == MODEL
    assert choose_folder(tmp_path, settings, with_reviews=True) == tmp_path


def test_missing_packages_are_named_with_the_command_that_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("train", "teaching", "exporting", "network"):
        monkeypatch.delitem(sys.modules, f"classifiers.{module}", raising=False)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(sys, "meta_path", [WithoutTorch(), *sys.meta_path])

    error = run("--out", "nowhere").exception

    assert isinstance(error, InputError)
    assert "torch" in str(error)
    assert "make train" in str(error)


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="name a folder that you may write to"):
        make_sure_of(tmp_path / "file")
    make_sure_of(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []


@pytest.mark.parametrize(("options", "told"), [((), "nothing was written"), (("--keep", "kept"), "it goes on with")])
def test_a_training_that_is_stopped_says_what_is_left_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "classifiers.train", SimpleNamespace(train_into=stop))
    stopped = run("--out", "model", *options)
    assert stopped.exit_code == 130
    assert told in stopped.stderr


def test_nothing_judged_is_nothing_to_learn_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path))
    assert isinstance(run("--with-reviews").exception, InputError)


class WithoutTorch(MetaPathFinder):
    """An environment without the packages that train, whatever is installed here."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "torch":
            raise ModuleNotFoundError(name=name)


def lessons(passages: tuple[Taught, ...], *, whole: bool) -> list[Message]:
    return list(lessons_of([Judged(FeedbackId(1), TEXT, passages, whole)], TAXONOMY))


def run(*arguments: str) -> Result:
    program = typer.Typer()
    program.command("train")(train_command)
    return CliRunner().invoke(program, list(arguments))

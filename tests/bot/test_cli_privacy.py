"""Forgetting and exporting at the terminal: shown first, asked for, and said what is not reached."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.keeping import remember_terminal
from bot.views.settings_words import logged
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database, open_database
from storage.history import History
from storage.ids import FeedbackId, UserId
from storage.schema import upgrade
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, NOW, TEAM, make_ts, make_workspace
from tests.storage.forgotten import rows_with
from tests.storage.settled import WANTED, capture
from tests.storage_fixtures import make_store

FORGET = ["forget", "--reporter", "U0JANE"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kept" / "ballast.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def history(file: Path) -> Iterator[Database]:
    """A history with one message of Jane's, and a copy from before an upgrade beside it."""
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    store = make_store(database)
    store.workspaces.remember(make_workspace(), NOW)
    capture(store, reporter=UserId("U0JANE"))
    file.with_name("ballast-before-0006.db").write_bytes(b"U0JANE")
    yield database
    database.close()


def words(history: Database) -> str:
    return History(history).feedback(TEAM, FeedbackId(1)).text


def test_a_dry_run_shows_what_is_kept_and_erases_nothing(history: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program([*FORGET, "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "1 message: words, names, links and account" in shown
    assert "1 problem: found in them" in shown
    assert "ballast-before-0006.db" in shown
    assert "Nothing was erased" in shown
    assert words(history)


def test_nothing_is_erased_where_nobody_can_be_asked(history: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(FORGET) == 1
    assert "Add --yes" in capsys.readouterr().err
    assert words(history)


def test_what_is_asked_for_is_erased_and_the_copies_are_named(
    history: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_program([*FORGET, "--yes"]) == 0
    told = capsys.readouterr().out
    assert "Erased." in told
    assert "Not reached: copies of the database from before upgrades, beside it: ballast-before-0006.db." in told
    assert words(history) == ""
    assert file.with_name("ballast-before-0006.db").exists()


def test_whoever_only_saved_what_others_wrote_is_forgotten_with_the_note_beside_it(
    history: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    saver = UserId("U0SAVER12")
    feedback_id, _ = capture(make_store(history), saved_by=saver, note="I met their CTO")
    make_store(history).fetches.ask(replace(WANTED, asked_by=saver), NOW)

    assert run_program(["forget", "--reporter", saver, "--yes"]) == 0

    told = capsys.readouterr().out
    assert "1 message of other people: the words stay" in told
    assert "1 request: to save a message" in told
    assert "Erased." in told
    assert History(history).feedback(TEAM, feedback_id).text
    assert [rows_with(history, each, TEAM) for each in (saver, "CTO")] == [0, 0]

    assert run_program(["forget", "--reporter", saver, "--yes"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is kept of it.")


def test_the_copies_go_when_that_is_asked(history: Database, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program([*FORGET, "--yes", "--copies"]) == 0
    assert "Deleted: ballast-before-0006.db" in capsys.readouterr().out
    assert not file.with_name("ballast-before-0006.db").exists()
    assert file.exists()


@pytest.mark.parametrize("options", [[], ["--reporter", "U1", "--name", "Jane"], ["--name", "  "]])
def test_exactly_one_thing_is_forgotten_at_a_time(
    history: Database, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_program(["forget", *options, "--yes"]) == 1
    assert "Name one of" in capsys.readouterr().err
    assert words(history)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--reporter", "@bob"], "“@bob” is no person's id. Give it (U…)"),
        (["--channel", "tomorrow"], "Ballast never met a channel tomorrow. Give its id (C…)"),
        (["--channel", "#nowhere"], "Ballast never met a channel #nowhere."),
        (["--account", "acm"], "No account called “acm” has been heard. Did you mean “Acme”?"),
    ],
)
def test_a_name_that_finds_nothing_is_not_taken_for_nothing_kept(
    history: Database, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capture(make_store(history), text="Acme waits.", account="Acme", ts=make_ts(1))
    assert run_program(["forget", *options, "--yes"]) == 1
    assert told in capsys.readouterr().err


def test_a_channel_is_forgotten_by_the_name_that_ballast_met_it_by(
    history: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    make_store(history).workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    assert run_program(["forget", "--channel", "#feedback", "--dry-run"]) == 0
    assert "1 message: words, names, links and account" in capsys.readouterr().out


def test_the_log_says_that_a_word_to_ignore_was_dropped_at_the_terminal(history: Database) -> None:
    choices = make_store(history).choices
    choices.choose(Choosing(TEAM, None, UserId("U1"), NOW), Wanted(ignored_words=("Jane",)), tell=lambda _: ())

    assert run_program(["forget", "--name", "Jane", "--yes"]) == 0

    line = logged(choices.log.changes(TEAM)[0], {}, "UTC")
    assert line.endswith("· whoever runs Ballast · everywhere · Words to ignore: … → none")


def test_whoever_names_no_workspace_is_told_that_the_terminal_has_a_history_too(
    history: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remember_terminal(make_store(history).workspaces, NOW)
    aside = f"This is about {TEAM} alone; for what came in at the terminal, add --team terminal."

    for command in (FORGET, ["export", str(tmp_path / "out")]):
        assert run_program([*command, *(["--yes"] if command is FORGET else [])]) == 0
        assert aside in " ".join(capsys.readouterr().out.split())

    assert words(history) == ""
    assert run_program([*FORGET, "--team", TEAM, "--dry-run"]) == 0
    assert aside not in capsys.readouterr().out


def test_an_export_says_what_it_left_out(history: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["export", str(tmp_path / "out")]) == 0
    assert "--with-reporters puts it in" in " ".join(capsys.readouterr().out.split())
    [line] = (tmp_path / "out/feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert "reporter" not in json.loads(line)

    assert run_program(["export", str(tmp_path / "all"), "--with-reporters"]) == 0
    [line] = (tmp_path / "all/feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["reporter"] == "U0JANE"

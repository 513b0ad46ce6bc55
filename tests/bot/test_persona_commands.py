"""Personas of a team's own, at the terminal: added by name, found by no other's words, removed with a count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.keeping import TERMINAL
from bot.parts import Store
from bot.personas import MOST_WORDS
from storage.database import Database
from storage.personas import MOST
from storage.vocabulary import FeedbackState
from tests.factories import NOW, OTHER_TEAM, OWNER, TEAM, make_persona, make_workspace
from tests.storage_fixtures import make_store

MARY = ["Mary, the CFO", "--definition", "Signs what we cost.", "--alias", "Mary", "--alias", "our  CFO"]
Run = Callable[..., str]


@pytest.fixture
def store(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.engine.url))
    return make_store(sqlite_database)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], store: Store) -> Run:
    def run(*arguments: str, status: int = 0) -> str:
        assert run_program(arguments) == status
        shown = capsys.readouterr()
        return " ".join((shown.err if status else shown.out).split())

    return run


def test_a_persona_is_added_shown_and_removed(run: Run, store: Store) -> None:
    assert "No persona of your own yet" in run("persona", "list")

    told = run("persona", "add", *MARY, "--example", "What does it cost?", "--pains", "Late invoices")

    assert told.startswith("Added: Mary, the CFO (mary_the_cfo). New messages are read with it. Kept in the terminal's")
    [entry] = store.personas.of(TERMINAL)
    words = ("Mary, the CFO", "Signs what we cost.", ("Mary", "our CFO"), ("What does it cost?",), "Late invoices")
    assert (entry.name, entry.definition, entry.aliases, entry.examples, entry.pains) == words
    assert "mary_the_cfo" in run("persona", "list")
    assert "Removed: Mary, the CFO. 0 problems carry it" in run("persona", "remove", "our cfo")
    assert store.personas.of(TERMINAL) == []


def test_whoever_only_looks_makes_no_history_and_whoever_adds_is_told_which_one_has_it(run: Run, store: Store) -> None:
    run("persona", "list")
    run("accounts", "list")
    assert store.workspaces.teams() == []

    assert "which no Slack workspace reads: once one is connected, do this again." in run("persona", "add", *MARY)

    store.workspaces.remember(make_workspace(TEAM), NOW)
    assert run("persona", "add", *MARY).endswith(f"Kept in Acme ({TEAM}).")
    assert [len(store.personas.of(team)) for team in (TERMINAL, TEAM)] == [1, 1]


def test_messages_are_read_with_it_and_keep_the_label_when_it_is_removed(
    run: Run, store: Store, tmp_path: Path
) -> None:
    run("persona", "add", *MARY)
    (tmp_path / "a.csv").write_text("Body,Created\nMary wants an audit log of who changed the figures.,2026-11-02\n")
    run("import", str(tmp_path / "a.csv"), "--map", "text=Body,date=Created")

    assert store.queue.counts(TERMINAL)[FeedbackState.CLASSIFIED] == 1
    told = run("persona", "remove", "mary_the_cfo")
    assert "1 problem carries it and will go by “mary_the_cfo”." in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["  ", "--definition", "x"], "name of a persona cannot be empty"),
        (["…", "--definition", "x"], "letters or digits"),
        (["Ann", "--definition", " "], "definition of a persona cannot be empty"),
        (["Ann", "--definition", "x", "--alias", ""], "alias of a persona cannot be empty"),
        (["Ann", "--definition", "x" * 501], "at most 500"),
        (["A" * 61, "--definition", "x"], "at most 60"),
        (["Ann", "--definition", "x", *["--example", "y"] * (MOST_WORDS + 1)], "at most 20 times --example"),
        (["Champion", "--definition", "x"], "already a name of the persona Champion"),
        (["Ann", "--definition", "x", "--alias", "CFO"], "already a name of the persona Economic buyer"),
        (["mary", "--definition", "x"], "already a name of the persona Mary, the CFO (mary_the_cfo)"),
    ],
)
def test_what_is_empty_too_much_or_taken_is_refused(run: Run, store: Store, arguments: list[str], says: str) -> None:
    run("persona", "add", *MARY)

    assert says in run("persona", "add", *arguments, status=1)

    assert len(store.personas.of(TERMINAL)) == 1


def test_more_than_a_list_can_show_are_refused(run: Run, store: Store) -> None:
    run("persona", "add", *MARY)
    for number in range(MOST - 1):
        store.personas.add(TERMINAL, make_persona(f"p{number}"), OWNER, NOW)

    assert f"There are {MOST} personas" in run("persona", "add", "Ann", "--definition", "Leads", status=1)


def test_only_ones_own_can_be_removed_in_the_workspace_that_is_named(run: Run, store: Store) -> None:
    assert "those that ship with Ballast stay" in run("persona", "remove", "champion", status=1)
    for team in (TEAM, OTHER_TEAM):
        store.workspaces.remember(make_workspace(team), NOW)
        store.personas.add(team, make_persona(), OWNER, NOW)

    assert "--team" in run("persona", "remove", "mary", status=1)
    assert "Known are: Mary, the CFO" in run("persona", "remove", "bob", "--team", TEAM, status=1)
    run("persona", "remove", "mary", "--team", TEAM)

    assert [len(store.personas.of(team)) for team in (TEAM, OTHER_TEAM)] == [0, 1]

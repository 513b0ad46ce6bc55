from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.keeping import remember_terminal
from storage.database import Database, open_database
from storage.ids import TeamId
from storage.schema import upgrade
from storage.vocabulary import ChannelKind
from tests.factories import (
    LEASE,
    NOW,
    PRIVATE,
    TEAM,
    TEXT,
    make_classification,
    make_feedback,
    make_insight,
    make_workspace,
)
from tests.storage_fixtures import make_store

SAID = datetime(2026, 11, 11, 12, tzinfo=UTC)  # in 2026-W46


def test_the_named_week_is_printed(history: Database, capsys: pytest.CaptureFixture[str]) -> None:
    share(history)
    assert run_program(["digest", "--week", "2026-W46"]) == 0
    shown = capsys.readouterr().out
    assert "9–15 Nov 2026 (week 46)" in shown
    assert "who changed the figures" in shown


def test_json_and_blocks_are_valid_json(history: Database, capsys: pytest.CaptureFixture[str]) -> None:
    share(history)
    assert run_program(["digest", "--week", "2026-W46", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == 1
    assert run_program(["digest", "--week", "2026-W46", "--format", "blocks"]) == 0
    message = json.loads(capsys.readouterr().out)
    assert message["blocks"][0]["type"] == "header"
    assert "9–15 Nov 2026" in message["text"]


def test_a_page_is_written_to_a_file(history: Database, tmp_path: Path) -> None:
    share(history)
    page = tmp_path / "digest.html"
    assert run_program(["digest", "--week", "2026-W46", "--format", "html", "--out", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert os.name == "nt" or stat.S_IMODE(page.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_a_private_channels_words_are_shown_for_that_channel_alone(
    history: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    make_store(history).workspaces.meet_channel(TEAM, PRIVATE, "secret", ChannelKind.PRIVATE)
    share(history, private=True)
    run_program(["digest", "--week", "2026-W46"])
    assert "who changed the figures" not in capsys.readouterr().out
    run_program(["digest", "--week", "2026-W46", "--channel", PRIVATE])
    assert "who changed the figures" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--week", "2026-W60"], "no week that I know"),
        (["--week", "0001-W01"], "no week that I know"),
        (["--channel", "C0NOWHERE"], "Ballast never met a channel C0NOWHERE"),
        (["--team", "T0NOBODY"], "Name one of these workspaces with --team: T0ACME"),
        (["--out", "nowhere/digest.txt"], "Name another place with --out"),
    ],
)
def test_what_cannot_be_used_is_answered_with_a_sentence(
    history: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    share(history)
    assert run_program(["digest", *arguments]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("configured")
def test_a_history_without_a_workspace_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["digest"]) == 1
    said = capsys.readouterr().err
    assert "holds no workspace yet" in said
    assert "“ballast import FILE”" in said


def test_one_of_several_workspaces_must_be_named(history: Database, capsys: pytest.CaptureFixture[str]) -> None:
    make_store(history).workspaces.remember(make_workspace(TeamId("T0OTHER")), NOW)
    assert run_program(["digest"]) == 1
    assert "T0ACME, T0OTHER" in capsys.readouterr().err
    assert run_program(["digest", "--team", "T0OTHER"]) == 0


def test_what_came_in_at_the_terminal_is_left_aside_unless_it_is_named(
    history: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    share(history)
    remember_terminal(make_store(history).workspaces, NOW)

    assert run_program(["digest", "--week", "2026-W46"]) == 0
    assert "who changed the figures" in capsys.readouterr().out
    assert run_program(["digest", "--week", "2026-W46", "--team", "terminal"]) == 0
    assert "who changed the figures" not in capsys.readouterr().out


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'history.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    return address


@pytest.fixture
def history(configured: str) -> Iterator[Database]:
    database = open_database(configured)
    upgrade(database)
    make_store(database).workspaces.remember(make_workspace(TEAM), NOW)
    yield database
    database.close()


def share(history: Database, *, private: bool = False) -> None:
    store = make_store(history)
    where = {"channel_id": PRIVATE, "channel_kind": ChannelKind.PRIVATE} if private else {}
    store.intake.take_in(make_feedback(TEXT, said_at=SAID, **where), NOW)
    (claimed,) = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.queue.save(claimed, make_classification(make_insight()), taxonomy_version="1", at=NOW)

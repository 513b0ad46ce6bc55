"""An export holds everything that may come out, and says of every column what it is."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import InputError
from bot.exporting import README, Exported, export
from bot.parts import Store
from storage.database import Database
from storage.exporting import Exporting, Scope
from storage.ids import UserId
from storage.rows import ChannelRow, FeedbackRow
from storage.sheets import SHEETS
from storage.vocabulary import ChannelKind, Duty
from tests.factories import (
    CHANNEL,
    NOW,
    OTHER_TEAM,
    OWNER,
    PRIVATE,
    TEAM,
    make_decision,
    make_feedback,
    make_insight,
    make_persona,
    make_remarks,
    make_workspace,
)
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

PEOPLE = {"U0JANE", "Jane", "U0PERSON", OWNER}


@pytest.fixture
def full(store: Store) -> Store:
    """A workspace in which one of everything has happened, in public and in private."""
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.workspaces.meet_channel(TEAM, PRIVATE, "acquisition", ChannelKind.PRIVATE)
    _, insight = capture(store, reporter=UserId("U0JANE"), reporter_name="Jane", saved_by=OWNER, note="a\nnote ü")
    store.reviews.decide(make_decision(insight))
    store.reviews.propose(make_decision(insight))
    capture(store, channel_id=PRIVATE, channel_kind=ChannelKind.PRIVATE, permalink="https://acme.example/1")
    capture(store, team_id=OTHER_TEAM)
    store.workspaces.name_duty(TEAM, OWNER, Duty.OWNER, OWNER, NOW)
    store.personas.add(TEAM, make_persona(), OWNER, NOW)
    store.schedules.set(TEAM, CHANNEL, owner=OWNER, weekday=0, hour=9, minute=0, zone="UTC", at=NOW)
    store.choices.note_app(TEAM, "B1", "Zendesk", NOW)
    store.choices.opt_out(TEAM, OWNER, NOW)
    store.choices.opt_in(TEAM, OWNER, NOW)
    return store


def test_an_export_names_nobody_and_holds_no_word_of_a_closed_channel(
    full: Store, database: Database, tmp_path: Path
) -> None:
    written = write(database, tmp_path / "out")

    assert [line["text"] for line in lines(tmp_path / "out/feedback.jsonl")] == [make_feedback().text]
    assert (written.lines["feedback"], written.lines["problems"], written.left_out) == (1, 1, 1)
    held = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert not [name for name in PEOPLE if re.search(rf"\b{name}\b", held)]
    assert "acquisition" not in held
    assert "acme.example/1" not in held
    assert not (tmp_path / "out/duties.jsonl").exists()


def test_a_full_export_holds_them_when_it_is_asked_for(full: Store, database: Database, tmp_path: Path) -> None:
    write(database, tmp_path / "out", with_people=True, with_closed=True)

    first, second = lines(tmp_path / "out/feedback.jsonl")
    assert (first["reporter"], first["reporter_name"], first["saved_by"]) == ("U0JANE", "Jane", OWNER)
    assert (second["channel_id"], second["permalink"]) == (PRIVATE, "https://acme.example/1")
    [review] = lines(tmp_path / "out/reviews.jsonl")
    assert (review["reviewer"], review["verdict"], review["reviewed_at"]) == (
        OWNER,
        "confirmed",
        "2026-11-18T10:00:00Z",
    )
    [proposal] = lines(tmp_path / "out/proposals.jsonl")
    assert (proposal["proposer"], proposal["verdict"]) == (OWNER, "confirmed")
    assert [one["user_id"] for one in lines(tmp_path / "out/duties.jsonl")] == [OWNER]


@pytest.mark.parametrize("stated", [True, False, None])
def test_an_export_tells_whether_the_text_names_the_persona(
    store: Store, database: Database, tmp_path: Path, stated: bool | None
) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    capture(store, make_insight(remarks=make_remarks(persona_stated=stated)))
    write(database, tmp_path / "out")

    assert [problem["persona_stated"] for problem in lines(tmp_path / "out/problems.jsonl")] == [stated]


def test_a_channel_that_counts_elsewhere_comes_out_without_its_words(
    full: Store, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        session.execute(update(ChannelRow).where(ChannelRow.channel_id == PRIVATE).values(counted_elsewhere=True))

    written = write(database, tmp_path / "out")

    closed = lines(tmp_path / "out/feedback.jsonl")[1]
    assert (closed["channel_id"], closed["text"], closed["permalink"]) == (PRIVATE, None, None)
    assert [one["quote"] for one in lines(tmp_path / "out/problems.jsonl")] == ["who changed the figures", None]
    assert written.left_out == 0


def test_every_column_of_every_line_is_explained_and_nothing_else_is(
    full: Store, database: Database, tmp_path: Path
) -> None:
    write(database, tmp_path / "out", with_people=True, with_closed=True)

    page = (tmp_path / "out" / README).read_text(encoding="utf-8")
    for sheet in SHEETS:
        section = page.partition(f"## {sheet.name}.jsonl")[2].partition("\n## ")[0]
        explained = re.findall(r"^\| (\w+) \| \S", section, re.MULTILINE)
        assert explained[1:] == [field.name for field in sheet.fields]
        for line in lines(tmp_path / f"out/{sheet.name}.jsonl"):
            assert list(line) == explained[1:]


def test_no_column_of_a_message_is_kept_back_without_a_reason() -> None:
    """What is not in the export is how a message travels through the queue, and what follows from the rest."""
    inner = {
        *("team_id", "folded", "account_folded", "attempts", "next_attempt_at", "token", "failure", "text_version"),
        *("event_id", "current_classification_id", "counts_as", "edited_ts", "outside", "outside_due"),
    }
    given = {field.column.key for field in SHEETS[0].fields}
    kept = {column.key for column in FeedbackRow.__table__.columns}
    assert {name for name in kept - given - inner if not name.startswith("stated_")} == set()


def test_long_histories_are_read_in_pages_and_whole(sqlite_database: Database, tmp_path: Path) -> None:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(), NOW)
    for _ in range(1003):
        store.intake.take_in(make_feedback(), NOW)

    assert write(sqlite_database, tmp_path / "out").lines["feedback"] == 1003
    found = [line["feedback_id"] for line in lines(tmp_path / "out/feedback.jsonl")]
    assert found == sorted(set(found))
    assert len(found) == 1003


def test_nothing_is_overwritten_and_others_cannot_read_it(full: Store, database: Database, tmp_path: Path) -> None:
    write(database, tmp_path / "out")

    assert stat.S_IMODE((tmp_path / "out/feedback.jsonl").stat().st_mode) == 0o600
    with pytest.raises(InputError, match="not empty"):
        write(database, tmp_path / "out")


def write(database: Database, folder: Path, **scope: Any) -> Exported:
    return export(Exporting(database), Scope(TEAM, **scope), folder, at=NOW, progress=lambda _lines: None)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

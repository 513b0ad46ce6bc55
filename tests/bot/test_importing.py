"""A file into the history: each row once, every other told with its reason, however often it is begun."""

import csv
import io
import json
import os
import stat
import tracemalloc
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.importing
from bot.cli.standard_input import as_file
from bot.errors import InputError
from bot.importing import Imported, run_import, try_import
from bot.importing_rejects import rejects_at
from bot.importing_rows import Plan, check_dated
from bot.importing_words import found_words
from bot.keeping import TERMINAL, keep, remember_terminal
from bot.mappings import parse_map
from bot.parts import Store
from bot.reading import messages, survey, take_sample
from bot.reading_columns import Columns
from bot.reading_form import find_form
from storage.database import Database
from storage.erasing import Erasing
from storage.ids import ChannelId, Ts, slack_origin
from storage.imports import Imports
from storage.vocabulary import ChannelKind, FeedbackState, Voice
from storage.workspaces import Workspaces
from tests.factories import NOW, TEAM

MAP = parse_map("text=Body,date=Created,account=Company,author=From,url=Link,key=ID")
HEAD = ("ID", "Created", "Company", "From", "Body", "Link")


def rows(count: int, begin: int = 1) -> list[tuple[str, ...]]:
    return [
        (str(number), "2026-11-02 10:15", "Acme", "Ann", f"It is slow, says number {number}", "")
        for number in range(begin, begin + count)
    ]


def write(path: Path, lines: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *lines])
    return path


def plan_of(path: Path, columns: Columns = MAP, **changes: Any) -> Plan:
    form = find_form(path)
    sample = take_sample(path, form)
    surveyed = survey(path, columns, now=NOW, form=form)
    return replace(Plan(TERMINAL, surveyed, sample.names, UTC, NOW), **changes)


def do(database: Database, plan: Plan, progress: Callable[[int], None] = lambda _: None) -> Imported:
    place = plan.surveyed.path.with_name("rejects.csv")
    with rejects_at(place, plan.names) as rejects:
        return run_import(plan, Imports(database), rejects, lambda: NOW, progress)


def rejected(path: Path) -> dict[int, str]:
    with path.with_name("rejects.csv").open(newline="", encoding="utf-8") as file:
        return {int(row["ballast line"]): row["ballast reason"] for row in csv.DictReader(file)}


@pytest.fixture
def terminal(store: Store) -> Store:
    remember_terminal(store.workspaces, NOW)
    return store


def test_every_row_comes_in_once_however_often_it_is_imported(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [*rows(3), *rows(1)])

    assert do(database, plan_of(path)) == Imported(new=3, known=1, rejected=0)
    assert do(database, plan_of(path)) == Imported(new=0, known=4, rejected=0)
    write(path, [*rows(3), *rows(2, 10)])
    assert do(database, plan_of(path)) == Imported(new=2, known=3, rejected=0)
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 5


def test_without_a_key_a_row_is_known_by_what_it_says_as_try_keeps_it(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", rows(3))
    plan = plan_of(path, replace(MAP, key=None))
    kept = keep(messages(plan.surveyed), terminal.workspaces, terminal.intake, NOW)

    assert kept.new == 3
    assert do(database, plan) == Imported(new=0, known=3, rejected=0)


def test_what_cannot_come_in_is_told_with_its_line_and_reason(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    bad = ("4", "no day", "A", "B", "It is slow", ""), ("5", "2031-01-01", "A", "B", "It is slow", "")
    path = write(tmp_path / "a.csv", [*rows(2), *bad, ("6", "2026-11-02", "A", "B", " ", ""), *rows(1, 7)])
    with path.open("a", encoding="utf-8") as file:
        file.write('8,2026-11-02,A,B,"never closed,\n1,2026-11-02,A,B,Quite other words,\n9,2026-11-02,A,B,Good,\n')

    assert do(database, plan_of(path)) == Imported(new=4, known=0, rejected=5)

    reasons = rejected(path)
    assert list(reasons) == [4, 5, 6, 8, 9]
    for line, words in {4: "date", 5: "future", 6: "no text", 8: "never closed", 9: "other words"}.items():
        assert words in reasons[line]
    place = path.with_name("rejects.csv")
    assert "never closed" in place.read_text(encoding="utf-8")
    assert os.name == "nt" or stat.S_IMODE(place.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_rejected_rows_can_be_mended_and_imported_from_their_own_file(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [*rows(2), ("4", "no day", "A", "B", "It is slow", "")])
    do(database, plan_of(path))
    place = path.with_name("rejects.csv")
    mended = place.rename(tmp_path / "mended.csv")
    mended.write_text(mended.read_text(encoding="utf-8").replace("no day", "2026-11-03"), encoding="utf-8")

    assert do(database, plan_of(mended)) == Imported(new=1, known=0, rejected=0)


def test_rejected_rows_keep_every_column_whatever_it_is_called(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Line,Reason,row,Date,Message\nBasic,Too slow,7,no day,"It is slow"\nPro,x,8,2026-11-02,"a\n')
    do(database, plan_of(path, Columns()))
    (first, second) = csv.DictReader(path.with_name("rejects.csv").read_text(encoding="utf-8").splitlines())

    assert (first["Line"], first["Reason"], first["row"], first["Message"]) == ("Basic", "Too slow", "7", "It is slow")
    assert (first["ballast line"], second["ballast row"]) == ("2", 'Pro,x,8,2026-11-02,"a')

    again = path.with_name("rejects.csv").rename(tmp_path / "again.csv")
    do(database, plan_of(again, Columns()))
    assert 'Pro,x,8,2026-11-02,""a' in path.with_name("rejects.csv").read_text(encoding="utf-8"), "its words were lost"


def test_our_words_beside_a_rejected_row_are_not_taken_for_its_own(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    reason = "its date cannot be read, and without one it is in no week"
    path.write_text(f'ballast line,ballast reason,ballast row,When,Said\n2,"{reason}",,2026-11-02,It is slow\n')
    assert plan_of(path, Columns()).surveyed.columns == Columns(text="Said", date="When")


@pytest.mark.parametrize("again", ["the whole file", "an import that was cut off", "the rejected rows"])
def test_a_row_whose_date_was_to_come_comes_in_once_it_has_come(
    database: Database, terminal: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    monkeypatch.setattr(bot.importing, "BATCH", 2)
    coming = ("9", "2026-12-24 10:15", "Acme", "Ann", "It will be slow", "")
    path = write(tmp_path / "a.csv", [coming, *rows(3)])

    def stop(_: int) -> None:
        if again == "an import that was cut off":
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        assert do(database, plan_of(path), stop) == Imported(new=3, known=0, rejected=1)
    if again == "the rejected rows":
        path = path.with_name("rejects.csv").rename(tmp_path / "b.csv")
        assert do(database, plan_of(path)) == Imported(new=0, known=0, rejected=1)
    later = plan_of(path, now=NOW + timedelta(days=60))

    assert do(database, later).rejected == 0
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 4
    assert do(database, later).new == 0


@pytest.mark.parametrize("stop_after", [1, 2, 5])
def test_an_import_that_was_cut_off_goes_on_and_ends_as_if_it_never_was(
    database: Database, terminal: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    monkeypatch.setattr(bot.importing, "BATCH", 4)
    lines = rows(30)
    lines[2] = (*lines[2][:1], "no day", *lines[2][2:])
    lines[13] = (*lines[0][:4], "Other words", "")
    path = write(tmp_path / "a.csv", lines)
    seen: list[int] = []

    def stop(number: int) -> None:
        seen.append(number)
        if len(seen) == stop_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(database, plan_of(path), stop)
    left = {one.name for one in tmp_path.iterdir()} - {"home", "work", "ballast.db", "ballast.db-wal", "ballast.db-shm"}
    monkeypatch.setattr(bot.importing, "BATCH", 7)

    assert left == {"a.csv"}, "half a file of rejected rows was left"
    assert do(database, plan_of(path)) == Imported(new=28, known=0, rejected=2, resumed_at=4 * stop_after)
    assert list(rejected(path)) == [4, 15]


def test_a_dry_run_counts_and_writes_nothing(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*rows(3), ("4", "no day", "A", "B", "It is slow", "")])
    plan = plan_of(path)

    assert try_import(plan, None, lambda _: None, shown=5)[0] == Imported(new=3, known=0, rejected=1)
    do(database, plan)
    imported, first = try_import(plan_of(write(path, rows(5))), Imports(database), lambda _: None, shown=5)

    assert (imported, first) == (Imported(new=2, known=3, rejected=0), [])
    assert terminal.queue.counts(TERMINAL)[FeedbackState.WAITING] == 3


def test_a_message_of_the_workspace_is_the_one_that_was_captured(
    database: Database, store: Store, tmp_path: Path
) -> None:
    link = "https://acme.example/archives/C0SECRET/p1790000001000100"
    path = write(tmp_path / "a.csv", [("1", "2026-11-02", "Acme", "Ann", "It is slow", link)])
    kinds = {ChannelId("C0SECRET"): ChannelKind.PRIVATE}
    plan = plan_of(path, team_id=TEAM, workspace_url="https://acme.example/", kinds=kinds)

    do(database, plan)

    feedback = store.history.by_origin(TEAM, slack_origin(ChannelId("C0SECRET"), Ts("1790000001.000100")))
    assert feedback is not None
    assert feedback.channel_kind is ChannelKind.PRIVATE


def test_a_ticket_leads_to_its_page_and_not_to_its_address_for_programs(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    links = "https://acme.zendesk.example/api/v2/tickets/7.json", "https://x.example/api/v2/notes/7.json"
    told = [(str(number), "2026-11-02", "Acme", "Ann", "It is slow", link) for number, link in enumerate(links)]
    do(database, plan_of(write(tmp_path / "a.csv", told)))

    claims = terminal.queue.claim(TERMINAL, limit=2, lease=NOW - NOW, at=NOW)
    kept = [terminal.history.feedback(TERMINAL, claim.feedback_id).permalink for claim in claims]
    assert kept == ["https://acme.zendesk.example/agent/tickets/7", links[1]]


def test_words_that_were_erased_do_not_come_back(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows(2))
    do(database, plan_of(path))
    Erasing(database).erase_words(TERMINAL, NOW, at=NOW)
    write(path, [*rows(2), *rows(1, 9)])

    assert do(database, plan_of(path)) == Imported(new=1, known=2, rejected=0)


def test_an_address_tells_the_account_and_is_kept_nowhere(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    author = {"name": "Ann", "email": "ann@globex.example"}
    path.write_text(json.dumps({"body": "It is slow", "created_at": 1790000001, "source": {"author": author}}))
    columns = parse_map("text=body,date=created_at,author=source.author.name,email=source.author.email")
    plan = plan_of(path, columns, account_of=lambda address: address.rpartition("@")[2])

    do(database, plan)

    (claim,) = terminal.queue.claim(TERMINAL, limit=1, lease=NOW - NOW, at=NOW)
    assert terminal.history.feedback(TERMINAL, claim.feedback_id).account == "globex.example"
    clues = terminal.placing.clues(TERMINAL, claim.feedback_id)
    assert "ann@" not in repr(clues)


def test_what_the_own_team_wrote_is_no_feedback(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    said = [("user", "It is slow"), ("admin", "We look into it"), ("Bot", "Was this helpful?"), ("lead", "Still slow")]
    path.write_text("\n".join(["who,body,at", *(f"{who},{words},2026-11-02" for who, words in said)]))

    assert do(database, plan_of(path, parse_map("text=body,date=at,by=who"))) == Imported(new=2, known=0, rejected=2)
    assert rejected(path) == {3: "your own team wrote it", 4: "your own team wrote it"}


def test_the_form_is_told_before_anything_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Datum;Text\n13.04.2026;Ärger\n03/05/2026 08:00;Noch mehr Ärger\n", encoding="cp1252")
    form = find_form(path)
    sample = take_sample(path, form)

    told = " ".join(found_words(survey(path, Columns(), now=NOW, form=form), sample, UTC))

    assert "semicolon, cp1252" in told
    assert "“03/05/2026 08:00” is read as 03 May 2026, 08:00 UTC" in told


def test_a_file_without_dates_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Body,Who\nIt is slow,Ann\n")
    plan = plan_of(path, Columns(text="Body"))
    with pytest.raises(InputError, match=r"--map date=NAME\. The columns are “Body”, “Who”"):
        check_dated(plan)
    plan = plan_of(path, Columns(text="Body", date="Who"))
    with pytest.raises(InputError, match="No date of the column “Who” can be read"):
        check_dated(plan)


def test_a_list_of_requirements_is_one_document_an_account_however_many_rows_it_has(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    path = tmp_path / "rfp.csv"
    rows_of = [
        f"{account},The product must do thing {number}" for account in ("Acme", "acme ", "B") for number in (1, 2)
    ]
    path.write_text("\n".join(["Customer,Requirement", *rows_of, "Acme,"]))
    plan = plan_of(path, Columns(text="Requirement"), voice=Voice.DOCUMENT)
    check_dated(plan)

    assert do(database, plan) == Imported(new=2, known=0, rejected=1)
    assert do(database, replace(plan, keys_of="again")) == Imported(new=0, known=2, rejected=1)

    first, second = terminal.queue.claim(TERMINAL, limit=5, lease=NOW - NOW, at=NOW)
    assert first.text.splitlines() == [f"- The product must do thing {number}" for number in (1, 2, 1, 2)]
    assert terminal.history.feedback(TERMINAL, second.feedback_id).voice is Voice.DOCUMENT
    told = " ".join(found_words(plan.surveyed, take_sample(path, plan.surveyed.form), UTC, Voice.DOCUMENT))
    assert "one message for each account" in told
    assert "first-hand" not in told


def test_a_row_that_is_a_list_of_requirements_is_a_document_among_messages(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    listed = "RFP\n" + "\n".join(f"{number}. The product must log it" for number in range(1, 6))
    path = write(tmp_path / "a.csv", [*rows(1), ("2", "2026-11-02", "Acme", "Ann", listed, "")])
    do(database, plan_of(path, voice=Voice.RELAYED))
    claims = terminal.queue.claim(TERMINAL, limit=5, lease=NOW - NOW, at=NOW)
    voices = [terminal.history.feedback(TERMINAL, claim.feedback_id).voice for claim in claims]
    assert voices == [Voice.RELAYED, Voice.DOCUMENT]


@pytest.mark.parametrize(
    ("piped", "kind"), [(b"Body,Created\nSlow,2026-11-02\n", "csv"), (b'\xef\xbb\xbf {"Body": "Slow"}\n', "jsonl")]
)
def test_what_is_piped_in_is_a_file_that_goes_at_the_end(
    monkeypatch: pytest.MonkeyPatch, piped: bytes, kind: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped)))
    with as_file(Path("-")) as path:
        assert (find_form(path).kind, path.read_bytes()) == (kind, piped)
        assert os.name == "nt" or stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IRWXU
    assert not path.parent.exists()


def test_another_encoding_or_delimiter_than_the_guess_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Body!Created\nÄrger, viel!2026-11-02\n".encode("cp850"))
    form = find_form(path, encoding_name="cp850", delimiter="!")
    assert take_sample(path, form).cells == [{"Body": "Ärger, viel", "Created": "2026-11-02"}]
    assert find_form(path, encoding_name="utf-8").encoding.lossy
    with pytest.raises(InputError, match="no encoding “utf-9”"):
        find_form(path, encoding_name="utf-9")


def test_no_file_of_others_is_overwritten_by_rejected_rows(tmp_path: Path) -> None:
    (tmp_path / "rejects.csv").write_text("my own\n")
    with pytest.raises(InputError, match="Ballast did not write it"), rejects_at(tmp_path / "rejects.csv", HEAD):
        pass
    assert (tmp_path / "rejects.csv").read_text() == "my own\n"


def test_a_long_file_is_imported_in_flat_memory(sqlite_database: Database, tmp_path: Path) -> None:
    remember_terminal(Workspaces(sqlite_database), NOW)
    peaks = []
    for count in (3_000, 9_000):
        plan = plan_of(write(tmp_path / f"{count}.csv", rows(count)), keys_of=str(count))
        tracemalloc.start()
        assert do(sqlite_database, plan).new == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]

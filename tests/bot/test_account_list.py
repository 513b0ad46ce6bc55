"""A team's list of accounts, as a CRM exports it or somebody keeps it."""

import json
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.account_domains import domain_of
from bot.account_list import read_accounts
from bot.errors import InputError
from storage.accounts import NewAccount

LIST = (
    "Company,Website,Aliases,Plan,ARR,Charter\n"
    'Acme,https://www.acme.example/x; acme.test,"ACME Corp; Acme, Inc.",gold,1-5M,yes\n'
    'Globex,"gmail.com, nonsense","Glo, Globex, Ltd.",,,maybe\n'
    "acme,mail.acme.example,Ac,,,\n"
    ",nobody.example,,,,\n"
)


def write(folder: Path, text: str, name: str = "accounts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_read_whatever_its_columns_are_called(tmp_path: Path) -> None:
    read = read_accounts(write(tmp_path, LIST))

    domains, aliases = ("acme.example", "acme.test", "mail.acme.example"), ("ACME Corp", "Acme, Inc.", "Ac")
    assert read.accounts == (
        NewAccount("acme", domains, aliases, "gold", "1-5M", charter=True),
        NewAccount("Globex", (), ("Glo", "Globex, Ltd."), charter=None),
    )
    assert [fault.partition(": ")[0] for fault in read.faults] == ["line 3", "line 3", "line 3", "line 5"]
    assert "mail provider" in " ".join(read.faults)


def test_a_column_that_the_list_lacks_leaves_what_is_known(tmp_path: Path) -> None:
    (account,) = read_accounts(write(tmp_path, "Firma,Land\nAcme,DE\n"), "name=Firma").accounts
    assert account == NewAccount("Acme")


def test_json_lines_with_lists_are_read_too(tmp_path: Path) -> None:
    line = json.dumps({"name": "Acme", "domains": ["acme.example"], "aliases": ["A, C & E"], "charter": True})
    (account,) = read_accounts(write(tmp_path, line, "accounts.jsonl")).accounts
    assert account == NewAccount("Acme", ("acme.example",), ("A, C & E",), charter=True)


@pytest.mark.parametrize("mapping", [None, "name=Nome", "nom=Land", "Land"])
def test_a_list_without_a_name_says_which_columns_there_are(tmp_path: Path, mapping: str | None) -> None:
    with pytest.raises(InputError, match="columns are “Land”, “Stadt”"):
        read_accounts(write(tmp_path, "Land,Stadt\nDE,Ulm\n"), mapping)


@pytest.mark.parametrize(("name", "text"), [("a.csv", ""), ("a.csv", "name\n"), ("a.json", '{"name'), ("a.pdf", "x")])
def test_a_list_that_cannot_be_read_is_not_taken_for_messages(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=rf"^{name} ") as refused:
        read_accounts(write(tmp_path, text, name))
    assert "message" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("Acme.example", "acme.example"),
        ("@acme.example", "acme.example"),
        ("http://ann@www.acme.example:80/a?b#c", "acme.example"),
        ("müller.example", "müller.example"),
        ("localhost", None),
        ("a b.example", None),
        ("", None),
    ],
)
def test_a_domain_is_read_from_however_it_is_written(written: str, domain: str | None) -> None:
    assert domain_of(written) == domain


def test_at_the_terminal_a_list_is_imported_shown_and_used_for_what_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    export = write(tmp_path, "Body,Created\nAcme cannot see who did it,2026-11-02\nToo slow,2026-11-02\n", "a.csv")
    accounts = write(tmp_path, LIST)

    assert run_program(["import", str(export), "--no-read"]) == 0
    assert "2 messages taken into the terminal's own history" in " ".join(capsys.readouterr().out.split())
    assert run_program(["accounts", "import", str(accounts)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2 new accounts, 0 changed, 0 as they were. 1 message got their account" in told
    assert run_program(["accounts", "import", str(accounts)]) == 0
    again = " ".join(capsys.readouterr().out.split())
    assert "0 new accounts, 0 changed, 2 as they were." in again
    assert "Kept in the terminal's own history, which no Slack workspace reads" in again
    assert run_program(["accounts", "list", "--csv"]) == 0
    listed = capsys.readouterr().out
    assert 'acme,acme.example; acme.test; mail.acme.example,"Ac; ACME Corp; Acme, Inc.",gold,1-5M,yes' in listed
    assert read_accounts(write(tmp_path, listed, "again.csv")).faults == ()

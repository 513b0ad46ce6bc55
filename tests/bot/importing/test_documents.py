"""Lists of requirements in a file are documents, not messages of many."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path

from bot.importing import Imported
from bot.importing_rows import check_dated
from bot.importing_words import found_words
from bot.keeping import TERMINAL
from bot.parts import Store
from bot.reading import take_sample
from bot.reading_columns import Columns
from storage.database import Database
from storage.vocabulary import Voice
from tests.bot.importing.files import do, plan_of, rows, write
from tests.factories import NOW


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

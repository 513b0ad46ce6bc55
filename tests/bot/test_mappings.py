"""Columns as a person names them, and as the exports of products have them."""

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.__main__ import run_program
from bot.errors import InputError
from bot.mappings import READY, Product, laid_over, parse_map, ready_map
from bot.reading import messages, survey, take_sample
from bot.reading_columns import Columns, asked_columns
from bot.reading_form import find_form
from tests.factories import NOW

PROSE = "We copy each reading by hand from one screen into the other"


def test_columns_are_named_part_by_part() -> None:
    written = "text=Body, date=Created,account=Company,author=From,url=Link,key=ID,person=Who,voice=Source,email=Mail"
    assert parse_map(written) == Columns(
        "Body", "Created", "Company", "From", "Link", "Source", key="ID", person="Who", email="Mail"
    )


def test_a_column_s_name_may_hold_commas_and_equals_signs_and_text_several_columns() -> None:
    asked = parse_map("text=Title,text=What do you dislike, and why?,date=a=b")
    assert (asked.text, asked.more, asked.date) == ("Title", ("What do you dislike, and why?",), "a=b")


def test_a_part_may_be_named_by_the_word_that_ballast_shows_for_it() -> None:
    assert parse_map("text=Body,reporter=From,link=Link") == parse_map("text=Body,author=From,url=Link")


@pytest.mark.parametrize("written", ["Body", "text", "text=", "body=Text", "date=A,date=B", "=A", ""])
def test_what_is_no_map_shows_one(written: str) -> None:
    with pytest.raises(InputError, match=r"--map text=Body|is named twice"):
        parse_map(written)


def test_a_missing_column_is_told_with_the_nearest_and_all_there_are() -> None:
    with pytest.raises(InputError, match=r"no column “Bodie”\. Did you mean “Body”\? The columns are “ID”, “Body”"):
        asked_columns(("ID", "Body"), parse_map("text=Bodie"))


EXPORTS: Mapping[Product, Mapping[str, object]] = {
    Product.CANNY: {
        "id": "p1",
        "created": "2026-11-02T10:00:00.000Z",
        "title": "Exports",
        "details": PROSE,
        "author": {"name": "Ann", "email": "ann@acme.example"},
        "url": "https://x.example/p1",
    },
    Product.PRODUCTBOARD: {
        "id": "n1",
        "createdAt": "2026-11-02T10:00:00Z",
        "title": "Exports",
        "content": f"<p>{PROSE}</p>",
        "user": {"email": "ann@acme.example"},
        "displayUrl": "https://x.example/n1",
    },
    Product.ZENDESK: {
        "id": 7,
        "created_at": "2026-11-02T10:00:00Z",
        "subject": "Exports",
        "description": PROSE,
        "requester": {"name": "Ann", "email": "ann@acme.example"},
        "organization": {"name": "Acme"},
        "url": "https://x.example/7.json",
    },
    Product.INTERCOM: {
        "id": "9",
        "created_at": 1793613600,
        "source": {
            "subject": "Exports",
            "body": f"<p>{PROSE}</p>",
            "author": {"name": "Ann", "email": "a@acme.example"},
        },
    },
    Product.G2: {
        "Review ID": "5",
        "Submitted At": "2026-11-02",
        "Title": "Exports",
        "What do you dislike?": PROSE,
        "Review URL": "https://x.example/5",
    },
}


@pytest.mark.parametrize("product", Product)
def test_an_export_of_each_product_is_read_without_naming_a_column(product: Product, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text(json.dumps(EXPORTS[product]) + "\n", encoding="utf-8")
    form = find_form(path)
    columns = ready_map(product, take_sample(path, form).names)

    (message,) = messages(survey(path, columns, now=NOW, form=form))

    assert message.text == f"Exports\n\n{PROSE}"
    assert message.said_at is not None
    assert message.said_at.date().isoformat() == "2026-11-02"
    assert message.key == str(EXPORTS[product].get("id", "5"))


def test_the_columns_of_an_intercom_csv_are_known_too(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    names = ("message_id", "message_body", "message_created_at", "message_author_name", "message_author_companies")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, ("1", PROSE, "2026-11-02 21:45:08", "Ann", "Acme")])
    columns = ready_map(Product.INTERCOM, names)
    assert (columns.text, columns.account, columns.key) == ("message_body", "message_author_companies", "message_id")


@pytest.mark.parametrize(
    ("product", "who", "export"),
    [
        # Zendesk's own CSV has some forty columns: here are those in which a part might be looked for.
        (
            Product.ZENDESK,
            ("Acme", "Ann"),
            {
                "Summation column": "1", "Id": "7", "Requester": "Ann", "Requester id": "99",
                "Requester email": "a@acme.example", "Requester domain": "acme.example", "Submitter": "Agent",
                "Assignee": "Agent", "Subject": PROSE, "Via": "Web form", "Created at": "2026-11-02 10:00",
                "Updated at": "2026-11-05 10:00", "Organization": "Acme", "Solved at": "2026-11-04 10:00",
            },
        ),
        (
            Product.CANNY,
            ("Acme", "Ann"),
            {
                "id": "7", "title": "Exports", "details": PROSE, "created": "2026-11-02T10:00:00.000Z",
                "author": {"name": "Ann", "email": "a@acme.example", "companies": [{"id": "1", "name": "Acme"}]},
                "board": {"name": "Ideas"}, "by": {"name": "Agent"}, "status": "open", "url": "https://x.example/7",
            },
        ),
        (
            Product.PRODUCTBOARD,
            (None, None),
            {
                "id": "7", "type": "textNote", "fields": {"name": "Exports", "content": f"<p>{PROSE}</p>"},
                "createdAt": "2026-11-02T10:00:00Z",
                "user": {"id": "u1"}, "company": {"id": "c1"}, "links": {"self": "https://api.example/7", "html": "https://x.example/7"},
            },
        ),
        (
            Product.G2,
            (None, "Ann"),
            {
                "id": "7", "title": "Exports", "user_name": "Ann", "submitted_at": "2026-11-02T10:00:00.000-05:00",
                "comment_answers": {"hate": {"text": "What do you dislike?", "value": PROSE}},
            },
        ),
    ],
)  # fmt: skip
def test_the_shapes_that_the_products_write_themselves_are_known(
    product: Product, who: tuple[str | None, str | None], export: Mapping[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text(json.dumps(export) + "\n", encoding="utf-8")
    form = find_form(path)
    columns = ready_map(product, take_sample(path, form).names)

    (message,) = messages(survey(path, columns, now=NOW, form=form, guess=False))

    assert message.text.endswith(PROSE)
    assert message.said_at is not None
    assert (message.said_at.date().isoformat(), message.key) == ("2026-11-02", "7")
    assert (message.account, message.reporter) == who


def test_beside_a_ready_mapping_nothing_is_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    note = {
        "title": "Exports",
        "content": PROSE,
        "createdAt": "2026-11-02T10:00:00Z",
        "user_id": "7",
        "customer": "VIP",
    }
    path = tmp_path / "notes.json"
    path.write_text(json.dumps({"data": [note], "links": {"next": "https://api.example/notes?page=2"}}))

    assert run_program(["import", str(path), "--from", "productboard", "--dry-run"]) == 0

    told = " ".join(capsys.readouterr().out.split())
    assert "notes.json: JSON, utf-8; 1 message." in told
    assert "date = “createdAt”, no account, no reporter, no link, no voice." in told
    assert "1 message would be taken into the terminal's own history. Nothing was written." in told


def test_a_column_is_known_however_it_is_written_and_whatever_the_product_is_called() -> None:
    dislike, solving = "What do you dislike about Acme?", "What problems is Acme solving and how does that help you?"
    g2 = ready_map(Product.G2, ("Title", "Submitted At", "dislikes", "Recommended", solving, dislike))
    assert (g2.text, g2.more) == ("Title", (dislike, solving))
    canny = ready_map(Product.CANNY, ("Title", "authorEmail", "AuthorName", "createdAt"))
    assert (canny.email, canny.reporter, canny.date) == ("authorEmail", "AuthorName", "createdAt")


def test_a_file_that_is_no_export_of_the_product_says_what_it_lacks() -> None:
    with pytest.raises(InputError, match=r"no column for its date .* The columns are “title”, “details”"):
        ready_map(Product.CANNY, ("title", "details"))


def test_what_a_person_names_goes_over_the_ready_columns() -> None:
    ready = ready_map(Product.ZENDESK, ("Id", "Subject", "Description", "Created at"))
    over = laid_over(Columns(text="Description", key="Other"), ready)
    assert (over.text, over.more, over.key, over.date) == ("Description", (), "Other", "Created at")


@pytest.mark.parametrize("product", Product)
def test_the_documentation_shows_every_column_that_is_known(product: Product) -> None:
    page = (Path(__file__).parents[2] / "docs/import.md").read_text(encoding="utf-8")
    _, _, own = page.partition(f"--from {product}`")
    shown = dict(re.findall(r"^\| (\w+) \| (.*) \|$", own.partition("\n**")[0], flags=re.MULTILINE))
    for part, several in READY[product].items():
        assert re.findall("`(.+?)`", shown[part]) == [name for names in several for name in names]


def test_every_part_that_is_ready_can_be_named() -> None:
    assert {part for parts in READY.values() for part in parts} <= {
        "text", "date", "account", "author", "url", "key", "voice", "email", "by"
    }  # fmt: skip

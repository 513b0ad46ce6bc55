"""A table is read whatever its delimiter, encoding and columns; a row that cannot be read costs no other."""

import csv
import json
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.reading import messages, voice_of
from bot.reading_columns import Columns
from bot.reading_dates import Order
from bot.reading_encoding import Encoding
from bot.reading_records import Lines, Row, csv_rows, open_text
from storage.vocabulary import Voice
from tests.bot.surveyed import PROSE, Write, read, texts, write

__all__ = ["write"]

_cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;|\t\n'), max_size=30)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(write: Write, delimiter: str) -> None:
    rows = [["Date", "Company", "Message"], ["2026-11-02", "Acme", f'"{PROSE}{delimiter} daily"'], ["", "", "Too slow"]]
    surveyed = read(write("a.csv", "\n".join(delimiter.join(row) for row in rows)))
    assert texts(surveyed) == [f"{PROSE}{delimiter} daily", "Too slow"]
    assert surveyed.columns == Columns(text="Message", date="Date", account="Company")
    assert surveyed.undated == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_any_encoding_is_found(write: Write, encoding: str) -> None:
    said = "Die Übersicht lädt ewig, für größere Häuser über eine Minute – ärgerlich"
    surveyed = read(write("a.csv", f"Datum;Nachricht\n02.11.2026;{said}\n03.11.2026;Müde Füße\n", encoding=encoding))
    assert texts(surveyed) == [said, "Müde Füße"]


def test_german_of_a_windows_spreadsheet_is_called_western(write: Write) -> None:
    rows = "03.11.2026;Wir brauchen ein Prüfprotokoll für die Prüfer – ohne geht es nicht\n" * 40
    assert "cp1252" in read(write("a.csv", f"Datum;Rückmeldung\n{rows}", encoding="cp1252")).found[0]


def test_cyrillic_that_a_spreadsheet_saves_as_unicode_text_is_text(write: Write) -> None:
    said = "Страница грузится слишком долго, мы ждём каждое утро"
    assert texts(read(write("a.csv", f"date\ttext\n2026-11-02\t{said}\n", encoding="utf-16"))) == [said]


@pytest.mark.parametrize("seed", range(5))
def test_bytes_at_random_are_no_text(write: Write, seed: int) -> None:
    path = write("a.txt", "")
    path.write_bytes(b"".join(sha256(bytes([seed, place])).digest() for place in range(60)))
    with pytest.raises(InputError, match="not a text file"):
        read(path)


def test_html_in_a_cell_is_read_as_its_words(write: Write) -> None:
    rows = f'"<p>{PROSE}</p>",2026-11-03\n"<p>&nbsp;</p>",2026-11-04\n'
    surveyed = read(write("a.csv", f"description,created\n{rows}"))
    assert (texts(surveyed), surveyed.empty) == ([PROSE], 1)


def test_utf8_with_a_damaged_place_stays_utf8_and_says_so(write: Write) -> None:
    path = write("a.txt", "größer, schöner, müder, süßer, öfter, übler\n" * 3)
    path.write_bytes(path.read_bytes() + b"and \xff then\n")
    surveyed = read(path)
    assert "some damaged characters" in surveyed.found[0]
    assert texts(surveyed)[-1] == "and \ufffd then"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("id,Kommentar,Erstellt,Firma,Verfasser,Verweis", ("Kommentar", "Erstellt", "Firma", "Verfasser", "Verweis")),
        ("id,Comentario,Fecha,Empresa,Autor,Enlace", ("Comentario", "Fecha", "Empresa", "Autor", "Enlace")),
        ("id,Customer feedback,Created at,Account name,Submitted by user,Ticket URL",
         ("Customer feedback", "Created at", "Account name", "Submitted by user", "Ticket URL")),
        ("id,Review text,Review date,Company name,Reviewer,Review link",
         ("Review text", "Review date", "Company name", "Reviewer", "Review link")),
        ("id,Description,Created,Company Size,Requester,Ticket URL",
         ("Description", "Created", None, "Requester", "Ticket URL")),
        ("id,foo,bar,baz,qux,quux", ("foo", "bar", None, None, "quux")),
    ],
)  # fmt: skip
def test_columns_are_found_by_name_and_by_what_stands_in_them(
    write: Write, header: str, columns: tuple[str | None, ...]
) -> None:
    row = f"17,{PROSE},2026-11-02,Acme,Ann,https://example.com/1"
    surveyed = read(write("a.csv", f"{header}\n{row}\n{row}\n"))
    assert surveyed.columns == Columns(*columns)


def test_a_title_above_the_header_is_no_message(write: Write) -> None:
    surveyed = read(write("a.csv", f"Feedback of November\nGenerated,2026-11-20\n\nDate;Text\n2026-11-02;{PROSE}\n"))
    assert (texts(surveyed), surveyed.columns.date) == ([PROSE], "Date")


def test_an_id_or_an_address_is_nobody_s_name(write: Write) -> None:
    head = "user_id,user_email,Customer ID,Customer Email,company size,text,date"
    surveyed = read(write("a.csv", f"{head}\n7,a@x.example,9,b@x.example,50,{PROSE},2026-11-02\n"))
    assert (surveyed.columns.account, surveyed.columns.reporter) == (None, None)


def test_a_telling_name_that_holds_a_score_gives_way_to_the_prose(write: Write) -> None:
    surveyed = read(write("a.csv", f"feedback,details\ngood,{PROSE}\nbad,{PROSE}\n"))
    assert surveyed.columns.text == "details"


def test_columns_that_are_asked_for_are_taken(write: Write) -> None:
    path = write("a.csv", f"note,comment,day\n{PROSE},short one,2026-11-02\n")
    assert read(path, Columns(text="Comment")).columns.text == "comment"
    with pytest.raises(InputError, match=r"no column “coment”\. Did you mean “comment”"):
        read(path, Columns(text="coment"))


def test_a_file_without_a_header_is_read_from_its_first_row(write: Write) -> None:
    surveyed = read(write("a.csv", f"2026-11-01,{PROSE}\n2026-11-02,{PROSE} too\n"))
    assert texts(surveyed) == [PROSE, f"{PROSE} too"]
    assert surveyed.columns.date == "column 1"


def test_a_column_of_prose_with_commas_is_one_column(write: Write) -> None:
    surveyed = read(write("a.csv", "feedback\nSlow, very slow, and ugly\nFine\nGood, mostly\n"))
    assert texts(surveyed) == ["Slow, very slow, and ugly", "Fine", "Good, mostly"]


def test_a_header_of_known_names_outweighs_rows_with_stray_delimiters(write: Write) -> None:
    rows = "2026-11-01,Slow, very slow\n2026-11-02,Ugly, to be honest\n2026-11-03,We wait for it\n"
    surveyed = read(write("a.csv", f"date,message\n{rows}"))
    assert (texts(surveyed), surveyed.broken) == (["We wait for it"], 2)


def test_a_spreadsheets_own_line_names_the_delimiter(write: Write) -> None:
    assert texts(read(write("a.csv", "sep=;\nmessage;date\nIt is slow;2026-11-02\n"))) == ["It is slow"]


def test_a_date_column_in_three_formats_is_read_whole(write: Write) -> None:
    dates = ["2026-11-03", "Nov 3, 2026", "03/11/2026", "31/10/2026", "1793664000", "soon", ""]
    rows = "\n".join(f'"{PROSE}","{day}"' for day in dates)
    surveyed = read(write("a.csv", f"text,date\n{rows}\n"))
    said = [message.said_at for message in messages(surveyed)]
    assert said[:3] == [datetime(2026, 11, 3, tzinfo=UTC)] * 3
    assert said[3:] == [datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC), None, None]
    assert surveyed.order is Order.DAY_FIRST
    assert "Dates are read day first: 1 row fits only that way." in surveyed.found
    assert "2 messages without a date that can be read: in no week, and not counted." in surveyed.found


def test_a_broken_row_is_counted_shown_and_not_fatal(write: Write) -> None:
    surveyed = read(write("a.csv", f"text,date\n{PROSE},2026-11-02\none,two,three\nAlso slow here,2026-11-03\n"))
    assert texts(surveyed) == [PROSE, "Also slow here"]
    assert surveyed.found[-1] == "1 row cannot be read: line 3, 3 cells where the header has 2."


def test_a_quote_that_never_closes_costs_one_row(write: Write) -> None:
    rows = "".join(f"2026-11-02,It is slow in room {n}\n" for n in range(5000))
    surveyed = read(write("a.csv", f'date,text\n2026-11-01,"It never ends\n{rows}'))
    assert (surveyed.rows, surveyed.broken) == (5000, 1)
    assert surveyed.examples[0].line == 2


def test_a_quote_that_closes_in_a_later_row_costs_one_row(write: Write) -> None:
    body = '1,"It never ends\n2,Slow in here\n3,"Slow, there"\n4,Slow\n'
    surveyed = read(write("a.csv", f"id,text\n{body}"))
    assert texts(surveyed) == ["Slow in here", "Slow, there", "Slow"]
    assert surveyed.examples[0].reason == "a quote opens here and closes in a later row"


def test_lines_and_quotes_inside_a_cell_are_kept(write: Write) -> None:
    surveyed = read(write("a.csv", 'id,text\n1,"He said ""slow"",\nthen left\n\nfor good"\n2,plain "quoted" words\n'))
    assert texts(surveyed) == ['He said "slow",\nthen left\n\nfor good', 'plain "quoted" words']


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_cells, _cells), min_size=1, max_size=12), st.sampled_from(",;\t|"))
def test_whatever_a_program_writes_as_csv_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str
) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    with open_text(path, Encoding("utf-8")) as file:
        read_back = [tuple(row.cells) for row in csv_rows(Lines(file), delimiter, 2) if isinstance(row, Row)]
    assert read_back == [row for row in rows if f"{row[0]}{delimiter}{row[1]}".strip()]


def test_a_row_of_ten_megabytes_is_read(write: Write) -> None:
    long = "slow " * 2_000_000
    assert len(texts(read(write("a.csv", f"id,text\n1,{PROSE}\n2,{long}\n")))[1]) == len(long) - 1


def test_nul_and_lone_surrogates_become_replacement_characters(write: Write) -> None:
    assert texts(read(write("a.csv", "id,text\n1,It is\0 slow for us\n"))) == ["It is\ufffd slow for us"]
    assert texts(read(write("a.jsonl", json.dumps({"text": "It is \ud800 slow"})))) == ["It is \ufffd slow"]


def test_memory_stays_flat_over_many_rows(write: Write) -> None:
    path = write("a.csv", "date,text\n" + "2026-11-02,It is slow in the room\n" * 60_000)
    tracemalloc.start()
    count = sum(1 for _ in messages(read(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("cell", "voice"),
    [
        (None, Voice.FIRST_HAND),
        ("Email", Voice.FIRST_HAND),
        ("sales call", Voice.RELAYED),
        ("RFP 2026", Voice.DOCUMENT),
    ],
)
def test_the_voice_is_told_by_the_files_own_words(cell: str | None, voice: Voice) -> None:
    assert voice_of(cell) is voice

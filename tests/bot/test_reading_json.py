"""JSON and plain text are read as the messages they hold, and a file that cannot be read says what to do."""

import json
from pathlib import Path

import pytest

import bot.reading_form
from bot.errors import InputError
from bot.reading import messages
from tests.bot.surveyed import PROSE, Write, read, texts, write

__all__ = ["write"]


def test_json_lines_may_hold_objects_texts_and_broken_lines(write: Write) -> None:
    lines = [
        json.dumps({"body": PROSE, "created": "2026-11-02", "customer": {"name": "Acme"}}),
        "{oops",
        "[1, 2]",
        json.dumps({"body": "Again, too slow for us", "score": 3, "customer": None}),
    ]
    surveyed = read(write("a.jsonl", "\n".join(lines)))
    assert [(message.text, message.account) for message in messages(surveyed)] == [
        (PROSE, "Acme"),
        ("Again, too slow for us", None),
    ]
    assert [broken.line for broken in surveyed.examples] == [2, 3]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", ["list", "answer", "one after the other", "of JSON:API"])
def test_a_document_in_json_gives_its_objects(write: Write, shape: str, indent: int | None) -> None:
    said = [{"id": number, "body": f"{PROSE} {number}", "created": "2026-11-02"} for number in (1, 2)]
    wrapped = [{"type": "review", "id": one["id"], "attributes": one} for one in said]
    written = {
        "list": json.dumps([*said, 7], indent=indent),
        "answer": json.dumps({"tickets": said, "count": 2, "next_page": None}, indent=indent),
        "one after the other": "\n".join(json.dumps(one, indent=indent) for one in said),
        "of JSON:API": json.dumps({"data": wrapped, "links": {"next": "x"}}, indent=indent),
    }
    surveyed = read(write("a.json", written[shape]))
    assert texts(surveyed) == [f"{PROSE} 1", f"{PROSE} 2"]
    assert [broken.line for broken in surveyed.examples] == ([3] if shape == "list" else [])


def test_one_object_that_holds_a_list_is_one_message(write: Write) -> None:
    ticket = {"body": PROSE, "created": "2026-11-02", "comments": [{"body": "Thanks, we look into it"}]}
    assert texts(read(write("a.json", json.dumps(ticket)))) == [PROSE]


def test_plain_text_is_read_by_lines_or_by_paragraphs(write: Write) -> None:
    assert texts(read(write("a.txt", "Slow\nUgly\n"))) == ["Slow", "Ugly"]
    by_paragraph = read(write("b.txt", "Slow\nand ugly\n\n\nDear\n"))
    assert texts(by_paragraph) == ["Slow\nand ugly", "Dear"]
    assert [message.line for message in messages(by_paragraph)] == [1, 5]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"text,date\n", "none below the header"),
        ("a.csv", b"\n\n\n", "empty"),
        ("a.txt", b"  \n", "empty"),
        ("a.jsonl", b"nonsense\n", "line 1, the line is not JSON. It may be cut off"),
        ("a.json", b'{"text": "It is sl', "line 1, the line is not JSON. It may be cut off"),
        ("a.json", b"[1, 2]", "entry 1, the entry is JSON and neither"),
        ("a.json", b"[]", "its list holds nothing"),
        ("a.json", b'[{"text": "It is slow"},\n', "not closed, or it is cut off"),
        ("a.csv", b"id,n\n1,2\n3,4\n", "--text NAME"),
        ("a.xlsx", b"PK\x03\x04", "save it as CSV"),
        ("a.csv", b"PK\x03\x04rest", "save it as CSV"),
        ("a.pdf", b"%PDF-1.7", "none of .csv, .jsonl and .txt"),
        ("a.txt", b"%PDF-1.7", "PDF"),
        ("a.txt", bytes(range(1, 32)) * 40, "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / name)


def test_a_document_in_json_that_is_too_long_to_be_read_whole_says_what_to_do(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.reading_form, "LINE_LIMIT", 30)
    with pytest.raises(InputError, match=r"jq -c '\.\[\]' a\.json"):
        read(write("a.json", json.dumps([{"text": PROSE}])))


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)

import json
from pathlib import Path
from typing import Any

import pytest

from classifiers.corpus import check_corpus, read_corpus
from classifiers.errors import TaxonomyError
from classifiers.taxonomy import load_taxonomy

SOUND: dict[str, Any] = {
    "text": "Every page is slow.",
    "side": "user",
    "themes": ["speed"],
    "persona": "unknown",
    "items": [{"quote": "is slow", "side": "user", "theme": "speed", "persona": "unknown"}],
}


def test_corpus_follows_codebook_and_taxonomy() -> None:
    messages = read_corpus()
    assert len(messages) == 12784
    assert check_corpus(messages, load_taxonomy()) == []


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        ({}, None),
        ({"text": " ", "items": []}, "the text is blank"),
        ({"persona": "cleaner"}, "persona cleaner is not in the taxonomy"),
        ({"themes": ["sped"]}, "theme sped is not in the taxonomy"),
        ({"side": "customer"}, "side customer does not follow from its themes speed"),
        ({"side": "neither", "themes": [], "items": [], "persona": "champion"}, "without a problem has a persona"),
        ({"text": "Every page \ud800 is slow."}, "the text holds half a character"),
        ({"items": []}, "the items' themes are not the message's themes"),
        ({"text": "Every page is quick."}, "a quote does not stand in the text"),
        ({"items": [{**SOUND["items"][0], "side": "customer"}]}, "an item of theme speed has side customer"),
        ({"items": [{**SOUND["items"][0], "persona": "cleaner"}]}, "persona cleaner is not in the taxonomy"),
    ],
)
def test_defect_is_named_with_its_file_and_line(change: dict[str, Any], defect: str | None, tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").write_text("\n" + json.dumps({**SOUND, **change}) + "\n")
    found = check_corpus(read_corpus(tmp_path), load_taxonomy())
    assert any(defect in each and each.startswith("made:2: ") for each in found) if defect else found == []


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"text": "no side"}',
        '{**"side": "sideways"}',
        json.dumps({**SOUND, "text": 5}),
        json.dumps({**SOUND, "persona": ["unknown"]}),
        json.dumps({**SOUND, "themes": [["speed"]]}),
        json.dumps({**SOUND, "items": [{**SOUND["items"][0], "quote": 5}]}),
        "[" * 100_000,
    ],
    ids=["cut", "list", "no side", "sideways", "number", "two personas", "theme in a list", "quote", "deep"],
)
def test_line_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").write_text(line)
    with pytest.raises(TaxonomyError, match="made:1"):
        read_corpus(tmp_path)


def test_a_file_in_another_encoding_is_named_and_a_mark_of_this_one_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps(SOUND).encode())
    assert len(read_corpus(tmp_path)) == 1
    (tmp_path / "made.jsonl").write_bytes(json.dumps({**SOUND, "text": "Größe"}, ensure_ascii=False).encode("latin-1"))
    with pytest.raises(TaxonomyError, match="made: is not written in UTF-8"):
        read_corpus(tmp_path)


def test_missing_corpus_says_where_it_is_to_be_had(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="needs a checkout"):
        read_corpus(tmp_path)

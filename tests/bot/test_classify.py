"""``ballast classify``, as someone at the terminal meets it."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.classify import classify_command
from bot.errors import InputError, SettingsError
from classifiers.local import MOST_INSIGHTS, LocalClassifier
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Evidence, Insight, Provenance

SLOW = "The search page takes 20 seconds to load every time."
KEYS = ["text", "side", "persona", "insights", "classifier", "model"]
INSIGHT_KEYS = ["quote", "start", "end", "side", "theme", "persona", "persona_stated", "confidence", "unsure"]


def test_words_are_told_with_side_and_gloss() -> None:
    shown = ballast(SLOW).output
    assert "User problem · for those who work in it" in shown
    assert SLOW in shown


def test_words_without_a_problem_are_told_so() -> None:
    assert "No problem found" in ballast("Thanks everyone, great demo today!").output


def test_markup_in_feedback_is_shown_as_it_stands() -> None:
    assert "[red]slow[/red]" in ballast("[red]slow[/red] pages, I wait for every page all day").output


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Nurses wait twenty seconds for every page to load.", "sure · Daily practitioner (named in the text)"),
        ("I wait twenty seconds for every page to load.", "sure · Daily practitioner (typical of the need)"),
    ],
)
def test_the_persona_is_told_with_where_it_is_from_and_the_certainty_beside_the_theme(text: str, whose: str) -> None:
    shown = ballast(text).output
    assert re.search(r"^  Speed, \d+% sure", shown, re.MULTILINE)
    assert whose in shown
    (insight,) = lines_of(text)[0]["insights"]
    assert insight["persona_stated"] is ("named" in whose)


def test_a_text_of_as_many_problems_as_are_given_is_told_that_only_the_surest_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = load_taxonomy().labels("speed")
    found = [Insight(labels, Evidence("slow", at, at + 4), 0.9, unsure=False) for at in range(MOST_INSIGHTS)]

    def classify(_self: object, texts: Sequence[str], _context: object) -> list[Classification]:
        return [Classification(tuple(found[: len(text)]), Provenance("local", "known")) for text in texts]

    monkeypatch.setattr(LocalClassifier, "classify", classify)
    told = f"Only the {MOST_INSIGHTS} surest problems of a text are given"
    assert told in " ".join(ballast("slow" * MOST_INSIGHTS).output.split())
    assert told not in " ".join(ballast("slow").output.split())
    lines = ballast("-", "--format", "jsonl", given=f"{'slow' * MOST_INSIGHTS}\nslow\n")
    assert [len(json.loads(line)["insights"]) for line in lines.stdout.splitlines()] == [MOST_INSIGHTS, 4]
    assert lines.stderr.startswith(f"1 text cut short. {told}")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in ballast("every page is \x1b[31mslow, I wait for it all day").output


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (SLOW, SLOW),
        ("", ""),
        ("   ", "   "),
        (json.dumps({"text": SLOW}), SLOW),
        ('{"text": null}', ""),
        ('{"text": 3}', '{"text": 3}'),
        ('{"note": "no text"}', '{"note": "no text"}'),
        ('{"text": "broken', '{"text": "broken'),
        ("{slow} pages", "{slow} pages"),
        ("[1, 2]", "[1, 2]"),
        ("one\u2028line\x0bstill\x85one", "one\u2028line\x0bstill\x85one"),
        ('{"text": "lone \\ud800 surrogate"}', "lone \ud800 surrogate"),
        ('{"text": "two\\nlines"}', "two\nlines"),
        ('{"a":' * 5000, '{"a":' * 5000),
    ],
)
def test_every_line_gets_exactly_one_object(line: str, text: str) -> None:
    first, answer, last = lines_of(f"first\n{line}\nlast")
    assert (first["text"], answer["text"], last["text"]) == ("first", text, "last")
    assert list(answer) == KEYS


def test_lines_like_objects_that_hold_no_text_are_counted() -> None:
    fine = f'{SLOW}\n{{"text": "fine"}}\n{{"text": null}}\n'
    assert ballast("-", "--format", "jsonl", given=fine).stderr == ""
    lines = ballast("-", "--format", "jsonl", given=fine + '{bad\n{"foo": 1}\n')
    assert lines.stderr.startswith("2 lines look like objects but hold no “text”")
    assert len(lines.stdout.splitlines()) == 5


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ("", []),
        ("\n", [""]),
        ("one", ["one"]),
        ("one\n", ["one"]),
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("one\n\n\ntwo", ["one", "", "", "two"]),
        ("\ufeffone\ntwo", ["one", "two"]),
        (b"one\ncaf\xe9", ["one", "caf\ufffd"]),
    ],
)
def test_only_line_feeds_end_lines(given: str | bytes, texts: list[str]) -> None:
    assert [each["text"] for each in lines_of(given)] == texts


def test_bytes_that_are_no_text_are_replaced_and_not_refused() -> None:
    assert [each["text"] for each in lines_of(b"caf\xe9\nok")] == ["caf\ufffd", "ok"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_a_file_is_read_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "heard.csv"
    path.write_text(f"Müde Füße.\n{SLOW}\n", encoding=encoding)
    assert f"{SLOW}”" in ballast(str(path)).output
    lines = ballast(str(path), "--format", "jsonl").output.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["Müde Füße.", SLOW]


def test_what_is_piped_may_be_utf16() -> None:
    assert [each["text"] for each in lines_of(f"one\r\n{SLOW}\n".encode("utf-16"))] == ["one", SLOW]


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_what_is_no_text_is_refused_and_nothing_is_found_in_it(tmp_path: Path, form: str) -> None:
    path = tmp_path / "bin.txt"
    path.write_bytes(b"".join(sha256(bytes([place])).digest() for place in range(60)))
    assert "bin.txt is not a text file" in str(refused(InputError, str(path), "--format", form))
    piped = ballast("-", "--format", form, given=path.read_bytes())
    assert "Standard input is not a text file" in str(piped.exception)


def test_order_holds_over_many_batches() -> None:
    given = [f"message {number}" for number in range(100)]
    assert [each["text"] for each in lines_of("\n".join(given))] == given


def test_offsets_count_code_points_of_the_text_as_given() -> None:
    text = f"🎉 <@U1> &amp; *hi*\n{SLOW}"
    (answer,) = lines_of(json.dumps({"text": text}))
    (insight,) = answer["insights"]
    assert list(insight) == INSIGHT_KEYS
    assert text[insight["start"] : insight["end"]] == insight["quote"] == SLOW
    assert (answer["side"], insight["side"], insight["theme"]) == ("user", "user", "speed")


def test_file_that_exists_is_read(tmp_path: Path) -> None:
    path = tmp_path / "heard.jsonl"
    path.write_text(json.dumps({"text": SLOW}) + "\n")
    result = ballast(str(path), "--format", "jsonl")
    assert json.loads(result.output)["text"] == SLOW


@pytest.mark.parametrize("source", ["absent.jsonl", "notes/absent.TXT"])
def test_name_of_a_file_that_is_not_there_is_not_classified(source: str) -> None:
    assert "no file" in str(refused(InputError, source))


def test_a_folder_is_not_classified(tmp_path: Path) -> None:
    assert f"“{tmp_path}” is a folder" in str(refused(InputError, str(tmp_path)))


@pytest.mark.parametrize("source", ["", "x" * 5000, "nul\x00byte", "see notes.txt please"])
def test_words_that_could_be_no_path_are_words(source: str) -> None:
    assert ballast(source).exit_code == 0


@pytest.mark.parametrize("name", ["gpt", "LLM"])
def test_classifier_that_is_not_there_is_refused_with_the_one_that_is(name: str) -> None:
    told = str(refused(SettingsError, "words", "--classifier", name))
    assert name in told
    assert "use “local”" in told


def ballast(*arguments: str, given: str | bytes = "") -> Result:
    program = typer.Typer()
    program.command("classify")(classify_command)
    return CliRunner().invoke(program, list(arguments), input=given)


def refused(kind: type[Exception], *arguments: str) -> BaseException:
    error = ballast(*arguments).exception
    assert isinstance(error, kind)
    return error


def lines_of(given: str | bytes) -> list[dict[str, Any]]:
    result = ballast("-", "--format", "jsonl", given=given)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]

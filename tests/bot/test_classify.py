"""``ballast classify`` and ``ballast evaluate``, as someone at the terminal meets them."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.classify import classify_command
from bot.cli.evaluate import evaluate_command
from bot.errors import InputError, SettingsError
from classifiers.local import LocalClassifier
from classifiers.model_file import MODEL

SLOW = "The search page takes 20 seconds to load every time."
KEYS = ["text", "side", "persona", "insights", "classifier", "model"]
INSIGHT_KEYS = ["quote", "start", "end", "side", "theme", "persona", "confidence", "unsure"]


def test_words_are_told_with_side_and_gloss() -> None:
    shown = ballast("classify", SLOW).output
    assert "User problem · for those who work in it" in shown
    assert SLOW in shown


def test_words_without_a_problem_are_told_so() -> None:
    assert "No problem found" in ballast("classify", "Thanks everyone, great demo today!").output


def test_markup_in_feedback_is_shown_as_it_stands() -> None:
    assert "[red]slow[/red]" in ballast("classify", "[red]slow[/red] pages, I wait for every page all day").output


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in ballast("classify", "every page is \x1b[31mslow, I wait for it all day").output


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
    ],
)
def test_only_line_feeds_end_lines(given: str, texts: list[str]) -> None:
    assert [each["text"] for each in lines_of(given)] == texts


def test_bytes_that_are_no_text_are_replaced_and_not_refused() -> None:
    assert [each["text"] for each in lines_of(b"caf\xe9\nok")] == ["caf\ufffd", "ok"]


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
    result = ballast("classify", str(path), "--format", "jsonl")
    assert json.loads(result.output)["text"] == SLOW


@pytest.mark.parametrize("source", ["absent.jsonl", "notes/absent.TXT"])
def test_name_of_a_file_that_is_not_there_is_not_classified(source: str) -> None:
    assert "no file" in str(refused(InputError, "classify", source))


@pytest.mark.parametrize("source", ["x" * 5000, "nul\x00byte", "see notes.txt please"])
def test_words_that_could_be_no_path_are_words(source: str) -> None:
    assert ballast("classify", source).exit_code == 0


@pytest.mark.parametrize("name", ["gpt", "LLM"])
def test_classifier_that_is_not_there_is_refused_with_the_one_that_is(name: str) -> None:
    told = str(refused(SettingsError, "classify", "words", "--classifier", name))
    assert name in told
    assert "use “local”" in told


def test_evaluation_prints_every_figure_that_the_file_allows(labelled: Path) -> None:
    shown = ballast("evaluate", str(labelled)).output
    for word in ("accuracy", "macro-F1", "kappa", "persona", "theme", "insight", "commonest persona", "recall"):
        assert word in shown


def test_evaluation_as_json_holds_the_figures(labelled: Path) -> None:
    report = json.loads(ballast("evaluate", str(labelled), "--json").output)
    assert report["texts"] == 2
    assert report["side"]["accuracy"]["right"] == 2
    assert report["side"]["confusion"]["user"]["user"] == 1
    assert report["insight"]["score"]["f1"] == 1.0


def test_two_classifiers_are_set_side_by_side_with_an_interval(labelled: Path) -> None:
    asked = ("evaluate", str(labelled), "--compare", f"local:{MODEL}", "--json")
    compared = json.loads(ballast(*asked).output)["compared"]
    figures = {
        each["figure"]: (each["second"] - each["first"], each["low"], each["high"]) for each in compared["differences"]
    }
    assert set(figures) == {"side accuracy", "persona accuracy", "themes F1", "insights F1"}
    assert set(figures.values()) == {(0, 0, 0)}
    assert "neither" in ballast(*asked[:-1]).output


def test_misses_are_shown_with_their_words_and_written_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(json.dumps({"text": SLOW, "side": "customer", "themes": ["cost"], "persona": "champion"}))
    shown = ballast("evaluate", str(path), "--out", str(tmp_path / "out")).output
    assert "expected customer, found user" in shown
    assert SLOW in " ".join(shown.split())
    assert SLOW not in ballast("evaluate", str(path), "--misses", "0").output
    report, figures, misses = (
        (tmp_path / "out" / name).read_text() for name in ("report.txt", "figures.json", "misses.jsonl")
    )
    assert "kappa" in report
    assert SLOW not in report + figures
    assert json.loads(misses)["text"] == SLOW


def test_figures_that_a_file_does_not_allow_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sides.jsonl"
    path.write_text(json.dumps({"text": SLOW, "side": "user"}))
    report = json.loads(ballast("evaluate", str(path), "--json").output)
    assert (report["persona"], report["theme"], report["insight"]) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("{}", "needs text and side"),
        ('{"text": 3, "side": "user"}', "as words"),
        ('{"text": "t", "side": "up"}', "up"),
    ],
)
def test_line_that_cannot_be_evaluated_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(f"\n{line}\n")
    told = str(refused(InputError, "evaluate", str(path)))
    assert "odd.jsonl, line 2" in told
    assert reason in told


def test_file_without_a_line_is_no_measurement(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n")
    assert "holds nothing to measure" in str(refused(InputError, "evaluate", str(path)))


def test_stopped_evaluation_says_that_nothing_was_written(
    labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalClassifier, "classify", stop)
    stopped = ballast("evaluate", str(labelled), "--out", str(tmp_path / "out"))
    assert stopped.exit_code == 130
    assert stopped.stderr.strip() == "Stopped; nothing was measured or written."
    assert not (tmp_path / "out").exists()


def test_model_of_ones_own_that_cannot_be_used_is_named_and_not_the_shipped_one(labelled: Path, tmp_path: Path) -> None:
    told = str(refused(SettingsError, "evaluate", str(labelled), "--classifier", f"local:{tmp_path}"))
    assert str(tmp_path) in told
    assert "install" not in told


def test_missing_file_is_told() -> None:
    assert "no file" in str(refused(InputError, "evaluate", "absent.jsonl"))


def ballast(*arguments: str, given: str | bytes = "") -> Result:
    program = typer.Typer()
    program.command("classify")(classify_command)
    program.command("evaluate")(evaluate_command)
    return CliRunner().invoke(program, list(arguments), input=given)


def refused(kind: type[Exception], *arguments: str) -> BaseException:
    error = ballast(*arguments).exception
    assert isinstance(error, kind)
    return error


def lines_of(given: str | bytes) -> list[dict[str, Any]]:
    result = ballast("classify", "-", "--format", "jsonl", given=given)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    item = {"quote": "takes 20 seconds to load", "side": "user", "theme": "speed", "persona": "daily_practitioner"}
    rows = [
        {"text": SLOW, "side": "user", "themes": ["speed"], "persona": "daily_practitioner", "items": [item]},
        {
            "text": "Deploy finished, all checks green.",
            "side": "neither",
            "themes": [],
            "persona": "unknown",
            "items": [],
        },
    ]
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path

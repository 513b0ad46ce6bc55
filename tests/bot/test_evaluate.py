"""``ballast evaluate``, as someone at the terminal meets it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.evaluate import evaluate_command
from bot.errors import InputError, SettingsError
from classifiers.corpus import read_corpus
from classifiers.learnt import count_learnt
from classifiers.local import LocalClassifier
from classifiers.model_file import MODEL
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Evidence, Insight, Provenance

SLOW = "The search page takes 20 seconds to load every time."


def test_evaluation_prints_every_figure_of_what_was_found(four: Path) -> None:
    """Counted by hand: of four texts three have the right side, two the right persona, two of three problems match."""
    shown = ballast(str(four)).stdout
    told = " ".join(shown.split())
    assert "side accuracy 0.750 (0.301 to 0.954), macro-F1 0.778, kappa 0.636" in told
    theme_alone = "commonest persona of the right theme 1.000"
    assert f"persona accuracy 0.500 (0.150 to 0.850); {theme_alone} (0.510 to 1.000), kappa 0.333" in told
    assert f"names the role (1) 1.000 (0.207 to 1.000); {theme_alone} (0.207 to 1.000)" in told
    assert "theme precision 0.667, recall 0.667, F1 0.667, macro-F1 0.556" in told
    assert "insight precision 0.667, recall 0.667, F1 0.667; without the unsure ones precision 1.000" in told
    assert "calibration error 0.267" in told
    rows = [re.findall(r"[\w.]+", line) for line in shown.splitlines()]
    assert ["customer", "1", "1", "0", "0", "0.500"] in rows
    assert ["speed", "1", "0.500", "1.000", "0.667"] in rows
    assert [row for row in rows if row[1:2] in (["0.600"], ["0.900"])] == [
        ["1", "0.600", "0.000"],
        ["2", "0.900", "1.000"],
    ]


def test_evaluation_as_json_holds_the_figures(labelled: Path) -> None:
    report = json.loads(ballast(str(labelled), "--json").output)
    assert report["texts"] == 2
    assert report["side"]["accuracy"]["right"] == 2
    assert report["side"]["confusion"]["user"]["user"] == 1
    assert report["insight"]["score"]["f1"] == 1.0


def test_two_classifiers_are_set_side_by_side_with_an_interval(labelled: Path) -> None:
    asked = (str(labelled), "--compare", f"local:{MODEL}", "--json")
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
    shown = ballast(str(path), "--out", str(tmp_path / "out")).output
    assert "expected customer, found user" in shown
    assert SLOW in " ".join(shown.split())
    assert SLOW not in ballast(str(path), "--misses", "0").output
    report, figures, misses = (
        (tmp_path / "out" / name).read_text() for name in ("report.txt", "figures.json", "misses.jsonl")
    )
    assert "kappa" in report
    assert SLOW not in report + figures
    miss = json.loads(misses)
    assert (miss["text"], miss["insights"][0]["theme"]) == (SLOW, "speed")
    assert miss["expected"] == {"side": "customer", "themes": ["cost"], "items": None}


def test_a_written_miss_holds_the_quotes_that_were_expected(four: Path, tmp_path: Path) -> None:
    ballast(str(four), "--out", str(tmp_path / "out"))
    lines = (tmp_path / "out/misses.jsonl").read_text().splitlines()
    text = "We need logs."
    (expected,) = [each["expected"] for each in map(json.loads, lines) if each["text"] == text]
    item = {"quote": text, "start": 0, "end": len(text), "side": "customer", "theme": "compliance"}
    assert expected == {"side": "customer", "themes": ["compliance"], "items": [item]}


def test_figures_that_a_file_does_not_allow_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sides.jsonl"
    path.write_text(json.dumps({"text": SLOW, "side": "user"}))
    report = json.loads(ballast(str(path), "--json").output)
    assert (report["persona"], report["theme"], report["insight"]) == (None, None, None)


def test_a_figure_without_a_base_is_a_dash(tmp_path: Path) -> None:
    path = tmp_path / "fine.jsonl"
    path.write_text(json.dumps({"text": "Deploy finished.", "side": "neither", "themes": [], "items": []}))
    shown = ballast(str(path)).stdout
    assert "theme precision –, recall –, F1 –, macro-F1 –" in " ".join(shown.split())
    assert "insight precision –, recall –, F1 –; without the unsure ones precision –" in " ".join(shown.split())
    assert "of the text has –" in shown
    assert "calibration error –" in shown
    assert "Themes of a text" not in shown


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("{}", "needs text and side"),
        ('{"text": 3, "side": "user"}', "as words"),
        ('{"text": "t", "side": "up"}', "up"),
        ('{"text": "t", "side": "\\u001b[31mred"}', "“[31mred” is no side"),
        ("[" * 100_000, "no JSON"),
        ('{"text": ' + "9" * 5_000 + "}", "no JSON"),
        ('{"text": "t", "side": "user", "themes": ["spede"]}', "Did you mean “speed”?"),
    ],
)
def test_line_that_cannot_be_evaluated_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(f"\n{line}\n")
    told = str(refused(InputError, str(path)))
    assert "odd.jsonl, line 2" in told
    assert reason in told


def test_texts_that_the_shipped_model_learnt_from_are_told_and_written(tmp_path: Path) -> None:
    learnt = read_corpus()[0]
    path = tmp_path / "learnt.jsonl"
    rows = [{"text": f"{learnt.text}\n", "side": learnt.side}, {"text": SLOW, "side": "user"}]
    path.write_text("\n".join(map(json.dumps, rows)))
    told = "1 of 2 texts are in the corpus that the shipped model learnt from; see its card"

    evaluated = ballast(str(path), "--out", str(tmp_path / "out"), "--json")
    assert told in " ".join(evaluated.stderr.split())
    assert json.loads(evaluated.stdout)["in_corpus"] == 1
    assert json.loads((tmp_path / "out/figures.json").read_text())["in_corpus"] == 1
    assert (tmp_path / "out/report.txt").read_text().startswith(told)


def test_other_texts_are_measured_without_a_caution(labelled: Path) -> None:
    evaluated = ballast(str(labelled), "--json")
    assert "corpus" not in evaluated.stderr
    assert json.loads(evaluated.stdout)["in_corpus"] == 0


def test_an_install_without_the_corpus_tells_nothing_of_it(tmp_path: Path) -> None:
    assert count_learnt([SLOW], tmp_path) is None


def test_a_corpus_that_is_being_edited_tells_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").write_text("{")
    assert count_learnt([SLOW], tmp_path) is None


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_classified(
    labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.evaluate.measure", lambda *_: pytest.fail("it was measured"))
    assert "Nothing could be written" in str(refused(InputError, str(labelled), "--out", str(labelled / "x")))


def test_file_without_a_line_is_no_measurement(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n")
    assert "holds nothing to measure" in str(refused(InputError, str(path)))


def test_stopped_evaluation_says_that_nothing_was_written(
    labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalClassifier, "classify", stop)
    stopped = ballast(str(labelled), "--out", str(tmp_path / "out"))
    assert stopped.exit_code == 130
    assert stopped.stderr.strip() == "Stopped; nothing was measured or written."
    assert list((tmp_path / "out").iterdir()) == []


def test_model_of_ones_own_that_cannot_be_used_is_named_and_not_the_shipped_one(labelled: Path, tmp_path: Path) -> None:
    told = str(refused(SettingsError, str(labelled), "--classifier", f"local:{tmp_path}"))
    assert str(tmp_path) in told
    assert "install" not in told


def test_missing_file_is_told() -> None:
    assert "no file" in str(refused(InputError, "absent.jsonl"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in str(refused(InputError, str(tmp_path)))


def ballast(*arguments: str) -> Result:
    program = typer.Typer()
    program.command("evaluate")(evaluate_command)
    return CliRunner().invoke(program, list(arguments))


def refused(kind: type[Exception], *arguments: str) -> BaseException:
    error = ballast(*arguments).exception
    assert isinstance(error, kind)
    return error


def found(text: str, theme: str, persona: str, confidence: float) -> Insight:
    labels = load_taxonomy().labels(theme, persona)
    return Insight(labels, Evidence(text, 0, len(text)), confidence, unsure=confidence < 0.7)


@pytest.fixture
def four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four labelled texts, and a classifier of which it is known what it finds in them."""
    nurses, cost, fine, logs = "Nurses wait for pages.", "It costs a lot.", "All is fine.", "We need logs."
    answers = {
        nurses: [found(nurses, "speed", "daily_practitioner", 0.9)],
        cost: [found(cost, "cost", "unknown", 0.9)],
        fine: [],
        logs: [found(logs, "speed", "daily_practitioner", 0.6)],
    }

    def classify(_self: object, texts: Sequence[str], _context: object) -> list[Classification]:
        return [Classification(tuple(answers[text]), Provenance("local", "known")) for text in texts]

    monkeypatch.setattr(LocalClassifier, "classify", classify)
    labels = [
        (nurses, "user", "speed", "daily_practitioner"),
        (cost, "customer", "cost", "economic_buyer"),
        (logs, "customer", "compliance", "technical_gatekeeper"),
    ]
    rows: list[dict[str, object]] = [
        {
            "text": text,
            "side": side,
            "persona": persona,
            "themes": [theme],
            "items": [{"quote": text, "side": side, "theme": theme}],
        }
        for text, side, theme, persona in labels
    ]
    rows.append({"text": fine, "side": "neither", "persona": "unknown", "themes": [], "items": []})
    path = tmp_path / "four.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


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

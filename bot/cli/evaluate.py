"""``ballast evaluate``: compare a classifier's labels with those that people gave."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.choosing import LOCAL, choose_classifier
from bot.cli.classify import CLASSIFIER_HELP
from bot.errors import InputError
from bot.feedback_lines import read_lines
from bot.settings import load_settings
from classifiers.evaluation import Expected, Report, evaluate, parse_expected
from classifiers.model_file import load_commonest_personas
from classifiers.protocol import Classifier, Context
from classifiers.statistics import Rate, Score
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import FeedbackSide, Persona, Theme

BATCH = 64


def evaluate_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Objects with text, side and what else is known.")],
    *,
    classifier: Annotated[str, typer.Option(help=CLASSIFIER_HELP)] = LOCAL,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as one JSON object.")] = False,
) -> None:
    """Measure how often a classifier agrees with the labels in a file."""
    if not file.is_file():
        message = f"There is no file “{file}”; name one with an object a line that has text and side."
        raise InputError(message)
    expected = list(read_expected(file))
    settings = load_settings(os.environ, Path(".env"))
    context = Context(load_taxonomy(), may_spend=lambda: settings.llm_daily_tokens != 0)
    report = measure(choose_classifier(classifier, settings), expected, context)
    if as_json:
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
    else:
        _print(report)


def read_expected(file: Path) -> Iterator[Expected]:
    """Yield what each line that is not blank expects. Raises InputError that names a line it cannot use."""
    for number, line in enumerate(read_lines(str(file)), 1):
        if line.strip():
            yield _expected(line, f"{file.name}, line {number}")


def measure(classifier: Classifier, expected: list[Expected], context: Context) -> Report:
    """Classify every text and compare; the persona baseline was counted from the training corpus alone."""
    texts = [expectation.text for expectation in expected]
    found = [
        classification
        for start in range(0, len(texts), BATCH)
        for classification in classifier.classify(texts[start : start + BATCH], context)
    ]
    commonest = {Theme(theme): Persona(persona) for theme, persona in load_commonest_personas().items()}
    return evaluate(expected, found, commonest)


def _expected(line: str, place: str) -> Expected:
    try:
        return parse_expected(json.loads(line))
    except (ValueError, RecursionError) as error:
        reason = "is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        message = f"{place} cannot be used: {reason}; mend it or leave it out."
        raise InputError(message) from None


def _print(report: Report) -> None:
    console = Console(highlight=False)
    console.print(f"{report.texts} texts")
    side = report.side
    console.print(f"side      accuracy {_rate(side.accuracy)}, macro-F1 {side.macro_f1:.3f}, kappa {side.kappa:.3f}")
    if report.persona:
        baseline = report.persona.baseline
        beside = f"; commonest persona of the theme {_rate(baseline)}" if baseline else ""
        console.print(f"persona   accuracy {_rate(report.persona.accuracy)}{beside}")
    if report.theme:
        console.print(f"theme     {_score(report.theme.micro)}, macro-F1 {report.theme.macro_f1:.3f}")
    if report.insight:
        console.print(
            f"insight   {_score(report.insight.score)}; without the unsure ones {_score(report.insight.sure)}"
        )
        console.print(f"          calibration error {report.insight.calibration_error:.3f}")
    console.print(_confusion_table(report))


def _confusion_table(report: Report) -> Table:
    table = Table(title="Sides: expected down, found across")
    table.add_column("")
    for side in FeedbackSide:
        table.add_column(side.value, justify="right")
    table.add_column("recall", justify="right")
    for expected, row in report.side.confusion.items():
        score = report.side.sides.get(expected)
        recall = f"{score.recall:.3f}" if score and score.expected else "–"
        table.add_row(expected, *(str(count) for count in row.values()), recall)
    return table


def _rate(rate: Rate) -> str:
    return f"{rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f})"


def _score(score: Score) -> str:
    return f"precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"

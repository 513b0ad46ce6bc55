"""``ballast evaluate``: compare a classifier's labels with those that people gave, or two classifiers' with them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, Group

from bot.choosing import LOCAL, choose_classifier
from bot.cli.classify import CLASSIFIER_HELP, fields_of
from bot.cli.evaluation_views import show_differences, show_misses, show_report
from bot.cli.own_file import write_own
from bot.cli.own_folder import make_sure_of
from bot.cli.progress import bar
from bot.cli.stopping import told_when_stopped
from bot.errors import InputError
from bot.feedback_lines import read_lines
from bot.settings import load_settings
from classifiers.comparing import Difference, compare
from classifiers.evaluation import Report, evaluate
from classifiers.expectation import Expected, Passage, parse_expected
from classifiers.learnt import count_learnt
from classifiers.misses import Miss, worst_misses
from classifiers.model_file import load_commonest_personas
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import Classification, Persona, Theme

BATCH = 64
WIDE = 120
"""Columns of the written report."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what one run found out; ``misses`` holds customers' words, the rest does not."""

    report: Report
    misses: Sequence[Miss]
    other: Report | None = None
    differences: Sequence[Difference] = ()
    learnt: int | None = None
    """How many of the texts the shipped model learnt from; None where there is no corpus to compare them with."""

    @property
    def figures(self) -> dict[str, Any]:
        """Return every figure as one object; those of the other classifier under ``compared``."""
        compared = (
            {"report": asdict(self.other), "differences": list(map(asdict, self.differences))} if self.other else None
        )
        return {**asdict(self.report), "in_corpus": self.learnt, **({"compared": compared} if compared else {})}

    @property
    def caution(self) -> str:
        """Say how many of the texts the shipped model has seen; empty where it is none, or nobody can tell."""
        if not self.learnt:
            return ""
        texts = f"{self.learnt:,} of {self.report.texts:,} texts"
        return f"{texts} are in the corpus that the shipped model learnt from; see its card for how it does on others."


def evaluate_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Objects with text, side and what else is known.")],
    *,
    classifier: Annotated[str, typer.Option(help=f"{CLASSIFIER_HELP} local:FOLDER is a model of your own.")] = LOCAL,
    compared: Annotated[
        str | None, typer.Option("--compare", metavar="CLASSIFIER", help="Measure this one too, side by side.")
    ] = None,
    misses: Annotated[int, typer.Option(min=0, help="How many of the worst misses to show, with their words.")] = 5,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write report, figures and misses (words!) there as well.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the figures as one JSON object, and no words.")
    ] = False,
) -> None:
    """Measure how often a classifier agrees with the labels in a file."""
    if file.is_dir():
        message = f"“{file}” is a folder; name a file with an object a line that has text and side."
        raise InputError(message)
    if not file.is_file():
        message = f"There is no file “{file}”; name one with an object a line that has text and side."
        raise InputError(message)
    taxonomy = load_taxonomy()
    expected = list(read_expected(file, taxonomy))
    if not expected:
        message = f"“{file}” holds nothing to measure; name a file with an object a line that has text and side."
        raise InputError(message)
    if out is not None:
        make_sure_of(out)
    settings = load_settings(os.environ, Path(".env"))
    context = Context(taxonomy, may_spend=lambda: settings.llm_daily_tokens != 0)
    names = [classifier] if compared is None else [classifier, compared]
    chosen = [choose_classifier(name, settings) for name in names]
    with told_when_stopped("Stopped; nothing was measured or written."):
        measured = measure(chosen, expected, context, misses)
    shown = _shown(names, measured)
    if measured.caution:
        Console(stderr=True, highlight=False).print(measured.caution, style="bold")
    if out is not None:
        _write(out, shown, measured)
    if as_json:
        sys.stdout.write(json.dumps(measured.figures) + "\n")
    else:
        Console(highlight=False).print(shown, show_misses(measured.misses))


def read_expected(file: Path, taxonomy: Taxonomy) -> Iterator[Expected]:
    """Yield what each line that is not blank expects. Raises InputError that names a line it cannot use, and why."""
    for number, line in enumerate(read_lines(str(file)), 1):
        if line.strip():
            yield _expected(line, f"{file.name}, line {number}", taxonomy)


def measure(chosen: Sequence[Classifier], expected: list[Expected], context: Context, misses: int) -> Measured:
    """Classify every text and compare; the persona baseline was counted from the training corpus alone."""
    answers = [_classify(each, expected, context) for each in chosen]
    commonest = {Theme(theme): Persona(persona) for theme, persona in load_commonest_personas().items()}
    reports = [evaluate(expected, answer, commonest) for answer in answers]
    learnt = count_learnt(expectation.text for expectation in expected)
    one = Measured(reports[0], worst_misses(expected, answers[0], misses), learnt=learnt)
    return one if len(answers) == 1 else replace(one, other=reports[1], differences=compare(expected, *answers))


def _classify(classifier: Classifier, expected: Sequence[Expected], context: Context) -> list[Classification]:
    texts = [expectation.text for expectation in expected]
    found: list[Classification] = []
    with bar(Console(stderr=True), f"Reading with {classifier.name}", len(texts), "texts") as advance:
        for start in range(0, len(texts), BATCH):
            read = classifier.classify(texts[start : start + BATCH], context)
            found += read
            advance(len(read))
    return found


def _expected(line: str, place: str, taxonomy: Taxonomy) -> Expected:
    try:
        return parse_expected(_read_json(line), taxonomy)
    except ValueError as error:
        message = f"{place} cannot be used; mend it or leave it out: {error}"
        raise InputError(message) from None


def _read_json(line: str) -> Any:  # noqa: ANN401 - as JSON has it
    try:
        return json.loads(line)
    except (ValueError, RecursionError):  # a number of 5,000 digits is no JSONDecodeError
        message = "it is no JSON that can be read"
        raise ValueError(message) from None


def _shown(names: Sequence[str], measured: Measured) -> Group:
    if measured.other is None:
        return show_report(measured.report)
    first, second = names if len(set(names)) == len(names) else (f"{names[0]} (1)", f"{names[1]} (2)")
    reports = [
        part
        for name, report in ((first, measured.report), (second, measured.other))
        for part in (f"\n{name}", show_report(report))
    ]
    return Group(*reports, show_differences(first, second, measured.differences))


def _write(folder: Path, shown: Group, measured: Measured) -> None:
    """Write what is shown, the figures, and each miss as a line of ``ballast classify`` with what was expected."""
    written = StringIO()
    Console(file=written, width=WIDE, highlight=False).print(*filter(None, (measured.caution, shown)))
    lines = [json.dumps(_miss_fields(miss), ensure_ascii=True) for miss in measured.misses]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.txt").write_text(written.getvalue(), encoding="utf-8")
        (folder / "figures.json").write_text(json.dumps(measured.figures, indent=2) + "\n", encoding="utf-8")
        write_own(folder / "misses.jsonl", "".join(f"{line}\n" for line in lines))
    except OSError as error:
        message = f"Nothing could be written to “{folder}” ({error.strerror}); name a folder that you may write to."
        raise InputError(message) from None


def _miss_fields(miss: Miss) -> dict[str, Any]:
    expected = miss.expected
    items = None if expected.passages is None else [_item_fields(expected.text, each) for each in expected.passages]
    themes = None if expected.themes is None else sorted(expected.themes)
    told = {"side": expected.side.value, "themes": themes, "items": items}
    return {**fields_of(expected.text, miss.found), "expected": told}


def _item_fields(text: str, passage: Passage) -> dict[str, Any]:
    start, end = passage.span
    quote = text[start:end]
    return {"quote": quote, "start": start, "end": end, "side": passage.side.value, "theme": passage.theme}

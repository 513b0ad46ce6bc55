"""Write the model card: what the model is for, what it was measured to do, and where it is weak. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from classifiers.evaluation import Report
from classifiers.model_file import Model
from classifiers.statistics import Rate, Score

_HEAD = """# The local model, {version}

Written by `make train` together with the weights; every number here was measured by that run.

## What it is
One linear layer over hashed word and character n-grams, with heads for side, theme and persona, and a small decision
fitted on held-out scores. It runs with numpy alone: no key, no network. Trained on the {texts} messages of
`classifiers/corpus`, most in English, about 4% in German, Spanish, French or Portuguese.

It is meant for product feedback shared in a team, to count which side is heard and to point to the words. It is not
meant to judge people, and a person's correction always wins. Taxonomy version {taxonomy_version}.

## How it was measured
Each file of the corpus was left out in turn: heads, decision, confidence and threshold were fitted on the other files.
How rare each n-gram is was counted over all files, without labels. An insight is right when its side and theme are and
its quote overlaps the expected one (intersection over union of characters at least 0.3). Intervals are 95% Wilson.
Corpus and model come from one project, so messages from elsewhere may do worse.
"""

_WEAK = """
## Known weaknesses
- N-grams know words, not meaning: a problem told in words that the corpus lacks is missed or given the nearest theme.
- Several problems in one message are often read as one, also when they are of both sides and the message is short.
- The quote is a sentence or clause as it stands; it is often longer than the shortest words that carry the label.
- Languages other than English are known from few examples; other scripts not at all.
- Irony, and bug words in messages about something else, mislead it.
"""


def write_card(overall: Report, files: Mapping[str, Report], model: Model) -> str:
    """Write the card in Markdown."""
    head = _HEAD.format(version=model.version, texts=overall.texts, taxonomy_version=model.taxonomy_version)
    parts = [head, _summary(overall, model), _file_table(files), _confusion(overall)]
    parts += [_score_table("Side", overall.side.sides)]
    if overall.theme:
        parts.append(_score_table("Theme", overall.theme.themes))
    return "\n".join([*parts, _WEAK.lstrip("\n")])


def _summary(report: Report, model: Model) -> str:
    side = report.side
    lines = [
        "## All files, each left out in turn",
        f"- side: accuracy {_rate(side.accuracy)}, macro-F1 {side.macro_f1:.3f}, kappa {side.kappa:.3f}",
    ]
    if report.persona and report.persona.baseline:
        accuracy, baseline = _rate(report.persona.accuracy), _rate(report.persona.baseline)
        lines.append(f"- persona: accuracy {accuracy}; always the commonest persona of the right theme: {baseline}")
    if report.theme:
        lines.append(f"- themes of a message: {_score(report.theme.micro)}, macro-F1 {report.theme.macro_f1:.3f}")
    if report.insight:
        lines.append(f"- insights, where quotes are labelled: {_score(report.insight.score)}")
        lines.append(f"- of these, the sure ones alone: {_score(report.insight.sure)}")
        lines.append(f"- calibration error of the confidence: {report.insight.calibration_error:.3f}")
    threshold = f"{model.decision.unsure_below:.3f}"
    lines.append(
        f"- an insight is *unsure* below a confidence of {threshold}; of those held out from there up, the side"
    )
    lines.append("  was right 9 times in 10 at least, and side, theme and quote together 6 times in 10 at least")
    return "\n".join([*lines, ""])


def _file_table(files: Mapping[str, Report]) -> str:
    rows = ["| file left out | side | persona | commonest persona | themes F1 | insights F1 |", "| --- " * 6 + "|"]
    for file, report in files.items():
        persona = report.persona
        figures = [
            f"{report.side.accuracy.value:.3f}",
            f"{persona.accuracy.value:.3f}" if persona else "–",
            f"{persona.baseline.value:.3f}" if persona and persona.baseline else "–",
            f"{report.theme.micro.f1:.3f}" if report.theme else "–",
            f"{report.insight.score.f1:.3f}" if report.insight else "–",
        ]
        rows.append(f"| {file} | {' | '.join(figures)} |")
    return "\n".join(["## File by file", *rows, ""])


def _confusion(report: Report) -> str:
    table = report.side.confusion
    rows = [f"| expected \\ found | {' | '.join(table)} |", "| --- " * (len(table) + 1) + "|"]
    rows += [f"| {expected} | {' | '.join(map(str, row.values()))} |" for expected, row in table.items()]
    return "\n".join(["## Sides confused", *rows, ""])


def _score_table(title: str, scores: Mapping[str, Score]) -> str:
    rows = [f"| {title.lower()} | precision | recall | F1 | expected |", "| --- " * 5 + "|"]
    rows += [
        f"| {label} | {one.precision:.3f} | {one.recall:.3f} | {one.f1:.3f} | {one.expected} |"
        for label, one in scores.items()
    ]
    return "\n".join([f"## {title} by {title.lower()}", *rows, ""])


def _rate(rate: Rate) -> str:
    return f"{rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f})"


def _score(score: Score) -> str:
    return f"precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"

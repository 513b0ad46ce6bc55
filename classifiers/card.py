"""Write the model card: what the model is for, what it was measured to do, and where it is weak. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from classifiers.corpus import REVIEWS
from classifiers.evaluation import InsightReport, PersonaReport, Report
from classifiers.groups import GROUPS, LeaveOut
from classifiers.model_file import Model
from classifiers.statistics import Score

_HEAD = """# The local model, {version}

Written by {written_by} together with the weights; how well it does was measured by that run.

## What it is
Two voices and a small decision over them. A sentence encoder (all-MiniLM-L6-v2, Apache-2.0, 22 million weights, stored
in eight bits each) was fine-tuned on this corpus with heads for side, theme and persona of the whole text and of each
token; a linear layer over hashed word and character n-grams scores the text as a whole. The decision turns what both
say into insights, each with its quote and its confidence; it was fitted on texts that neither voice had seen. It runs
with onnxruntime on one thread: no key, no network. Trained on the {texts} messages of `classifiers/corpus`, most in
English, about 4% in German, Spanish, French or Portuguese{reviews}.

It is meant for product feedback shared in a team, to count which side is heard and to point to the words. It is not
meant to judge people, and a person's correction always wins. Taxonomy version {taxonomy_version}.

## How it was measured
{left_out}
Decision, confidence and threshold were fitted on every file but the one that is measured. How rare each n-gram is was
counted over all files, without labels. The model that ships learnt from all files, so it has seen more than what was
measured here. An insight is right when its side and theme are and its quote overlaps the expected one (intersection
over union of characters at least 0.3). A persona is stated when the text names its role. Intervals are 95% Wilson.
The recipe's constants were chosen with slack_pastes, feature_boards and hard_cases held out, so their figures flatter a
little. Corpus and model come from one project, so messages from elsewhere may do worse.
"""

_LEFT_OUT = {
    LeaveOut.GROUPS: f"The files were dealt into {GROUPS} groups, and each was left out in turn: "
    "both voices learnt from the others.",
    LeaveOut.EACH: "Each file was left out in turn: both voices learnt from all the others.",
}

_REVIEWS = """
## Your own reviews
This model is yours alone: it learnt from {reviews} texts that your people judged{parted}.
They were held out together, so the figures below are of voices that had read none of them; the model that you use has
read them all. A persona that you added counts as unknown here: it is told by its name and description, not learnt. In
the tables they are the file `{file}`, and the figures of all files hold them too.
"""

_TITLE = {LeaveOut.GROUPS: "All files, each left out with its group", LeaveOut.EACH: "All files, each left out alone"}

_WEAK = """
## Known weaknesses
- Words of one theme in messages about another mislead it: see the file contrasts, of messages that differ in one label.
- Pastes with several problems lose some of them, mostly the shorter ones: see channel_pastes.
- Where two problems stand in one clause, the quotes of both are cut at commas and conjunctions, often a little off.
- The quote is a clause, a part of one or up to three of them; it is often longer than the shortest words that carry
  the label. Where a title and the complaint below it say the same, it may be either or both.
- Where the text names no role, the persona is told from the need alone, and is often a guess.
- A theme that only one file speaks of is hardly known where that file is left out, and told far too surely: see
  service_continuity.
- Languages other than English are known from few examples; other scripts hardly at all.
"""


def write_card(
    overall: Report,
    files: Mapping[str, Report],
    model: Model,
    leave_out: LeaveOut = LeaveOut.GROUPS,
    *,
    reviews: int = 0,
) -> str:
    """Write the card in Markdown; of a model that learnt from ``reviews`` texts of a team, also how it did on them."""
    own = files[REVIEWS] if reviews else None
    head = _HEAD.format(
        version=model.version,
        written_by="`ballast train --with-reviews`" if own else "`make train`",
        texts=overall.texts - (own.texts if own else 0),
        reviews=f", and on {reviews} texts that your people judged" if own else "",
        taxonomy_version=model.taxonomy_version,
        left_out=_LEFT_OUT[leave_out],
    )
    parts = [head]
    if own:
        parts.append(_own_part(own, reviews))
    parts += [_summary(overall, model, _TITLE[leave_out]), _file_table(files), _confusion(overall)]
    parts += [_score_table("Side", overall.side.sides)]
    if overall.theme:
        parts.append(_score_table("Theme", overall.theme.themes))
    if overall.persona:
        parts.append(_score_table("Persona", overall.persona.personas))
    return "\n".join([*parts, _WEAK.lstrip("\n")])


def _own_part(report: Report, reviews: int) -> str:
    parted = "" if report.texts == reviews else f", the long ones in windows: {report.texts} in all"
    said = _REVIEWS.format(reviews=reviews, parted=parted, file=REVIEWS).lstrip("\n")
    return "\n".join([f"{said}\n{_figures(report)}", ""])


def _summary(report: Report, model: Model, title: str) -> str:
    threshold = f"{model.decision.unsure_below:.3f}"
    lines = [
        f"## {title}",
        _figures(report),
        f"- an insight is *unsure* below a confidence of {threshold}: from there up, held out, F1 is best",
    ]
    return "\n".join([*lines, ""])


def _figures(report: Report) -> str:
    side = report.side
    lines = [f"- side: accuracy {side.accuracy}, macro-F1 {side.macro_f1:.3f}, kappa {side.kappa:.3f}"]
    if report.persona:
        lines += _persona_figures(report.persona)
    if report.theme:
        lines.append(f"- themes of a message: {report.theme.micro}, macro-F1 {report.theme.macro_f1:.3f}")
    if report.insight:
        lines += _insight_figures(report.insight)
    return "\n".join(lines)


def _persona_figures(persona: PersonaReport) -> Iterator[str]:
    if persona.baseline and persona.trivial:
        yield f"- persona: accuracy {persona.accuracy}"
        yield f"- always the commonest persona of the theme that was found, a trivial model: {persona.trivial}"
        yield f"- the same of the right theme, which nobody tells a classifier: {persona.baseline}"
    if persona.stated.total and persona.stated_baseline:
        yield f"- persona, where the text states it: accuracy {persona.stated}"
        yield f"- there, always the commonest persona of the right theme: {persona.stated_baseline}"


def _insight_figures(insight: InsightReport) -> Iterator[str]:
    yield f"- insights, where quotes are labelled: {insight.score}"
    yield f"- of these, the sure ones alone: {insight.sure}"
    yield f"- share of the sure ones whose side a problem of the text has: {insight.sure_sides}"
    yield f"- calibration error of the confidence: {insight.calibration_error:.3f}"


def _file_table(files: Mapping[str, Report]) -> str:
    rows = [
        "| file left out | side | persona | commonest persona | themes F1 | insights F1 | calibration error |",
        "| --- " * 7 + "|",
    ]
    for file, report in files.items():
        persona = report.persona
        figures = [
            f"{report.side.accuracy.value:.3f}",
            f"{persona.accuracy.value:.3f}" if persona else "–",
            f"{persona.baseline.value:.3f}" if persona and persona.baseline else "–",
            f"{report.theme.micro.f1:.3f}" if report.theme else "–",
            f"{report.insight.score.f1:.3f}" if report.insight else "–",
            f"{report.insight.calibration_error:.3f}" if report.insight else "–",
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

"""Put a model together from voices that were fitted with and without each file, and measure it. Knows no network."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from classifiers.card import write_card
from classifiers.corpus import REVIEWS, Message, check_corpus
from classifiers.errors import TaxonomyError
from classifiers.evaluation import Report, evaluate
from classifiers.expectation import expected_of
from classifiers.fitting import Held, classify_held, fit_decision
from classifiers.groups import LeaveOut
from classifiers.holding_out import Fit, Voices, hold_out
from classifiers.linear import Layout
from classifiers.model_file import Model, save_model
from classifiers.statistics import Rate, rate
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Classification, FeedbackSide, Persona, Theme
from classifiers.voicing import Frame

VERSION = "encoder-7"

FIGURES = "figures.json"
"""What the card tells, for programs: the reports that ``classifiers.evaluation`` makes, of all files and of each."""


@dataclass(frozen=True, slots=True)
class Training:
    """Hold a trained model and how it did on each file while that file was left out, alone or with others."""

    model: Model
    overall: Report
    files: dict[str, Report]
    leave_out: LeaveOut = LeaveOut.GROUPS
    reviews: int = 0
    """How many texts that a team's people judged are among what it learnt from."""


def train(messages: Sequence[Message], taxonomy: Taxonomy, fit: Fit, leave_out: LeaveOut = LeaveOut.GROUPS) -> Training:
    """Train on all messages, and measure with each group of files, or each file, left out in turn.

    Raises TaxonomyError for a corpus that breaks the codebook.
    """
    make_sure_of_corpus(messages, taxonomy)
    held = hold_out(messages, fit, leave_out)
    reviews = len({message.line for message in messages if message.file == REVIEWS})
    return replace(assemble(held, fit("all files"), taxonomy), leave_out=leave_out, reviews=reviews)


def make_sure_of_corpus(messages: Iterable[Message], taxonomy: Taxonomy) -> None:
    """Raise TaxonomyError for messages that break the codebook, with the first place."""
    defects = check_corpus(messages, taxonomy)
    if defects:
        message = f"the corpus breaks the codebook in {len(defects)} places, first {defects[0]}; mend it, then train"
        raise TaxonomyError(message)


def assemble(held: Sequence[Held], voices: Voices, taxonomy: Taxonomy) -> Training:
    """Fit the decision on held-out scores, measure it on files that it has not seen, and make the model."""
    messages = [each.message for each in held]
    layout = layout_of(taxonomy)
    frame = Frame(layout, {theme: entry.side for theme, entry in taxonomy.themes.items()})
    found = classify_held(held, frame, taxonomy)
    decision = fit_decision(held, frame, taxonomy)
    commonest = commonest_personas(messages)
    model = Model(VERSION, taxonomy.version, layout, commonest, voices.heads, voices.encoder, decision)
    files = _measure_files(messages, found)
    return Training(model, _measure_all(messages, found, files.values()), files)


def layout_of(taxonomy: Taxonomy) -> Layout:
    """Say which column stands for which label of a taxonomy."""
    return Layout(tuple(side.value for side in FeedbackSide), tuple(taxonomy.themes), tuple(taxonomy.personas))


def commonest_personas(messages: Sequence[Message]) -> dict[str, str]:
    """Return for each theme the persona that messages with that first theme most often have."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        if message.themes:
            counts[message.themes[0]][message.persona] += 1
    return {theme: min(counts[theme], key=lambda persona: (-counts[theme][persona], persona)) for theme in counts}


def write_training(training: Training, folder: Path) -> None:
    """Write model, card and figures, the network and its tokenizer copied from where the training left them.

    A model that learnt from a team's reviews says so in its name.
    """
    model = training.model
    if training.reviews:
        model = replace(model, version=f"{model.version} with {training.reviews} reviews")
    save_model(model, folder)
    card = write_card(training.overall, training.files, model, training.leave_out, reviews=training.reviews)
    (folder / "CARD.md").write_text(card, encoding="utf-8")
    figures = {
        "overall": asdict(training.overall),
        "files": {file: asdict(each) for file, each in training.files.items()},
    }
    (folder / FIGURES).write_text(json.dumps(figures) + "\n", encoding="utf-8")


def _measure_files(messages: Sequence[Message], found: Sequence[Classification]) -> dict[str, Report]:
    reports = {}
    for file in sorted({message.file for message in messages}):
        kept = [(m, f) for m, f in zip(messages, found, strict=True) if m.file == file]
        others = commonest_personas([message for message in messages if message.file != file])
        baseline = {Theme(theme): Persona(persona) for theme, persona in others.items()}
        reports[file] = evaluate([expected_of(m) for m, _ in kept], [f for _, f in kept], baseline)
    return reports


def _measure_all(messages: Sequence[Message], found: Sequence[Classification], files: Iterable[Report]) -> Report:
    """Measure all files together; the persona baselines are added up from the files, so that none counts on itself."""
    report = evaluate([expected_of(message) for message in messages], found, {})
    if report.persona is None:
        return report
    told = [each.persona for each in files if each.persona]
    baseline = _pooled(each.baseline for each in told)
    trivial = _pooled(each.trivial for each in told)
    stated = _pooled(each.stated_baseline for each in told)
    persona = replace(report.persona, baseline=baseline, trivial=trivial, stated_baseline=stated)
    return replace(report, persona=persona)


def _pooled(rates: Iterable[Rate | None]) -> Rate:
    counted = [each for each in rates if each]
    return rate(sum(each.right for each in counted), sum(each.total for each in counted))

"""Train the local model: ``python -m classifiers.train`` reproduces the shipped artefact and its card from the corpus.

Needs the ``train`` extra. The solver has no randomness, so the same corpus gives the same artefact on one machine.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifiers.card import write_card
from classifiers.corpus import Message, check_corpus, read_corpus
from classifiers.errors import TaxonomyError
from classifiers.evaluation import Report, evaluate
from classifiers.expectation import expected_of
from classifiers.fitting import classify_held, fit_decision
from classifiers.heads import Progress, Trainer, hold_out
from classifiers.linear import Layout
from classifiers.model_file import MODEL, Model, save_model
from classifiers.reading import Frame
from classifiers.statistics import rate
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import Classification, FeedbackSide, Persona, Theme

VERSION = "ngrams-1"


@dataclass(frozen=True, slots=True)
class Training:
    """Hold a trained model and how it did on each file while that file was left out."""

    model: Model
    overall: Report
    files: dict[str, Report]


def train(messages: Sequence[Message], taxonomy: Taxonomy, progress: Progress) -> Training:
    """Train on all messages, and measure with each file left out in turn.

    Raises TaxonomyError for a corpus that breaks the codebook.
    """
    defects = check_corpus(messages, taxonomy)
    if defects:
        message = f"the corpus breaks the codebook in {len(defects)} places, first {defects[0]}; mend it, then train"
        raise TaxonomyError(message)
    layout = Layout(tuple(side.value for side in FeedbackSide), tuple(taxonomy.themes), tuple(taxonomy.personas))
    frame = Frame(layout, {theme: entry.side for theme, entry in taxonomy.themes.items()})
    trainer = Trainer(messages, layout)
    held = hold_out(messages, trainer, progress)
    found = classify_held(held, frame, taxonomy)
    progress("measured with each file left out")
    decision = fit_decision(held, frame, taxonomy)
    commonest = commonest_personas(messages)
    model = Model(VERSION, taxonomy.version, layout, commonest, trainer.fit(), decision)
    progress("fitted the final heads on all files")
    files = _measure_files(messages, found)
    return Training(model, _measure_all(messages, found, files.values()), files)


def commonest_personas(messages: Sequence[Message]) -> dict[str, str]:
    """Return for each theme the persona that messages with that first theme most often have."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        if message.themes:
            counts[message.themes[0]][message.persona] += 1
    return {theme: min(counts[theme], key=lambda persona: (-counts[theme][persona], persona)) for theme in counts}


def write_training(training: Training, folder: Path = MODEL, *, reviews: int = 0) -> None:
    """Write model and card; one that learnt from a team's reviews says so in its name."""
    model = training.model
    if reviews:
        model = replace(model, version=f"{model.version} with {reviews} reviews")
    save_model(model, folder)
    card = write_card(training.overall, training.files, model)
    (folder / "CARD.md").write_text(card, encoding="utf-8")


def main() -> None:
    """Train on the project's corpus and write model and card."""
    write_training(train(read_corpus(), load_taxonomy(), _tell))


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _measure_files(messages: Sequence[Message], found: Sequence[Classification]) -> dict[str, Report]:
    reports = {}
    for file in sorted({message.file for message in messages}):
        kept = [(m, f) for m, f in zip(messages, found, strict=True) if m.file == file]
        others = commonest_personas([message for message in messages if message.file != file])
        baseline = {Theme(theme): Persona(persona) for theme, persona in others.items()}
        reports[file] = evaluate([expected_of(m) for m, _ in kept], [f for _, f in kept], baseline)
    return reports


def _measure_all(messages: Sequence[Message], found: Sequence[Classification], files: Iterable[Report]) -> Report:
    """Measure all files together; the persona baseline is added up from the files, so that none counts on itself."""
    report = evaluate([expected_of(message) for message in messages], found, {})
    baselines = [each.persona.baseline for each in files if each.persona and each.persona.baseline]
    if report.persona is None:
        return report
    pooled = rate(sum(each.right for each in baselines), sum(each.total for each in baselines))
    return replace(report, persona=replace(report.persona, baseline=pooled))


if __name__ == "__main__":
    main()

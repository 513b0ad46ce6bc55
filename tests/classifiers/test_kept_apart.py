"""The model that ships, judged by messages that were written after it was trained."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from classifiers.corpus import Message, check_corpus, read_corpus, read_corpus_file
from classifiers.evaluation import evaluate
from classifiers.expectation import expected_of
from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy

FOLDER = Path(__file__).parent / "kept_apart"
RUN = 10
"""Words in a row that two people hardly write both."""


@pytest.mark.parametrize(
    ("file", "side", "persona", "insight"), [("requests", 0.85, 0.70, 0.60), ("pastes", 0.84, 0.70, 0.60)]
)
def test_the_model_that_ships_is_as_good_as_was_asked_on_what_it_has_never_read(
    file: str, side: float, persona: float, insight: float
) -> None:
    messages = read_corpus_file(FOLDER / f"{file}.jsonl")
    found = LocalClassifier.load().classify([message.text for message in messages], Context(load_taxonomy()))
    report = evaluate([expected_of(message) for message in messages], found, {})
    assert report.persona is not None
    assert report.insight is not None
    assert report.side.accuracy.value >= side
    assert report.persona.accuracy.value >= persona
    assert report.insight.score.f1 >= insight


def test_what_is_kept_apart_keeps_to_the_codebook_and_shares_no_words_with_what_is_taught() -> None:
    apart = [message for file in ("requests", "pastes") for message in read_corpus_file(FOLDER / f"{file}.jsonl")]
    assert check_corpus(apart, load_taxonomy()) == []
    taught = {run for message in read_corpus() for run in runs(message)}
    assert [message.text for message in apart if taught & {*runs(message)}] == []


def runs(message: Message) -> Iterator[Sequence[str]]:
    words = message.text.casefold().split()
    return (tuple(words[first : first + RUN]) for first in range(len(words) - RUN + 1))

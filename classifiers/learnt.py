"""Tell which texts the shipped model has learnt from: how it does on them says nothing of how it does on others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from classifiers.corpus import CORPUS, read_corpus


def count_learnt(texts: Iterable[str], corpus: Path = CORPUS) -> int | None:
    """Count the texts that stand in the corpus, whatever their blanks and case; None where there is no corpus.

    A checkout of the project has it, an installed package has not. Raises TaxonomyError for a line it cannot read.
    """
    if not any(corpus.glob("*.jsonl")):
        return None
    learnt = {_plain(message.text) for message in read_corpus(corpus)}
    return sum(_plain(text) in learnt for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
